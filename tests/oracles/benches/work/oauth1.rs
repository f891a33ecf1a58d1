//! OAuth 1.0a, HMAC-SHA1: a GET with ten parameters in its query.
//!
//! The peer wants the parameters apart from the URL, so it is measured twice: with those of the request, as ours has
//! them, and with a list that was made and sorted beforehand.

use countersign_core::{Payload, Sign};
use countersign_oauth1::{Credentials, OAuth1};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, request};
use oauth1_request::{HMAC_SHA1, ParameterList, Token};

use super::{Work, limit};

const ENDPOINT: &str = "https://photos.example.net/photos";
const CONSUMER: (&str, &str) = ("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
const TOKEN: (&str, &str) = ("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");

pub(crate) fn work() -> Work {
    let explained = client().explain(&head(), &Payload::default()).unwrap();
    Work::new(
        "OAuth 1.0a HMAC-SHA1, 10 parameters",
        limit::hmac_sha1(explained.base_string.len()),
    )
    .with("countersign", countersign())
    .with("oauth1-request", of_the_request())
    .with("oauth1-request, sorted beforehand", sorted_beforehand())
}

fn pairs() -> Vec<(String, String)> {
    (0..10)
        .map(|n| (format!("key{n}"), format!("value{n}")))
        .collect()
}

fn head() -> request::Parts {
    let pairs: Vec<_> = pairs()
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::get(format!("{ENDPOINT}?{}", pairs.join("&")));
    let mut head = request.body(()).unwrap().into_parts().0;
    head.headers.reserve(8);
    head
}

fn client() -> OAuth1 {
    let credentials = Credentials::new(CONSUMER.0, CONSUMER.1).unwrap();
    OAuth1::new(credentials.token(TOKEN.0, TOKEN.1).unwrap()).unwrap()
}

fn countersign() -> impl FnMut() {
    let (client, mut head) = (client(), head());
    move || {
        client.sign(&mut head, &mut Payload::default()).unwrap();
        head.headers.remove(AUTHORIZATION);
    }
}

fn token() -> Token<&'static str> {
    Token::from_parts(CONSUMER.0, CONSUMER.1, TOKEN.0, TOKEN.1)
}

fn put(line: String, headers: &mut HeaderMap) {
    headers.insert(AUTHORIZATION, HeaderValue::try_from(line).unwrap());
    headers.remove(AUTHORIZATION);
}

fn of_the_request() -> impl FnMut() {
    let (token, mut head) = (token(), head());
    move || {
        let uri = head.uri.to_string();
        let (endpoint, query) = uri.split_once('?').unwrap();
        let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let line = oauth1_request::get(endpoint, &ParameterList::new(pairs), &token, HMAC_SHA1);
        put(line, &mut head.headers);
    }
}

fn sorted_beforehand() -> impl FnMut() {
    let (token, mut head, list) = (token(), head(), ParameterList::new(pairs()));
    move || {
        let line = oauth1_request::get(ENDPOINT, &list, &token, HMAC_SHA1);
        put(line, &mut head.headers);
    }
}
