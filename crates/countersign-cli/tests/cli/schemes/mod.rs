//! Hawk, EdgeGrid, OAuth 1.0a, JWT and ASAP, from `send` to `serve`.

mod cases;
mod remote;

use std::time::Duration;

use countersign::hawk::{Algorithm, Credentials, Hawk};
use serde_json::{Value, json};

use crate::support::{Run, Serve, decoded, send, set};
use cases::{Case, Keys, call, case, keyed, pair, rsa, serve, shared};

fn seen(run: &Run) -> Value {
    let json = run.json();
    let last = json["legs"].as_array().unwrap().last().unwrap();
    serde_json::from_slice(&decoded(&last["response"]["body"])).unwrap()
}

#[test]
fn the_server_takes_what_the_client_signs_and_no_other_secret() {
    for case in shared().into_iter().chain(keyed()) {
        let serve = serve(&case, &["--allow-weak-key"]);
        let url = serve.url("/a%20b//c?x=%7e&b=2&a=1+2&a");
        let request = [
            "POST",
            &url,
            "--json",
            "-d",
            "hello",
            "-H",
            "x-a:  b   c",
            "--allow-weak-key",
        ];
        let (scheme, sets) = (case.scheme, &case.client);
        let run = call(&case, &request);
        assert_eq!(run.code, 0, "{scheme} {sets:?} {}", run.printed());
        let seen = seen(&run);
        let found = (&seen["scheme"], &seen["principal"]);
        assert_eq!(found, (&scheme.into(), &case.principal.into()), "{sets:?}");

        let mut stranger = Case {
            client: case.client.clone(),
            server: Vec::new(),
            wrong: String::new(),
            ..case
        };
        stranger.client.push(case.wrong);
        let run = call(&stranger, &request);
        assert_eq!(
            (run.code, &run.json()["status"]),
            (4, &401.into()),
            "{scheme} {}",
            run.printed()
        );
    }
}

#[test]
fn forms_are_signed_where_they_go() {
    for more in ["addParamsToHeader=true", "addParamsToHeader=false"] {
        let case = case("oauth1", &[more]);
        let serve = serve(&case, &[]);
        for method in ["POST", "PATCH", "DELETE"] {
            let run = call(
                &case,
                &[
                    method,
                    &serve.url("/"),
                    "--json",
                    "--form",
                    "a=1 2",
                    "--form",
                    "a=",
                ],
            );
            assert_eq!(run.code, 0, "{more} {method} {}", run.printed());
        }
    }
}

#[test]
fn a_nonce_is_taken_once() {
    let jti = r#"claims={"jti": "one"}"#;
    let asap = [
        "alg=ES256",
        "kid=svc/k",
        "iss=svc",
        "aud=api",
        "sub=me",
        jti,
    ];
    let key = || Keys::set("privateKey", "ours.pem");
    let table = [
        case("hawk", &["nonce=j4h3g2"]),
        case("edgegrid", &["nonce=j4h3g2"]),
        case("oauth1", &["nonce=j4h3g2"]),
        pair("asap", &asap, key(), key(), String::new()),
    ];
    let at = ["--at", "1700000000"];
    for case in table {
        let serve = serve(&case, &at);
        let url = serve.url("/");
        let codes = [(); 2].map(|()| call(&case, &["GET", &url, "--at", at[1]]).code);
        assert_eq!(codes, [0, 4], "{}", case.scheme);
        let late = call(&case, &["GET", &url, "--at", "1700005000"]);
        assert_eq!(late.code, 4, "{} {}", case.scheme, late.printed());
    }
}

#[test]
fn over_tls_the_server_signs_https() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = [
        "--tls-cert",
        certificate.as_str(),
        "--tls-key",
        key.as_str(),
    ];
    let plaintext = ["signatureMethod=PLAINTEXT", "token=t", "tokenSecret=ts"];
    for case in [
        case("hawk", &[]),
        case("edgegrid", &[]),
        case("oauth1", &[]),
        case("oauth1", &plaintext),
    ] {
        let serve = serve(&case, &tls);
        let url = serve.url("/a?b=c");
        for more in [&[][..], &["--http1.1"]] {
            let request = [&["GET", &url, "--cacert", certificate.as_str()], more].concat();
            let run = call(&case, &request);
            assert_eq!(run.code, 0, "{} {}", case.scheme, run.printed());
        }
    }
}

#[test]
fn hawk_proves_answers_and_takes_bewits_if_told() {
    let grants = case("hawk", &["allowBewit=true"]);
    let (strict, open) = (serve(&case("hawk", &[]), &[]), serve(&grants, &[]));
    let run = call(&case("hawk", &[]), &["GET", &strict.url("/")]);
    assert!(
        run.stderr
            .contains("< server-authorization: Hawk mac=[redacted]"),
        "{}",
        run.stderr
    );
    let bewit = |serve: &Serve| {
        let credentials = Credentials::new("me", "secret", Algorithm::Sha256).unwrap();
        let uri = serve.url("/a?b=c").parse().unwrap();
        let granted = Hawk::new(credentials)
            .bewit(&uri, Duration::from_secs(60))
            .unwrap();
        send(&["GET", &granted.to_string()])
    };
    let run = bewit(&open);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(
        run.stderr.contains("/a?b=c&bewit=[redacted]"),
        "{}",
        run.stderr
    );
    assert_eq!(bewit(&strict).code, 4);
}

#[test]
fn a_bewit_takes_the_place_of_the_header() {
    let serve = serve(&case("hawk", &["allowBewit=true"]), &[]);
    let granting = case("hawk", &["bewit=true"]);
    let run = call(&granting, &["GET", &serve.url("/a?b=c")]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(
        run.stderr.contains("/a?b=c&bewit=[redacted]"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("> authorization"), "{}", run.stderr);
    let late = case("hawk", &["bewit=true", "ttl=1"]);
    let run = call(&late, &["GET", &serve.url("/"), "--at", "1700000000"]);
    assert_eq!(run.code, 4, "{}", run.printed());
    let run = call(&granting, &["POST", &serve.url("/")]);
    assert_eq!(run.code, 3, "{}", run.printed());
    assert!(run.stderr.contains("GET and HEAD alone"), "{}", run.stderr);
}

#[test]
fn a_hawk_server_that_proves_nothing_is_refused_if_told() {
    let proving = case("hawk", &["requireProof=body"]);
    let serve = serve(&case("hawk", &[]), &[]);
    assert_eq!(call(&proving, &["GET", &serve.url("/")]).code, 0);
    let silent = crate::support::RawServer::start(&["200 OK\n\nhello"]);
    let run = call(&proving, &["GET", &silent.url("/")]);
    assert_eq!(run.code, 3, "{}", run.printed());
    assert_eq!(silent.requests().len(), 1);
}

#[test]
fn a_clock_that_is_off_is_told_and_followed_once() {
    let case = case("hawk", &[]);
    let serve = serve(&case, &["--at", "1700000000"]);
    let run = call(
        &case,
        &["GET", &serve.url("/"), "--json", "--at", "1700003600"],
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(run.json()["legs"].as_array().unwrap().len(), 2);
    assert!(
        run.text().contains("tsm=\\\"[redacted]\\\""),
        "{}",
        run.text()
    );
}

#[test]
fn keys_of_the_wrong_side_are_told() {
    let refused = |run: Run, word: &str| {
        assert_eq!(run.code, 2, "{}", run.printed());
        assert!(run.stderr.contains(word), "{}", run.stderr);
    };
    let client = |auth: &[String]| {
        let auth: Vec<_> = auth.iter().map(String::as_str).collect();
        send(&[&["GET", "http://127.0.0.1:1/"], &auth[..]].concat())
    };
    let public = Keys::set("publicKey", "ours.pub.pem");
    refused(
        client(&set("jwt", &[&public])),
        "the parameters of jwt are algorithm, secret",
    );
    let as_private = Keys::set("privateKey", "ours.pub.pem");
    refused(
        client(&set("jwt", &["algorithm=ES256", &as_private])),
        "no private key",
    );
    let weak = rsa("privateKey", "1024-pkcs8");
    let sets = ["consumerKey=c", "signatureMethod=RSA-SHA1", &weak];
    refused(client(&set("oauth1", &sets)), "2048");
    let plaintext = [
        "consumerKey=c",
        "consumerSecret=s",
        "signatureMethod=PLAINTEXT",
    ];
    for (scheme, sets, word) in [
        ("jwt", &["algorithm=RS256"][..], "publicKey"),
        ("asap", &["aud=api"], "jwks"),
        (
            "oauth1",
            &["consumerKey=c", "signatureMethod=RSA-SHA1"],
            "publicKey",
        ),
        ("oauth1", &plaintext, "https"),
        ("jwt", &["colour=red"], "publicKey, jwks"),
        ("hawk", &["authId=a"], "authKey"),
    ] {
        let auth = set(scheme, sets);
        let auth: Vec<_> = auth.iter().map(String::as_str).collect();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--for", "1"];
        let mut command = crate::support::command(&[&serve, &auth[..]].concat());
        refused(crate::support::run(&mut command, b""), word);
    }
}

#[test]
fn an_export_with_a_delegation_alone_is_sent_with_a_note() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let auth = json!({"type": "hawk", "hawk": [
        {"key": "authId", "value": "me"}, {"key": "authKey", "value": "secret"}, {"key": "user", "value": "u"},
        {"key": "delegation", "value": "d"}, {"key": "publicKey", "value": "k"}]});
    std::fs::write(file.path(), auth.to_string()).unwrap();
    let path = file.path().to_str().unwrap();
    let run = send(&["GET", "http://127.0.0.1/", "--offline", "--auth-file", path]);
    assert_eq!(run.code, 0, "{}", run.printed());
    for key in ["delegation", "publicKey"] {
        assert!(
            run.stderr.contains(&format!("note: \"{key}\" is ignored")),
            "{}",
            run.stderr
        );
    }
    assert!(!run.stderr.contains("\"user\""), "{}", run.stderr);
}
