//! `hawk`, `edgegrid` and `oauth1`: what they sign, and what the server of the same parameters lets in.

use bytes::Bytes;
use countersign::verify::Reason;
use countersign::{Auth, AuthType, ErrorKind, Options, Parameters, Settings, preview, verifier};
use http::{HeaderValue, Request, header, request};

use super::{at, file, judged, now};

const TIME: u64 = 1_700_000_000;

type Set<'a> = Vec<(&'a str, &'a str)>;

const HAWK: [(&str, &str); 2] = [("authId", "dh37fgj492je"), ("authKey", "werxhqb98rpaxn3")];

const EDGEGRID: [(&str, &str); 3] = [
    ("accessToken", "akab-access"),
    ("clientToken", "akab-client"),
    ("clientSecret", "c2VjcmV0"),
];

const OAUTH1: [(&str, &str); 2] = [("consumerKey", "consumer"), ("consumerSecret", "s&cret")];

/// A type, its parameters, its principal, and the key of its secret.
struct Case<'a> {
    kind: AuthType,
    set: Set<'a>,
    principal: &'static str,
    secret: &'static str,
    body_counts: bool,
}

fn case<'a>(kind: AuthType, more: &[(&'a str, &'a str)]) -> Case<'a> {
    let (base, principal, secret): (&[(&str, &str)], _, _) = match kind {
        AuthType::Hawk => (&HAWK, "dh37fgj492je", "authKey"),
        AuthType::EdgeGrid => (&EDGEGRID, "akab-client", "clientSecret"),
        _ => (&OAUTH1, "consumer", "consumerSecret"),
    };
    Case {
        kind,
        set: base.iter().chain(more).copied().collect(),
        principal,
        secret,
        body_counts: true,
    }
}

fn cases() -> Vec<Case<'static>> {
    use AuthType::{EdgeGrid, Hawk, OAuth1};
    let unsigned_body = |case: Case<'static>| Case {
        body_counts: false,
        ..case
    };
    let token = [("token", "t"), ("tokenSecret", "ts"), ("version", "1.0")];
    let hash = ("includeBodyHash", "true");
    vec![
        unsigned_body(case(Hawk, &[])),
        case(
            Hawk,
            &[
                ("includePayloadHash", "true"),
                ("algorithm", "sha1"),
                ("extraData", "some-app-data"),
                ("app", "app"),
                ("delegation", "dlg"),
                ("user", "nobody"),
                ("timestamp", "0"),
            ],
        ),
        case(EdgeGrid, &[]),
        case(
            EdgeGrid,
            &[
                ("headersToSign", "X-B , x-a,"),
                ("baseURL", "https://api.example/"),
            ],
        ),
        case(EdgeGrid, &[("headersToSign", r#"["x-b", "x-a"]"#)]),
        unsigned_body(case(OAuth1, &[])),
        unsigned_body(case(
            OAuth1,
            &[("addParamsToHeader", "true"), ("realm", "r")],
        )),
        unsigned_body(case(OAuth1, &token)),
        case(OAuth1, &[hash, ("signatureMethod", "hmac-sha512")]),
        unsigned_body(case(
            OAuth1,
            &[hash, ("callback", "oob"), ("verifier", "v")],
        )),
        unsigned_body(case(
            OAuth1,
            &[
                ("addEmptyParamsToSign", "true"),
                ("token", "t"),
                ("disableHeaderEncoding", "false"),
            ],
        )),
    ]
}

fn sign(kind: AuthType, set: &Set<'_>, options: &Options, body: &'static str) -> request::Parts {
    let parameters: Parameters = set.iter().copied().collect();
    let auth = Auth::from_parameters(kind, &parameters, options).unwrap();
    let request = Request::post("http://h.example/a%20b/?x=1&x=2")
        .header(header::HOST, "h.example")
        .header(header::CONTENT_TYPE, "text/plain")
        .header("x-a", "1  2")
        .header("x-b", "3");
    let request = request.body(Bytes::from_static(body.as_bytes())).unwrap();
    let preview = now(preview(&auth, &Settings::default(), request)).unwrap();
    preview.request.into_parts().0
}

fn with<'a>(set: &Set<'a>, key: &'a str, value: &'a str) -> Set<'a> {
    set.iter().copied().chain([(key, value)]).collect()
}

fn server(kind: AuthType, set: &Set<'_>, unix: u64) -> countersign::verify::AnyVerifier<String> {
    let parameters: Parameters = set.iter().copied().collect();
    verifier(kind, &parameters, "cave", &at(unix)).unwrap()
}

#[test]
fn the_server_takes_what_the_same_parameters_sign_and_takes_it_once() {
    for case in cases() {
        let Case { kind, set, .. } = &case;
        let head = sign(*kind, set, &at(TIME), "body");
        let verifier = server(*kind, set, TIME);
        let accepted = Ok(case.principal.to_owned());
        assert_eq!(
            judged(&verifier, &head, b"body"),
            accepted,
            "{kind} {set:?}"
        );
        assert_eq!(
            judged(&verifier, &head, b"body"),
            Err(Reason::Rejected),
            "{kind} replay"
        );

        let fresh = || server(*kind, set, TIME);
        let other = with(set, case.secret, "wrong");
        let wrong = server(*kind, &other, TIME);
        assert_eq!(
            judged(&wrong, &head, b"body"),
            Err(Reason::Rejected),
            "{kind} secret"
        );
        let late = server(*kind, set, TIME + 301);
        assert!(judged(&late, &head, b"body").is_err(), "{kind} late");
        let changed = judged(&fresh(), &head, b"bodY");
        assert_eq!(changed.is_err(), case.body_counts, "{kind} {set:?} body");
        let mut elsewhere = head.clone();
        let target = elsewhere.uri.to_string().replace("x=2", "x=3");
        elsewhere.uri = target.parse().unwrap();
        assert_eq!(
            judged(&fresh(), &elsewhere, b"body"),
            Err(Reason::Rejected),
            "{kind} target"
        );
    }
}

#[test]
fn each_request_has_a_nonce_of_its_own_unless_it_is_given() {
    for case in cases() {
        let line = |set: &Set<'_>| {
            let head = sign(case.kind, set, &at(TIME), "");
            let line = head.headers.get("authorization");
            let line = line.map_or("", |line| line.to_str().unwrap());
            format!("{line} {}", head.uri)
        };
        assert_ne!(line(&case.set), line(&case.set), "{}", case.kind);
        let given = with(&case.set, "nonce", "j4h3g2");
        assert_eq!(line(&given), line(&given), "{}", case.kind);
        assert!(line(&given).contains("j4h3g2"), "{}", line(&given));
    }
}

#[test]
fn a_form_carries_what_a_form_can() {
    let form = |set: &[(&str, &str)], method: &str| {
        let parameters: Parameters = OAUTH1.iter().chain(set).copied().collect();
        let auth = Auth::from_parameters(AuthType::OAuth1, &parameters, &at(TIME)).unwrap();
        let request = Request::builder().method(method).uri("http://h.example/");
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        let request = request.header(header::CONTENT_TYPE, kind);
        let request = request.body(Bytes::from_static(b"a=1")).unwrap();
        now(preview(&auth, &Settings::default(), request))
            .unwrap()
            .request
    };
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let sent = form(&[], method);
        assert!(sent.body().starts_with(b"a=1&oauth_consumer_key=consumer&"));
        assert!(sent.uri().query().is_none() && !sent.headers().contains_key("authorization"));
    }
    let sent = form(&[("addParamsToHeader", "true")], "POST");
    assert!(sent.body() == "a=1" && sent.headers().contains_key("authorization"));
}

#[test]
fn rsa_is_verified_by_a_public_key_or_by_the_private_one() {
    let pem = |name: &str| file(&format!("countersign-oauth1/tests/vectors/keys/{name}.pem"));
    let (private, public) = (pem("2048-pkcs8"), pem("2048-public"));
    let (pkcs1, encrypted) = (pem("2048-pkcs1"), pem("2048-encrypted-pbkdf2"));
    let base = [("consumerKey", "c"), ("signatureMethod", "RSA-SHA256")];
    let set = |more: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        let all = base.iter().chain(more);
        all.map(|(key, value)| (*key, (*value).to_owned()))
            .collect()
    };
    let parameters = |set: Vec<(&'static str, String)>| -> Parameters { set.into_iter().collect() };
    let verify = |keys: &[(&'static str, &str)], head: &request::Parts| {
        let server = verifier(AuthType::OAuth1, &parameters(set(keys)), "r", &at(TIME));
        judged(&server.unwrap(), head, b"")
    };
    for key in [&private, &pkcs1] {
        let more = [("privateKey", key.as_str())];
        let owned = set(&more);
        let borrowed = owned
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        let head = sign(AuthType::OAuth1, &borrowed, &at(TIME), "");
        assert_eq!(verify(&more, &head), Ok("c".to_owned()));
        assert_eq!(verify(&[("publicKey", &public)], &head), Ok("c".to_owned()));
    }
    let make = |more: &[(&'static str, &str)], options: &Options| {
        Auth::from_parameters(AuthType::OAuth1, &parameters(set(more)), options).map(drop)
    };
    let locked = ("privateKey", encrypted.as_str());
    assert!(
        make(&[locked], &at(TIME))
            .unwrap_err()
            .to_string()
            .contains("password")
    );
    assert!(make(&[locked, ("privateKeyPassword", "no")], &at(TIME)).is_err());
    make(&[locked, ("privateKeyPassword", "swordfish")], &at(TIME)).unwrap();
    let weak = pem("1024-pkcs8");
    let error = make(&[("privateKey", &weak)], &at(TIME)).unwrap_err();
    assert!(error.to_string().contains("2048"), "{error}");
    make(&[("privateKey", &weak)], &at(TIME).allow_weak_key(true)).unwrap();
    let error = verifier(AuthType::OAuth1, &parameters(set(&[])), "r", &at(TIME)).unwrap_err();
    assert!(error.to_string().contains("publicKey"), "{error}");
}

#[test]
fn a_delegation_without_an_application_is_left_out_and_that_is_told() {
    let auth = |more: &[(&str, &str)]| {
        let parameters: Parameters = HAWK.iter().chain(more).copied().collect();
        Auth::from_parameters(AuthType::Hawk, &parameters, &at(TIME)).unwrap()
    };
    let lonely = [("delegation", "d"), ("colour", "red")];
    assert_eq!(auth(&lonely).ignored(), ["delegation", "colour"]);
    assert!(
        auth(&[("delegation", "d"), ("app", "a")])
            .ignored()
            .is_empty()
    );
    assert!(
        auth(&[("user", "u"), ("delegation", "")])
            .ignored()
            .is_empty()
    );
    let set = with(&HAWK.to_vec(), "delegation", "d");
    let head = sign(AuthType::Hawk, &set, &at(TIME), "");
    let line = head.headers["authorization"].to_str().unwrap();
    assert!(!line.contains("dlg") && !line.contains("app"), "{line}");
}

#[test]
fn a_bewit_goes_into_the_query_for_as_long_as_it_is_told() {
    let get = |more: &[(&str, &str)], method: &str| {
        let parameters: Parameters = HAWK.iter().chain(more).copied().collect();
        let auth = Auth::from_parameters(AuthType::Hawk, &parameters, &at(TIME))?;
        let request = Request::builder()
            .method(method)
            .uri("http://127.0.0.1:1/a?b=c")
            .header(header::AUTHORIZATION, "Hawk of before");
        now(preview(
            &auth,
            &Settings::default(),
            request.body(Bytes::new()).unwrap(),
        ))
    };
    let served = |head: &request::Parts, time| {
        let parameters = HAWK
            .iter()
            .chain(&[("allowBewit", "true")])
            .copied()
            .collect();
        let verifier = verifier(AuthType::Hawk, &parameters, "r", &at(time)).unwrap();
        judged(&verifier, head, b"")
    };
    for (more, life) in [(&[][..], 60), (&[("ttl", "5")][..], 5)] {
        let more = [&[("bewit", "true")], more].concat();
        let head = get(&more, "GET").unwrap().request.into_parts().0;
        assert!(head.uri.query().unwrap().starts_with("b=c&bewit="));
        assert!(!head.headers.contains_key("authorization"));
        assert_eq!(
            served(&head, TIME + life - 1),
            Ok("dh37fgj492je".to_owned())
        );
        assert_eq!(served(&head, TIME + life), Err(Reason::Rejected));
    }
    let error = get(&[("bewit", "true")], "POST").unwrap_err();
    assert!(error.to_string().contains("GET and HEAD alone"), "{error}");
    let pointless = [
        ("bewit", "true"),
        ("nonce", "n"),
        ("includePayloadHash", "false"),
    ];
    let parameters: Parameters = HAWK.iter().chain(&pointless).copied().collect();
    let auth = Auth::from_parameters(AuthType::Hawk, &parameters, &at(TIME)).unwrap();
    assert_eq!(auth.ignored(), ["nonce"]);
}

#[test]
fn what_cannot_be_used_is_an_error_and_shows_no_secret() {
    use AuthType::{EdgeGrid, Hawk, OAuth1};
    let table: [(AuthType, &[(&str, &str)]); 22] = [
        (Hawk, &[("authId", "")]),
        (Hawk, &[("authKey", "")]),
        (Hawk, &[("algorithm", "SHA256")]),
        (Hawk, &[("algorithm", "sha512")]),
        (Hawk, &[("timestamp", "soon")]),
        (Hawk, &[("timestamp", "-1")]),
        (Hawk, &[("extraData", "a\nb")]),
        (Hawk, &[("includePayloadHash", "yes")]),
        (Hawk, &[("requireProof", "true")]),
        (Hawk, &[("bewit", "true"), ("ttl", "0")]),
        (Hawk, &[("bewit", "true"), ("app", "a")]),
        (Hawk, &[("bewit", "true"), ("requireProof", "head")]),
        (
            Hawk,
            &[("bewit", "true"), ("extraData", "a\\b"), ("ttl", "x")],
        ),
        (Hawk, &[("ttl", "60")]),
        (EdgeGrid, &[("clientSecret", "")]),
        (EdgeGrid, &[("timestamp", "2014-03-21T19:34:21Z")]),
        (EdgeGrid, &[("headersToSign", "[1]")]),
        (EdgeGrid, &[("maxBodySize", "128k")]),
        (OAuth1, &[("signatureMethod", "HMAC-SHA384")]),
        (
            OAuth1,
            &[("signatureMethod", "RSA-SHA1"), ("privateKey", "hunter2")],
        ),
        (OAuth1, &[("version", "2.0")]),
        (OAuth1, &[("timestamp", "0")]),
    ];
    for (kind, more) in table {
        let mut set = with(&case(kind, &[]).set, case(kind, &[]).secret, "hunter2");
        set.extend(more);
        let parameters: Parameters = set.into_iter().collect();
        let error = Auth::from_parameters(kind, &parameters, &at(TIME)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{kind} {more:?}");
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error}");
    }
    let plaintext = case(OAuth1, &[("signatureMethod", "PLAINTEXT")]);
    let parameters: Parameters = plaintext.set.into_iter().collect();
    let server = |options: Options| verifier(OAuth1, &parameters, "r", &options);
    assert!(server(at(TIME)).unwrap_err().to_string().contains("https"));
    server(at(TIME).cleartext(false)).unwrap();
}

#[test]
fn without_all_credentials_only_lenient_sends_nothing() {
    for case in [AuthType::Hawk, AuthType::EdgeGrid, AuthType::OAuth1].map(|kind| case(kind, &[])) {
        for (missing, _) in &case.set {
            let set = with(&case.set, missing, "");
            let parameters: Parameters = set.iter().copied().collect();
            let strict = Auth::from_parameters(case.kind, &parameters, &at(TIME)).unwrap_err();
            assert!(strict.to_string().contains(missing), "{strict}");
            let head = sign(case.kind, &set, &at(TIME).lenient(true), "");
            assert!(head.uri.query() == Some("x=1&x=2"));
            assert!(!head.headers.contains_key("authorization"));
        }
    }
}
