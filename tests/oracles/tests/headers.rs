//! Basic and Bearer beside http-auth, reqwest and tower-http.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::LazyLock;

use countersign_basic::Basic;
use countersign_bearer::Bearer;
use countersign_core::{Payload, Sign};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use proptest::prelude::*;
use reqwest::RequestBuilder;

static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

fn ours(scheme: &impl Sign) -> HeaderValue {
    let request = Request::get("https://a.test/").body(()).unwrap();
    let (mut head, ()) = request.into_parts();
    scheme.sign(&mut head, &mut Payload::default()).unwrap();
    head.headers.remove(AUTHORIZATION).unwrap()
}

fn of_reqwest(change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> HeaderValue {
    let request = change(CLIENT.get("https://a.test/")).build().unwrap();
    request.headers()[AUTHORIZATION].clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    /// Without a colon in the name and without control characters: neither peer refuses them, and RFC 7617, section 2,
    /// does.
    #[test]
    fn basic(username in "[^:\\p{Cc}]{0,40}", password in "[^\\p{Cc}]{0,40}") {
        let ours = ours(&Basic::new(&username, &password).unwrap());
        prop_assert_eq!(&ours, &http_auth::basic::encode_credentials(&username, &password));
        prop_assert_eq!(&ours, &of_reqwest(|request| request.basic_auth(&username, Some(&password))));
    }

    /// Of the characters of a token68 only: reqwest takes any that fit into a header, where RFC 6750, section 2.1, has
    /// these.
    #[test]
    fn bearer(token in "[A-Za-z0-9._~+/-]{1,200}={0,2}") {
        let ours = ours(&Bearer::new(token.as_str()).unwrap());
        prop_assert_eq!(&ours, &of_reqwest(|request| request.bearer_auth(&token)));
    }
}
