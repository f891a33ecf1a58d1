//! Bearer: RFC 6750.

use bytes::Bytes;
use countersign_bearer::Bearer;
use countersign_core::Any;
use http::Request;
use wiremock::matchers::{bearer_token, body_string, header, query_param};

use crate::{get, refusal, server, statuses};

const TOKEN: &str = "mF_9.B5f-4.1JqM";

fn bearer() -> Bearer {
    Bearer::new(TOKEN).unwrap()
}

#[tokio::test]
async fn in_the_header() {
    let right = server(bearer_token(TOKEN), refusal()).await;
    assert_eq!(
        statuses(&right, || Any::new(bearer()), get("/")).await,
        [(200, 1); 3]
    );
    let wrong = || Any::new(Bearer::new("other").unwrap());
    assert_eq!(statuses(&right, wrong, get("/")).await, [(401, 1); 3]);
}

#[tokio::test]
async fn under_another_prefix() {
    let right = server(header("authorization", "Token mF_9.B5f-4.1JqM"), refusal()).await;
    assert_eq!(
        statuses(
            &right,
            || Any::new(bearer().prefix("Token").unwrap()),
            get("/")
        )
        .await,
        [(200, 1); 3]
    );
}

#[tokio::test]
async fn in_the_query() {
    let right = server(query_param("access_token", TOKEN), refusal()).await;
    assert_eq!(
        statuses(&right, || Any::new(bearer().in_query()), get("/?a=b")).await,
        [(200, 1); 3]
    );
}

#[tokio::test]
async fn in_a_form() {
    let right = server(body_string("a=b&access_token=mF_9.B5f-4.1JqM"), refusal()).await;
    let form = |uri: String| {
        let request =
            Request::post(uri).header("content-type", "application/x-www-form-urlencoded");
        request.body(Bytes::from_static(b"a=b")).unwrap()
    };
    assert_eq!(
        statuses(&right, || Any::new(bearer().in_form()), form).await,
        [(200, 1); 3]
    );
}
