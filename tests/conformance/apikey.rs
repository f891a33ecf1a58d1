//! API keys: what goes where is all there is to specify.

use countersign_apikey::ApiKey;
use countersign_core::Any;

use crate::entry::{Entry, get, ok, post};

const KEYS: [&str; 2] = ["k=y&+ 1", "k=y&+ 2"];

pub(crate) fn entries() -> Vec<Entry> {
    let request = post("http://a.test/?a=b", "text/plain", "body");
    vec![
        Entry::new("in a header", KEYS, request.clone(), |key, _| {
            Any::new(ApiKey::header("X-Api-Key", key).unwrap())
        })
        .accepted("x-api-key", KEYS[0]),
        Entry::new("in the query", KEYS, request, |key, _| {
            Any::new(ApiKey::query("api key", key).unwrap())
        })
        .accepted_at("/?a=b&api%20key=k%3Dy%26%2B%201"),
        Entry::new(
            "in a cookie",
            ["s3cret", "other"],
            get("http://a.test/"),
            |key, _| Any::new(ApiKey::cookie("key", key).unwrap()),
        )
        .accepted("cookie", "key=s3cret"),
        Entry::new(
            "several at once",
            ["1", "2"],
            get("http://a.test/"),
            |key, _| {
                let keys = ApiKey::header("x-one", key).unwrap();
                Any::new(keys.and(ApiKey::header("x-two", "2").unwrap()).unwrap())
            },
        )
        .leg(&[("x-one", "1"), ("x-two", "2")], ok()),
    ]
}
