//! `jwt` and `asap`: the tokens they make, and what the server of the same parameters lets in.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use countersign::verify::Reason;
use countersign::{Auth, AuthType, ErrorKind, Parameters, Preview, Settings, preview, verifier};
use http::{Request, request};
use serde_json::{Value, json};

use super::{at, file, judged, now};

const TIME: u64 = 1_700_000_000;

fn pem(name: &str) -> String {
    file(&format!("countersign-jwt/tests/data/{name}.pem"))
}

fn made(kind: AuthType, set: &[(&str, &str)]) -> countersign::Result<Auth> {
    let parameters: Parameters = set.iter().copied().collect();
    Auth::from_parameters(kind, &parameters, &at(TIME))
}

fn sent(kind: AuthType, set: &[(&str, &str)]) -> request::Parts {
    let auth = made(kind, set).unwrap();
    let request = Request::get("https://h.example/?token=old&a=1");
    let request = request.body(Bytes::new()).unwrap();
    let Preview { request, .. } = now(preview(&auth, &Settings::default(), request)).unwrap();
    request.into_parts().0
}

fn line(head: &request::Parts) -> &str {
    head.headers["authorization"].to_str().unwrap()
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn judge(
    kind: AuthType,
    set: &[(&str, &str)],
    unix: u64,
    heads: &[&request::Parts],
) -> Vec<Result<String, Reason>> {
    let parameters: Parameters = set.iter().copied().collect();
    let server = verifier(kind, &parameters, "cave", &at(unix)).unwrap();
    heads
        .iter()
        .map(|head| judged(&server, head, b""))
        .collect()
}

fn one(kind: AuthType, set: &[(&str, &str)], head: &request::Parts) -> Result<String, Reason> {
    judge(kind, set, TIME, &[head]).remove(0)
}

#[test]
fn a_well_known_token_comes_out_the_same() {
    let set = [
        ("algorithm", "HS256"),
        ("secret", "your-256-bit-secret"),
        ("header", r#"{"alg": "none", "typ": "JWT"}"#),
        (
            "payload",
            r#"{"sub": "1234567890", "name": "John Doe", "iat": 1516239022}"#,
        ),
    ];
    let expected = "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
                    eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.\
                    SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    assert_eq!(line(&sent(AuthType::Jwt, &set)), expected);
    let encoded = STANDARD.encode("your-256-bit-secret");
    let in_base64 = [
        ("secret", encoded.as_str()),
        ("isSecretBase64Encoded", "true"),
    ];
    let set = [&set[..], &in_base64].concat();
    assert_eq!(line(&sent(AuthType::Jwt, &set)), expected);
}

#[test]
fn the_token_goes_where_it_is_told() {
    let to = |more: &[(&'static str, &'static str)]| {
        sent(AuthType::Jwt, &[&[("secret", "s")], more].concat())
    };
    assert!(line(&to(&[])).starts_with("Bearer eyJhbGciOiJIUzI1NiJ9.e30."));
    assert!(line(&to(&[("headerPrefix", "")])).starts_with("Bearer eyJ"));
    assert!(line(&to(&[("headerPrefix", "JWT")])).starts_with("JWT eyJ"));
    let query = |head: &request::Parts| head.uri.query().unwrap().to_owned();
    let head = to(&[("addTokenTo", "queryParam")]);
    assert!(query(&head).starts_with("a=1&token=eyJ") && head.headers.is_empty());
    let head = to(&[("addTokenTo", "queryParam"), ("queryParamKey", "jwt")]);
    assert!(query(&head).starts_with("token=old&a=1&jwt=eyJ"));
}

#[test]
fn the_algorithm_is_that_of_the_parameter_then_of_the_header_then_hs256() {
    let named = |algorithm: &str, header: &str| {
        let set = [
            ("secret", "s"),
            ("algorithm", algorithm),
            ("header", header),
        ];
        let head = sent(AuthType::Jwt, &set);
        part(line(&head).split(' ').next_back().unwrap(), 0)["alg"].clone()
    };
    assert_eq!(named("HS512", r#"{"alg": "HS384"}"#), "HS512");
    assert_eq!(named("", r#"{"alg": "HS384"}"#), "HS384");
    assert_eq!(named("", ""), "HS256");
}

#[test]
fn claims_can_be_built_for_each_request() {
    let flags = ["issuedAt", "notBefore", "randomId"].map(|key| (key, "true"));
    let set = [&[("secret", "s"), ("expiresIn", "60")], &flags[..]].concat();
    let (first, second) = (sent(AuthType::Jwt, &set), sent(AuthType::Jwt, &set));
    let claims = part(line(&first).trim_start_matches("Bearer "), 1);
    let times = ["iat", "nbf", "exp"].map(|name| claims[name].as_u64().unwrap());
    assert_eq!(times, [TIME, TIME, TIME + 60]);
    assert_ne!(line(&first), line(&second));
    let verdicts = judge(AuthType::Jwt, &set, TIME, &[&first, &second, &first]);
    let accepted = || Ok("jwt".to_owned());
    assert_eq!(verdicts, [accepted(), accepted(), Err(Reason::Rejected)]);
    let late = judge(AuthType::Jwt, &set, TIME + 120, &[&first]);
    assert_eq!(late, [Err(Reason::Rejected)]);
    let lasting = sent(AuthType::Jwt, &[("secret", "s")]);
    assert_eq!(one(AuthType::Jwt, &set, &lasting), Err(Reason::Rejected));
}

#[test]
fn the_server_takes_what_the_same_parameters_make() {
    let payload = (
        "payload",
        r#"{"iss": "me", "sub": "alice", "aud": ["a", "b"]}"#,
    );
    let (rsa, p256) = (pem("rsa.pkcs8"), pem("p256.sec1"));
    let table: [&[(&str, &str)]; 6] = [
        &[("secret", "short")],
        &[
            ("secret", "c2hvcnQ="),
            ("isSecretBase64Encoded", "true"),
            ("algorithm", "HS512"),
        ],
        &[("secret", "s"), ("headerPrefix", "JWT")],
        &[
            ("secret", "s"),
            ("addTokenTo", "queryParam"),
            ("queryParamKey", "k"),
        ],
        &[("algorithm", "PS384"), ("privateKey", &rsa)],
        &[("algorithm", "ES256"), ("privateKey", &p256)],
    ];
    for set in table {
        let set = [set, &[payload]].concat();
        let head = sent(AuthType::Jwt, &set);
        assert_eq!(
            one(AuthType::Jwt, &set, &head),
            Ok("alice".to_owned()),
            "{set:?}"
        );
        for other in [
            r#"{"iss": "you"}"#,
            r#"{"iss": "me", "aud": "c"}"#,
            r#"{"iss": "me"}"#,
        ] {
            let other = [&set[..], &[("payload", other)]].concat();
            let head = sent(AuthType::Jwt, &other);
            assert_eq!(
                one(AuthType::Jwt, &set, &head),
                Err(Reason::Rejected),
                "{set:?}"
            );
        }
        if set[0].0 == "secret" {
            let other = [&set[..], &[("secret", "b3RoZXI=")]].concat();
            assert_eq!(
                one(AuthType::Jwt, &other, &head),
                Err(Reason::Rejected),
                "{set:?}"
            );
        }
    }
}

/// A JWK set with the P-256 key in it.
fn jwks(kid: &str) -> String {
    let spki = pem("p256.pub");
    let base64: String = spki.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64).unwrap();
    let [x, y] = [64, 32].map(|back| &der[der.len() - back..][..32]);
    let [x, y] = [x, y].map(|half| URL_SAFE_NO_PAD.encode(half));
    json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": kid, "x": x, "y": y}]}).to_string()
}

#[test]
fn a_server_needs_no_private_key() {
    let (private, public, set) = (pem("p256.pkcs8"), pem("p256.pub"), jwks("svc/k"));
    let client = [
        ("algorithm", "ES256"),
        ("header", r#"{"kid": "svc/k"}"#),
        ("privateKey", private.as_str()),
    ];
    let head = sent(AuthType::Jwt, &client);
    let es256 = ("algorithm", "ES256");
    let accepted = Ok("jwt".to_owned());
    assert_eq!(
        one(AuthType::Jwt, &[es256, ("publicKey", &public)], &head),
        accepted
    );
    assert_eq!(
        one(AuthType::Jwt, &[es256, ("jwks", &set)], &head),
        accepted
    );
    let renamed = jwks("svc/other");
    assert_eq!(
        one(AuthType::Jwt, &[es256, ("jwks", &renamed)], &head),
        Err(Reason::Rejected)
    );
    let client = [
        ("alg", "ES256"),
        ("kid", "svc/k"),
        ("iss", "svc"),
        ("aud", "api"),
        ("privateKey", private.as_str()),
    ];
    let base = [("alg", "ES256"), ("aud", "api")];
    for key in [("publicKey", public.as_str()), ("jwks", set.as_str())] {
        let head = sent(AuthType::Asap, &client);
        let server = [&base[..], &[key]].concat();
        assert_eq!(one(AuthType::Asap, &server, &head), Ok("svc".to_owned()));
    }
    for (kind, set) in [(AuthType::Jwt, &[es256][..]), (AuthType::Asap, &base)] {
        let parameters: Parameters = set.iter().copied().collect();
        let error = verifier(kind, &parameters, "r", &at(TIME)).unwrap_err();
        assert!(error.to_string().contains("publicKey"), "{error}");
    }
}

fn asap<'a>(key: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let base = [
        ("kid", "svc/k"),
        ("iss", "svc"),
        ("aud", "api"),
        ("privateKey", key),
    ];
    [&base[..], more].concat()
}

#[test]
fn asap_claims_are_those_of_the_parameters_and_of_claims() {
    let key = pem("rsa.pkcs8");
    let claims = |more: &[(&'static str, &'static str)]| {
        let head = sent(AuthType::Asap, &asap(&key, more));
        part(line(&head).trim_start_matches("Bearer "), 1)
    };
    let plain = claims(&[]);
    let texts = ["iss", "sub", "aud"].map(|name| plain[name].as_str().unwrap());
    assert_eq!(texts, ["svc", "svc", "api"]);
    assert_eq!(
        (&plain["iat"], &plain["exp"]),
        (&json!(TIME), &json!(TIME + 3600))
    );
    assert_eq!(plain["jti"].as_str().unwrap().len(), 36);
    let more = claims(&[
        ("sub", "alice"),
        ("exp", "60"),
        ("claims", r#"{"aud": "other", "x": 1}"#),
    ]);
    assert_eq!(more["sub"], "alice");
    assert_eq!(
        (&more["aud"], &more["x"], &more["exp"]),
        (&json!("other"), &json!(1), &json!(TIME + 60))
    );
}

#[test]
fn asap_is_taken_once_and_for_its_audience() {
    let pkcs8 = pem("rsa.pkcs8");
    let base64: String = pkcs8
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let url = format!("data:application/pkcs8;kid=svc%2Fk;base64,{base64}");
    for key in [pkcs8.as_str(), url.as_str()] {
        let set = asap(key, &[("sub", "alice")]);
        let head = sent(AuthType::Asap, &set);
        let verdicts = judge(AuthType::Asap, &set, TIME, &[&head, &head]);
        assert_eq!(verdicts, [Ok("alice".to_owned()), Err(Reason::Rejected)]);
        for (claims, expected) in [(r#"{"aud": "api"}"#, true), (r#"{"aud": "other"}"#, false)] {
            let other = asap(key, &[("claims", claims)]);
            let head = sent(AuthType::Asap, &other);
            assert_eq!(
                one(AuthType::Asap, &set, &head).is_ok(),
                expected,
                "{claims}"
            );
            assert!(one(AuthType::Asap, &other, &head).is_ok());
        }
        let stranger = asap(key, &[("iss", "you"), ("kid", "svc/k")]);
        if key == pkcs8 {
            let head = sent(AuthType::Asap, &stranger);
            assert_eq!(one(AuthType::Asap, &set, &head), Err(Reason::Rejected));
        }
    }
}

#[test]
fn what_cannot_be_used_is_an_error_and_shows_no_secret() {
    use AuthType::{Asap, Jwt};
    let (rsa, public, other) = (pem("rsa.pkcs8"), pem("rsa.pub"), pem("p256.pkcs8"));
    let table: [(AuthType, &[(&str, &str)]); 15] = [
        (Jwt, &[("secret", "")]),
        (Jwt, &[("algorithm", "RS256")]),
        (Jwt, &[("algorithm", "none")]),
        (Jwt, &[("algorithm", "RS256"), ("privateKey", &public)]),
        (Jwt, &[("algorithm", "RS256"), ("privateKey", &other)]),
        (Jwt, &[("algorithm", "ES256"), ("privateKey", "hunter2")]),
        (Jwt, &[("secret", &rsa)]),
        (Jwt, &[("payload", "hunter2")]),
        (Jwt, &[("header", "[]")]),
        (Jwt, &[("addTokenTo", "body")]),
        (
            Jwt,
            &[("isSecretBase64Encoded", "true"), ("secret", "hunter2!")],
        ),
        (Jwt, &[("expiresIn", "1h")]),
        (Asap, &[("exp", "2h")]),
        (Asap, &[("alg", "HS256")]),
        (Asap, &[("kid", "")]),
    ];
    for (kind, more) in table {
        let mut set = asap(&rsa, &[]);
        if kind == Jwt {
            set = vec![("secret", "hunter2")];
        }
        set.extend(more);
        let error = made(kind, &set).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{kind} {more:?}");
        let shown = format!("{error:?} {error}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("MII"),
            "{shown}"
        );
    }
    let eddsa = made(Jwt, &[("secret", "s"), ("algorithm", "EdDSA")]);
    assert_eq!(eddsa.unwrap_err().kind(), ErrorKind::Unsupported);
}
