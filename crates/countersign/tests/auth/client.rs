//! Parameters by their keys.

use countersign::{AuthType, ErrorKind};

use super::{auth, header, signed};

#[test]
fn each_scheme_signs_by_its_keys() {
    let basic = auth(
        AuthType::Basic,
        &[("username", "Aladdin"), ("password", "open sesame")],
        false,
    );
    assert_eq!(
        header(&basic.unwrap(), "authorization"),
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    let bearer = auth(AuthType::Bearer, &[("token", "t0ken")], false);
    assert_eq!(header(&bearer.unwrap(), "authorization"), "Bearer t0ken");
    assert!(
        signed(&auth(AuthType::NoAuth, &[], false).unwrap())
            .added
            .is_empty()
    );
}

#[test]
fn nothing_given_is_empty_for_basic_alone() {
    assert_eq!(
        header(&auth(AuthType::Basic, &[], false).unwrap(), "authorization"),
        "Basic Og=="
    );
    for kind in [AuthType::Bearer, AuthType::ApiKey] {
        assert_eq!(
            auth(kind, &[], false).unwrap_err().kind(),
            ErrorKind::Configuration
        );
    }
}

#[test]
fn an_api_key_goes_where_it_is_told() {
    let key = |place| {
        auth(
            AuthType::ApiKey,
            &[("key", "K"), ("value", "v 1"), ("in", place)],
            false,
        )
    };
    assert_eq!(header(&key("").unwrap(), "k"), "v 1");
    assert_eq!(header(&key("header").unwrap(), "k"), "v 1");
    assert_eq!(
        signed(&key("query").unwrap()).request.uri().query(),
        Some("x=1&K=v%201")
    );
    assert_eq!(
        key("surprise").unwrap_err().kind(),
        ErrorKind::Configuration
    );
    let cookie = auth(
        AuthType::ApiKey,
        &[("key", "K"), ("value", "v"), ("in", "cookie")],
        false,
    );
    assert_eq!(header(&cookie.unwrap(), "cookie"), "K=v");
}

#[test]
fn lenient_does_as_postman_does() {
    let sends_nothing = [
        (AuthType::Bearer, vec![("token", "")]),
        (AuthType::ApiKey, vec![("value", "v")]),
    ];
    for (kind, parameters) in sends_nothing {
        assert!(auth(kind, &parameters, false).is_err());
        assert!(
            signed(&auth(kind, &parameters, true).unwrap())
                .added
                .is_empty()
        );
    }
    let odd = auth(AuthType::Bearer, &[("token", "not a {token}")], true).unwrap();
    assert_eq!(header(&odd, "authorization"), "Bearer not a {token}");
    let surprise = auth(AuthType::ApiKey, &[("key", "K"), ("in", "surprise")], true).unwrap();
    assert_eq!(header(&surprise, "k"), "");
    let colon = [("username", "a:b"), ("password", "c")];
    assert!(auth(AuthType::Basic, &colon, false).is_err());
    // base64 of a:b:c
    assert_eq!(
        header(
            &auth(AuthType::Basic, &colon, true).unwrap(),
            "authorization"
        ),
        "Basic YTpiOmM="
    );
}

#[test]
fn what_http_cannot_carry_stays_an_error() {
    let broken = [
        (AuthType::Bearer, ("token", "a\nb")),
        (AuthType::ApiKey, ("key", "a b")),
        (AuthType::Basic, ("password", "a\u{0}")),
        (AuthType::Digest, ("username", "a\nb")),
    ];
    for (kind, parameter) in broken {
        let error = auth(kind, &[("key", "k"), ("value", "v"), parameter], true).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{kind}");
    }
}

const PRESET: [(&str, &str); 8] = [
    ("username", "Mufasa"),
    ("password", "Circle Of Life"),
    ("realm", "testrealm@host.com"),
    ("nonce", "dcd98b7102dd2f0e8b11d0f600bfb0c093"),
    ("qop", "auth"),
    ("nonceCount", "00000001"),
    ("clientNonce", "0a4f113b"),
    ("opaque", "5ccc069c403ebaf9f0171e9517f40e41"),
];

#[test]
fn digest_signs_at_once_with_realm_and_nonce() {
    let request = http::Request::get("https://host.com/dir/index.html")
        .body(bytes::Bytes::new())
        .unwrap();
    let digest = auth(AuthType::Digest, &PRESET, false).unwrap();
    let preview = super::now(countersign::preview(
        &digest,
        &countersign::Settings::default(),
        request,
    ));
    let preview = preview.unwrap();
    let sent = preview.request.headers()["authorization"].to_str().unwrap();
    // RFC 2617 section 3.5.
    assert!(
        sent.contains(r#"response="6629fae49393a05397450978507c4ef1""#),
        "{sent}"
    );
    assert!(
        sent.contains(r#"opaque="5ccc069c403ebaf9f0171e9517f40e41""#),
        "{sent}"
    );
}

#[test]
fn digest_takes_the_preset_algorithm_and_count() {
    let more = [("algorithm", "sha-256"), ("nonceCount", "0000000a")];
    let digest = auth(AuthType::Digest, &[&PRESET[..], &more].concat(), false).unwrap();
    let sent = header(&digest, "authorization");
    assert!(
        sent.contains("SHA-256") && sent.contains("nc=0000000a"),
        "{sent}"
    );
}

#[test]
fn digest_refuses_what_it_does_not_know() {
    for parameter in [
        ("algorithm", "SHA-1"),
        ("qop", "maybe"),
        ("nonceCount", "x"),
        ("nonceCount", "123456789"),
        ("disableRetryRequest", "1"),
    ] {
        let error = auth(AuthType::Digest, &[parameter], true).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{parameter:?}");
    }
    for parameter in [
        ("disableRetryRequest", "true"),
        ("disableRetryRequest", "false"),
        ("algorithm", ""),
    ] {
        auth(AuthType::Digest, &[parameter], false).unwrap();
    }
}

#[test]
fn unknown_keys_are_reported_and_those_of_the_interface_are_not() {
    let keys = [
        ("username", "u"),
        ("showPassword", "true"),
        ("colour", "red"),
        ("token", "t"),
    ];
    assert_eq!(
        auth(AuthType::Basic, &keys, false).unwrap().ignored(),
        ["colour", "token"]
    );
}

#[test]
fn every_type_is_known_and_built() {
    for kind in AuthType::ALL {
        assert_eq!(kind.as_str().parse::<AuthType>().unwrap(), kind);
        let key = super::file("countersign-jwt/tests/data/rsa.pkcs8.pem");
        let made = auth(
            kind,
            &[
                ("username", "u"),
                ("token", "t"),
                ("key", "k"),
                ("value", "v"),
                ("accessKey", "a"),
                ("secretKey", "s"),
                ("consumerKey", "c"),
                ("consumerSecret", "s"),
                ("authId", "i"),
                ("authKey", "k"),
                ("accessToken", "a"),
                ("clientToken", "c"),
                ("clientSecret", "s"),
                ("secret", "s"),
                ("iss", "i"),
                ("aud", "a"),
                ("kid", "i/k"),
                ("privateKey", &key),
            ],
            false,
        );
        assert!(kind.is_built(), "{kind}");
        made.unwrap();
    }
}

#[test]
fn no_secret_shows() {
    let parameters = countersign::Parameters::from([("password", "hunter2")]);
    assert_eq!(format!("{parameters:?}"), r#"{"password"}"#);
    let basic = auth(AuthType::Basic, &[("password", "hunter2")], false).unwrap();
    assert!(!format!("{basic:?}").contains("hunter2"));
    let error = auth(AuthType::Basic, &[("username", "hunter2:")], false).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}
