//! The same loop, towards a proxy.

use countersign_core::{ErrorKind, Settings, Target};
use http::HeaderValue;

use crate::support::*;

#[tokio::test]
async fn a_proxy_is_answered_in_its_own_fields() {
    let mut refusal = answer(407);
    refusal
        .headers_mut()
        .insert("proxy-authenticate", HeaderValue::from_static("Word"));
    let script = Script::new([refusal, answer(200)]);
    let mut request = get("http://a.test/");
    request
        .headers_mut()
        .insert("authorization", HeaderValue::from_static("the origin's"));
    let settings = Settings::default().target(Target::Proxy);
    drive(Acting(again(1)), settings, request, &script)
        .await
        .unwrap();
    for leg in script.sent() {
        assert_eq!(leg.headers["proxy-authorization"], "word");
        assert_eq!(leg.headers["authorization"], "the origin's");
    }
}

#[tokio::test]
async fn a_proxys_credentials_never_go_through_its_tunnel() {
    for uri in ["https://a.test/", "/relative"] {
        let script = Script::new([answer(200)]);
        let settings = Settings::default().target(Target::Proxy);
        let driven = drive(Acting(Acts::default()), settings, get(uri), &script).await;
        assert_eq!(kind(driven), ErrorKind::Unsupported);
        assert!(script.sent().is_empty());
    }
}
