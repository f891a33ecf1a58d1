//! Keys in their forms.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Error, ErrorKind};
use countersign_jwt::{Algorithm, SigningKey, VerifyingKey};
use support::{SECRET, pem, signing, verifying};

fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn private_keys_come_in_three_forms() {
    let header = |algorithm: Algorithm| format!(r#"{{"alg":"{algorithm}"}}"#);
    for (algorithm, names) in [
        (Algorithm::Rs256, ["rsa.pkcs8", "rsa.pkcs1"]),
        (Algorithm::Ps512, ["rsa.pkcs8", "rsa.pkcs1"]),
        (Algorithm::Es256, ["p256.pkcs8", "p256.sec1"]),
        (Algorithm::Es384, ["p384.pkcs8", "p384.sec1"]),
        (Algorithm::Es512, ["p521.pkcs8", "p521.sec1"]),
    ] {
        for name in names {
            for text in [
                pem(name),
                pem(name).replace('\n', "\r\n"),
                format!("\n note\n{}\n", pem(name)),
            ] {
                let key = SigningKey::pem(algorithm, text).unwrap();
                let token = key.sign(&header(algorithm), b"{}").unwrap();
                let found = verifying(algorithm).payload(token.expose_str().unwrap());
                assert_eq!(found.as_deref(), Some(b"{}".as_slice()), "{name}");
            }
        }
    }
}

#[test]
fn public_keys_come_in_two_forms() {
    let token = signing(Algorithm::Rs256)
        .sign(r#"{"alg":"RS256"}"#, b"{}")
        .unwrap();
    for name in ["rsa.pub", "rsa.pkcs1.pub"] {
        let key = VerifyingKey::pem(Algorithm::Rs256, pem(name)).unwrap();
        assert!(key.payload(token.expose_str().unwrap()).is_some(), "{name}");
        assert_eq!(key.algorithm(), Algorithm::Rs256);
    }
}

#[test]
fn a_signing_key_knows_what_verifies_it() {
    for algorithm in Algorithm::ALL {
        let header = format!(r#"{{"alg":"{algorithm}"}}"#);
        let token = signing(algorithm).sign(&header, b"{}").unwrap();
        let key = signing(algorithm).verifying_key().unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert!(key.payload(token.expose_str().unwrap()).is_some());
    }
    let short = SigningKey::hmac(Algorithm::Hs256, "short").unwrap();
    let token = short.sign(r#"{"alg":"HS256"}"#, b"{}").unwrap();
    let other = signing(Algorithm::Hs256).verifying_key().unwrap();
    let own = short.verifying_key().unwrap();
    assert!(own.payload(token.expose_str().unwrap()).is_some());
    assert!(other.payload(token.expose_str().unwrap()).is_none());
}

#[test]
fn keys_that_do_not_fit_are_told() {
    use Algorithm::{Es256, Es384, Hs256, Rs256};
    for (algorithm, name) in [
        (Rs256, "p256.pkcs8"),
        (Rs256, "rsa1024.pkcs8"),
        (Rs256, "rsa.pub"),
        (Es256, "rsa.pkcs8"),
        (Es256, "p384.pkcs8"),
        (Es256, "p384.sec1"),
        (Es384, "p256.pkcs8"),
        (Hs256, "rsa.pkcs8"),
    ] {
        let found = kind(SigningKey::pem(algorithm, pem(name)));
        assert_eq!(found, ErrorKind::Configuration, "{algorithm} {name}");
    }
    for (algorithm, name) in [
        (Rs256, "p256.pub"),
        (Rs256, "rsa1024.pub"),
        (Rs256, "rsa.pkcs8"),
        (Es256, "rsa.pub"),
        (Es256, "p384.pub"),
        (Hs256, "rsa.pub"),
    ] {
        let found = kind(VerifyingKey::pem(algorithm, pem(name)));
        assert_eq!(found, ErrorKind::Configuration, "{algorithm} {name}");
    }
    for name in ["rsa.encrypted", "rsa.pkcs1.encrypted"] {
        assert_eq!(
            kind(SigningKey::pem(Rs256, pem(name))),
            ErrorKind::Unsupported,
            "{name}"
        );
    }
    let two = pem("rsa.pkcs8") + &pem("rsa.pkcs1");
    for text in [
        "",
        "key",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        &two,
    ] {
        assert_eq!(kind(SigningKey::pem(Rs256, text)), ErrorKind::Configuration);
        assert_eq!(
            kind(VerifyingKey::pem(Rs256, text)),
            ErrorKind::Configuration
        );
    }
}

#[test]
fn secrets_are_bytes_or_base64() {
    let bytes = [0xff, 0xfe, 0x00, 0x3e, 0x80];
    let expected = SigningKey::hmac(Algorithm::Hs256, bytes.to_vec()).unwrap();
    let expected = expected.sign(r#"{"alg":"HS256"}"#, b"{}").unwrap();
    for text in ["//4APoA=", "//4APoA", "__4APoA", "__4APoA=", " //4APoA=\n"] {
        let key = SigningKey::hmac_base64(Algorithm::Hs256, text).unwrap();
        assert!(
            key.sign(r#"{"alg":"HS256"}"#, b"{}").unwrap() == expected,
            "{text}"
        );
    }
    for text in ["", "=", "no base64!", "A"] {
        assert_eq!(
            kind(SigningKey::hmac_base64(Algorithm::Hs256, text)),
            ErrorKind::Configuration
        );
    }
    assert_eq!(
        kind(SigningKey::hmac(Algorithm::Rs256, "secret")),
        ErrorKind::Configuration
    );
    assert_eq!(
        kind(SigningKey::hmac(Algorithm::Hs256, pem("rsa.pub"))),
        ErrorKind::Configuration
    );
}

#[test]
fn a_server_takes_no_secret_that_can_be_guessed_unless_told() {
    for (algorithm, len) in [
        (Algorithm::Hs256, 32),
        (Algorithm::Hs384, 48),
        (Algorithm::Hs512, 64),
    ] {
        assert!(VerifyingKey::hmac(algorithm, &SECRET[..len]).is_ok());
        assert_eq!(
            kind(VerifyingKey::hmac(algorithm, &SECRET[..len - 1])),
            ErrorKind::Configuration
        );
        assert!(VerifyingKey::hmac_of_any_length(algorithm, "s").is_ok());
        assert!(VerifyingKey::hmac_of_any_length(algorithm, "").is_err());
    }
}

#[test]
fn the_header_of_what_is_signed_names_the_key() {
    let key = signing(Algorithm::Hs256);
    for header in [
        "",
        "{}",
        "[]",
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"HS256","alg":"HS256"}"#,
    ] {
        assert_eq!(
            kind(key.sign(header, b"{}")),
            ErrorKind::Configuration,
            "{header}"
        );
    }
}

#[test]
fn names_of_algorithms_are_exact() {
    for algorithm in Algorithm::ALL {
        assert_eq!(
            algorithm.to_string().parse::<Algorithm>().unwrap(),
            algorithm
        );
    }
    for name in ["none", "hs256", "HS1", "", "RS256 "] {
        assert_eq!(kind(name.parse::<Algorithm>()), ErrorKind::Configuration);
    }
    for name in ["EdDSA", "ES256K"] {
        assert_eq!(kind(name.parse::<Algorithm>()), ErrorKind::Unsupported);
    }
}

#[test]
fn a_data_url_names_its_key() {
    let der = STANDARD.encode(pem::parse(pem("rsa.pkcs8")).unwrap().into_contents());
    let url = format!("data:application/pkcs8;kid=shop/k1;base64,{der}");
    let escaped = url
        .replace('/', "%2F")
        .replace('+', "%2B")
        .replace('=', "%3D")
        .replace("application%2F", "application/");
    let header = r#"{"alg":"RS256"}"#;
    let expected = signing(Algorithm::Rs256).sign(header, b"{}").unwrap();
    for url in [url.clone(), escaped] {
        let key = SigningKey::data_url(Algorithm::Rs256, &url, "shop/k1").unwrap();
        assert!(key.sign(header, b"{}").unwrap() == expected);
    }
    for broken in [
        url.replace("pkcs8", "pkcs1"),
        url.replace(";base64", ""),
        url.replace("base64,", "base64,!"),
        url.replace("shop/k1", "shop%zz"),
        url.replace("shop/k1", "shop/k2"),
        "data:".to_owned(),
    ] {
        let found = kind(SigningKey::data_url(Algorithm::Rs256, &broken, "shop/k1"));
        assert_eq!(found, ErrorKind::Configuration);
    }
}
