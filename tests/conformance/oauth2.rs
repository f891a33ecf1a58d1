//! OAuth 2.0: the client credentials grant of RFC 6749, section 4.4, whose requests and answer are printed there. The token
//! endpoint is on the same server.

use bytes::Bytes;
use countersign_core::{Any, ErrorKind};
use countersign_oauth2::OAuth2;
use http::Request;
use wiremock::ResponseTemplate;

use crate::entry::{Entry, ok, post, refusal};

const SECRETS: [&str; 2] = ["gX1fBat3bV", "gX1fBat3bW"];

fn entry(name: &'static str) -> Entry {
    let request = post("http://api.test/?a=b", "text/plain", "body");
    Entry::new(name, SECRETS, request, |secret, fetch| {
        let endpoint = "http://server.example.com/token";
        let builder = OAuth2::client_credentials(endpoint, "s6BhdRkqt3", secret);
        Any::new(builder.allow_cleartext(true).build(fetch).unwrap())
    })
}

fn asks() -> Request<Bytes> {
    let mut request = post(
        "http://server.example.com/token",
        "application/x-www-form-urlencoded",
        "grant_type=client_credentials",
    );
    let fields = request.headers_mut();
    let client = "Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW";
    fields.insert("authorization", client.parse().unwrap());
    request
}

fn gives(token: &str) -> ResponseTemplate {
    ok().set_body_raw(
        format!(r#"{{"access_token":"{token}","token_type":"example","expires_in":3600}}"#),
        "application/json",
    )
}

fn uses(entry: Entry, token: &str, answer: ResponseTemplate) -> Entry {
    entry.leg(&[("authorization", &format!("Bearer {token}"))], answer)
}

pub(crate) fn entries() -> Vec<Entry> {
    let token = "2YotnFZFEjr1zCsicMWpAA";
    let fetched = entry("a token is fetched").exactly(asks(), gives(token));
    let refused = entry("a refused token is renewed").exactly(asks(), gives("stale"));
    let refused = uses(refused, "stale", refusal()).exactly(asks(), gives(token));
    let denial = ResponseTemplate::new(400)
        .set_body_raw(r#"{"error":"invalid_client"}"#, "application/json");
    vec![
        uses(fetched, token, ok()),
        uses(refused, token, ok()),
        entry("a refused client is told")
            .exactly(asks(), denial)
            .ends(Err(ErrorKind::Fetch)),
    ]
}
