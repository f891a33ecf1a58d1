//! OAuth 1.0: the examples of RFC 5849, section 3.4.1.1, and of OAuth Core 1.0a, appendix A.5.

use countersign_core::Any;
use countersign_oauth1::{Credentials, OAuth1, OAuth1Builder, Placement};

use crate::entry::{Entry, get, ok, post};

const FORM: &str = "application/x-www-form-urlencoded";
const PHOTOS: &str = "http://photos.example.net/photos?file=vacation.jpg&size=original";

fn request(secret: &str) -> OAuth1Builder {
    let credentials = Credentials::new("9djdj82h48djs9d2", secret).unwrap();
    let credentials = credentials.token("kkk9d7dh3k39sjv7", "dh893hdasih9");
    let builder = OAuth1::builder(credentials.unwrap()).version(false);
    builder.timestamp(137_131_201).nonce("7d8f3e4a")
}

fn photos(secret: &str) -> OAuth1Builder {
    let credentials = Credentials::new("dpf43f3p2l4k3l03", secret).unwrap();
    let credentials = credentials.token("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let builder = OAuth1::builder(credentials.unwrap()).version(true);
    builder.timestamp(1_191_242_096).nonce("kllo9940pd9333jh")
}

pub(crate) fn entries() -> Vec<Entry> {
    let uri = "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
    let bare = post(uri, FORM, "c2&a3=2+q");
    let in_form = post(uri, FORM, format!("c2&a3=2+q&{IN_FORM}"));
    let [j49, kd94] = [["j49sk3j29djd", "other"], ["kd94hf93k423kf44", "other"]];
    vec![
        Entry::new("over a form", j49, bare.clone(), |secret, _| {
            Any::new(request(secret).realm("Example").build().unwrap())
        })
        .accepted("authorization", OVER_FORM),
        Entry::new("in a form", j49, bare, |secret, _| {
            let builder = request(secret).placement(Placement::Form);
            Any::new(builder.build().unwrap())
        })
        .exactly(in_form, ok()),
        Entry::new("in the header", kd94, get(PHOTOS), |secret, _| {
            let builder = photos(secret).realm("http://photos.example.net/");
            Any::new(builder.build().unwrap())
        })
        .accepted("authorization", IN_HEADER),
        Entry::new("in the query", kd94, get(PHOTOS), |secret, _| {
            let builder = photos(secret).placement(Placement::Query);
            Any::new(builder.build().unwrap())
        })
        .accepted_at(IN_QUERY),
    ]
}

const OVER_FORM: &str = "OAuth realm=\"Example\", oauth_consumer_key=\"9djdj82h48djs9d2\", \
    oauth_token=\"kkk9d7dh3k39sjv7\", oauth_signature_method=\"HMAC-SHA1\", \
    oauth_timestamp=\"137131201\", oauth_nonce=\"7d8f3e4a\", \
    oauth_signature=\"r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D\"";
const IN_FORM: &str = "oauth_consumer_key=9djdj82h48djs9d2&oauth_token=kkk9d7dh3k39sjv7\
    &oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_nonce=7d8f3e4a\
    &oauth_signature=r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D";
const IN_HEADER: &str = "OAuth realm=\"http://photos.example.net/\", \
    oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch734d00sl2jdk\", \
    oauth_signature_method=\"HMAC-SHA1\", oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\", \
    oauth_timestamp=\"1191242096\", oauth_nonce=\"kllo9940pd9333jh\", oauth_version=\"1.0\"";
const IN_QUERY: &str = "/photos?file=vacation.jpg&size=original\
    &oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=nnch734d00sl2jdk\
    &oauth_signature_method=HMAC-SHA1&oauth_timestamp=1191242096&oauth_nonce=kllo9940pd9333jh\
    &oauth_version=1.0&oauth_signature=tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D";
