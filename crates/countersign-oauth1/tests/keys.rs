//! RSA keys: every form that is read, and those that are refused.
#![cfg(feature = "rsa")]
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign_core::verify::Reason;
use countersign_core::{Error, ErrorKind, Random, Result};
use countersign_oauth1::{
    Consumer, Credentials, KeyReader, MemoryConsumers, OAuth1, OAuth1Verifier, PrivateKey,
    SignatureMethod,
};
use http::Request;
use support::{at, judge, parameter, pem, received, sign};

const TIME: u64 = 1_191_242_096;
const METHODS: [SignatureMethod; 3] = [
    SignatureMethod::RsaSha1,
    SignatureMethod::RsaSha256,
    SignatureMethod::RsaSha512,
];

fn key(file: &str) -> Result<PrivateKey> {
    KeyReader::new().password("swordfish").private(&pem(file))
}

fn client(key: PrivateKey, method: SignatureMethod) -> OAuth1 {
    let client = OAuth1::builder(Credentials::rsa("ck", key).unwrap()).method(method);
    client.nonce("n").sources(at(TIME)).build().unwrap()
}

fn signature(key: PrivateKey) -> String {
    let client = client(key, SignatureMethod::RsaSha256);
    let (head, _) = sign(&client, Request::get("https://h/"), b"").unwrap();
    parameter(&head, "oauth_signature").unwrap()
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    let plain = signature(key("2048-pkcs8.pem").unwrap());
    for file in [
        "2048-pkcs1.pem",
        "2048-encrypted-pbkdf2.pem",
        "2048-encrypted-scrypt.pem",
    ] {
        assert_eq!(signature(key(file).unwrap()), plain, "{file}");
    }
    let around = format!("\n  {}\r\n", pem("2048-pkcs1.pem").replace('\n', "\r\n"));
    assert_eq!(signature(KeyReader::new().private(&around).unwrap()), plain);
}

fn server(file: &str, method: SignatureMethod) -> OAuth1Verifier {
    let key = KeyReader::new().public(&pem(file)).unwrap();
    let consumer = Consumer::rsa(method, key).unwrap();
    let consumers = MemoryConsumers::new().consumer("ck", consumer);
    OAuth1Verifier::builder("r", consumers)
        .sources(at(TIME))
        .build()
        .unwrap()
}

#[test]
fn the_server_accepts_what_the_private_key_signs_by_the_pinned_method() {
    for file in ["2048-public.pem", "2048-public-pkcs1.pem"] {
        for method in METHODS {
            let signed_by = |method| {
                let client = client(key("2048-pkcs8.pem").unwrap(), method);
                received(
                    sign(&client, Request::get("https://h/a?b=c"), b"")
                        .unwrap()
                        .0,
                )
            };
            let head = signed_by(method);
            assert!(judge(&server(file, method), &head, b"").is_ok());
            for other in METHODS.iter().filter(|other| **other != method) {
                let verdict = judge(&server(file, method), &signed_by(*other), b"");
                assert_eq!(verdict, Err(Reason::Rejected));
            }
            let mut tampered = head;
            tampered.uri = "/a?b=d".parse().unwrap();
            assert_eq!(
                judge(&server(file, method), &tampered, b""),
                Err(Reason::Rejected)
            );
        }
    }
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let text = pem("2048-public.pem");
    for secret in [text.as_str(), text.trim()] {
        let client = OAuth1::builder(Credentials::new("ck", secret).unwrap()).sources(at(TIME));
        let (head, _) = sign(&client.build().unwrap(), Request::get("https://h/"), b"").unwrap();
        let server = server("2048-public.pem", SignatureMethod::RsaSha1);
        assert_eq!(judge(&server, &received(head), b""), Err(Reason::Rejected));
    }
}

#[test]
fn weak_keys_are_read_only_when_allowed() {
    let weak = pem("1024-pkcs8.pem");
    let error = KeyReader::new().private(&weak).unwrap_err();
    assert!(error.to_string().contains("2048"), "{error}");
    let key = KeyReader::new()
        .allow_weak_key(true)
        .private(&weak)
        .unwrap();
    assert_eq!(signature(key).len(), 172);
    let tiny = KeyReader::new()
        .allow_weak_key(true)
        .private(&pem("512-pkcs1.pem"));
    assert_eq!(tiny.unwrap_err().kind(), ErrorKind::Configuration);
}

#[test]
fn what_is_no_rsa_key_is_refused() {
    let wrong = KeyReader::new()
        .password("wrong")
        .private(&pem("2048-encrypted-pbkdf2.pem"));
    assert!(wrong.unwrap_err().to_string().contains("password"));
    let without = KeyReader::new().private(&pem("2048-encrypted-pbkdf2.pem"));
    assert!(without.unwrap_err().to_string().contains("password"));
    for file in ["ec.pem", "2048-public.pem", "legacy-encrypted.pem"] {
        assert_eq!(
            key(file).unwrap_err().kind(),
            ErrorKind::Configuration,
            "{file}"
        );
    }
    for file in ["2048-pkcs8.pem", "ec.pem"] {
        assert!(KeyReader::new().public(&pem(file)).is_err(), "{file}");
    }
}

#[test]
fn a_key_fits_rsa_methods_alone() {
    let key = key("2048-pkcs8.pem").unwrap();
    let credentials = Credentials::rsa("ck", key.clone()).unwrap();
    let hmac = OAuth1::builder(credentials)
        .method(SignatureMethod::HmacSha1)
        .build();
    assert_eq!(hmac.unwrap_err().kind(), ErrorKind::Configuration);
    assert!(Consumer::rsa(SignatureMethod::HmacSha1, key.public()).is_err());
}

#[test]
fn debug_shows_nothing_of_a_key() {
    let key = key("2048-pkcs8.pem").unwrap();
    let reader = KeyReader::new().password("c4nary");
    let credentials = Credentials::rsa("ck", key.clone()).unwrap();
    let shown = format!("{key:?} {:?} {reader:?} {credentials:?}", key.public());
    assert!(!shown.contains("c4nary"), "{shown}");
    assert_eq!(format!("{key:?}"), "PrivateKey([redacted])");
}

/// Counts how often it is asked, and may have nothing to give.
#[derive(Debug)]
struct Counting(AtomicUsize, bool);

impl Random for Counting {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        match self.1 {
            true => countersign_core::SystemRandom.fill(out),
            false => Err(Error::new(ErrorKind::Random, "none")),
        }
    }
}

#[test]
fn every_signature_is_blinded() {
    for works in [true, false] {
        let random = Arc::new(Counting(AtomicUsize::new(0), works));
        let sources = countersign_core::Sources {
            random: random.clone(),
            ..at(TIME)
        };
        let credentials = Credentials::rsa("ck", key("2048-pkcs8.pem").unwrap()).unwrap();
        // With a preset nonce nothing but the blinding asks for randomness.
        let client = OAuth1::builder(credentials)
            .nonce("n")
            .sources(sources)
            .build()
            .unwrap();
        let signed = sign(&client, Request::get("https://h/"), b"");
        assert!(random.0.load(Ordering::Relaxed) > 0);
        assert_eq!(
            signed.err().map(|error| error.kind()),
            (!works).then_some(ErrorKind::Random)
        );
    }
}
