//! A run through a proxy, by the arguments of `send`.

use serde_json::json;

use super::{Files, auth, collection, get};
use crate::support::RawServer;

#[test]
fn the_proxy_has_its_credentials_and_the_origin_its_own() {
    let proxy = RawServer::start(&[
        "200 OK",
        "407 Proxy Authentication Required\nProxy-Authenticate: Digest",
    ]);
    let basic = auth(
        "basic",
        &json!({"username": "u", "password": "of-the-origin"}),
    );
    let items = ["first", "second"].map(|name| get(name, "http://127.0.0.1:1/path"));
    let files = Files::with(&collection(&items, &json!({"auth": basic})));
    let url = proxy.url("");
    let run = files.run(&[
        "--proxy",
        &url,
        "--proxy-auth",
        "basic",
        "--proxy-set",
        "username=p",
        "--proxy-set",
        "password=of-the-proxy",
    ]);
    assert_eq!(run.code, 4, "{}", run.printed());
    assert!(
        run.text()
            .contains("likely cause: the answer, 407, is that of a proxy, which asks for Digest"),
        "{}",
        run.text()
    );
    for request in proxy.requests() {
        assert!(
            request.starts_with("GET http://127.0.0.1:1/path HTTP/1.1\r\n"),
            "{request}"
        );
        assert_eq!(
            request
                .matches("\r\nauthorization: Basic dTpvZi10aGUtb3JpZ2lu\r\n")
                .count(),
            1,
            "{request}"
        );
        assert_eq!(
            request
                .matches("\r\nproxy-authorization: Basic cDpvZi10aGUtcHJveHk=\r\n")
                .count(),
            1,
            "{request}"
        );
    }
    assert!(!run.printed().contains("of-the-proxy"));
}

#[test]
fn one_that_cannot_be_used_is_told_before_anything_is_sent() {
    let files = Files::with(&collection(
        &[get("one", "http://127.0.0.1:1/")],
        &json!({}),
    ));
    let run = files.run(&["--proxy", "ftp://127.0.0.1:1"]);
    assert_eq!((run.code, run.stdout.len()), (2, 0), "{}", run.printed());
}
