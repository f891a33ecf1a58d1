//! What would be sent, without sending it.

use serde_json::{Value, json};

use super::{Files, auth, collection, get};
use crate::support::{RawServer, decoded, header};

fn with(name: &str, url: &str, auth: Value) -> Value {
    let mut request = get(name, url);
    request["request"]["auth"] = auth;
    request
}

#[test]
fn what_can_be_signed_is_shown_and_the_rest_is_named() {
    let server = RawServer::start(&[]);
    let url = server.url("/");
    let login = json!({"username": "Mufasa", "password": "hakuna-matata"});
    let token = json!({
        "grant_type": "client_credentials", "accessTokenUrl": server.url("/token"), "clientId": "c", "clientSecret": "s3cret-s3cret"
    });
    let mut signed = with("signed", &url, auth("basic", &login));
    signed["request"]["method"] = "POST".into();
    signed["request"]["body"] =
        json!({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1 2"}]});
    let items = [
        signed,
        with("asked", &url, auth("digest", &login)),
        with("token", &url, auth("oauth2", &token)),
        with("none", &url, auth("noauth", &json!([]))),
    ];
    let files = Files::with(&collection(&items, &json!({})));
    let run = files.run(&["--offline"]);
    let text = run.text();
    for part in [
        "POST / HTTP/1.1\n",
        "authorization: Basic [redacted]\n",
        "\n\na=1%202\n",
        "not signed: asked needs a challenge of the server first",
        "--offline sends nothing, so no token can be had",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!run.printed().contains("hakuna") && !run.printed().contains("s3cret"));
    let (code, report) = files.report(&["--offline"]);
    assert_eq!(code, run.code);
    let requests = &report["requests"];
    assert_eq!(requests[0]["needs_challenge"], false);
    assert_eq!(requests[1]["needs_challenge"], true);
    assert_eq!(requests[3]["needs_challenge"], false);
    assert_eq!(
        header(&requests[0]["request"], "authorization"),
        ["Basic [redacted]"]
    );
    assert_eq!(decoded(&requests[0]["request"]["body"]), b"a=1%202");
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn secrets_are_shown_where_that_is_asked_for() {
    let one = with(
        "one",
        "http://127.0.0.1:1/",
        auth("bearer", &json!({"token": "t0k3n"})),
    );
    let files = Files::with(&collection(&[one], &json!({})));
    assert!(
        files
            .run(&["--offline", "--raw"])
            .text()
            .contains("authorization: Bearer t0k3n\n")
    );
}

#[test]
fn what_the_scheme_and_the_jar_did_is_said() {
    let mut one = with(
        "one",
        "http://127.0.0.1:1/",
        auth("bearer", &json!({"token": "t0k3n"})),
    );
    one["request"]["header"] = json!([{"key": "Authorization", "value": "mine"}]);
    let files = Files::with(&collection(&[one], &json!({})));
    let jar = files.write("jar.txt", "127.0.0.1\tFALSE\t/\tFALSE\t0\tid\tc00kie\n");
    let text = files.run(&["--offline", "--cookie-jar", &jar]).text();
    for part in [
        "note: the scheme put its own authorization in place of the request's\n",
        "note: the jar put its cookies into cookie\n",
        "cookie: id=[redacted]\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
