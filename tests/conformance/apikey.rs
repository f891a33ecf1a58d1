//! API keys in a header, the query and a cookie.

use countersign_apikey::ApiKey;
use countersign_core::Any;
use wiremock::matchers::{header, query_param};

use crate::{get, refusal, server, statuses};

const KEY: &str = "k=y&+ 1";

#[tokio::test]
async fn in_a_header() {
    let right = server(header("x-api-key", KEY), refusal()).await;
    let key = || Any::new(ApiKey::header("X-Api-Key", KEY).unwrap());
    assert_eq!(statuses(&right, key, get("/")).await, [(200, 1); 3]);
    let wrong = || Any::new(ApiKey::header("X-Api-Key", "other").unwrap());
    assert_eq!(statuses(&right, wrong, get("/")).await, [(401, 1); 3]);
}

#[tokio::test]
async fn in_the_query() {
    let right = server(query_param("api key", KEY), refusal()).await;
    let key = || Any::new(ApiKey::query("api key", KEY).unwrap());
    assert_eq!(statuses(&right, key, get("/?a=b")).await, [(200, 1); 3]);
}

#[tokio::test]
async fn in_a_cookie() {
    let right = server(header("cookie", "key=s3cret"), refusal()).await;
    let key = || Any::new(ApiKey::cookie("key", "s3cret").unwrap());
    assert_eq!(statuses(&right, key, get("/")).await, [(200, 1); 3]);
}

#[tokio::test]
async fn several_at_once() {
    let both = |request: &wiremock::Request| {
        request.headers.get("x-one").is_some_and(|one| one == "1")
            && request.url.query() == Some("two=2")
    };
    let right = server(both, refusal()).await;
    let keys = || {
        Any::new(
            ApiKey::header("x-one", "1")
                .unwrap()
                .and(ApiKey::query("two", "2").unwrap())
                .unwrap(),
        )
    };
    assert_eq!(statuses(&right, keys, get("/")).await, [(200, 1); 3]);
}
