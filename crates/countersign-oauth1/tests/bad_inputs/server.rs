//! The rows of the server.

use countersign_core::verify::Reason;
use countersign_oauth1::{
    Consumer, MemoryConsumers, OAuth1Verifier, OAuth1VerifierBuilder, SignatureMethod,
};
use http::header::{AUTHORIZATION, HOST};
use http::uri::Scheme;
use http::{HeaderValue, Request, request};

use crate::support::{at, judge};

pub(crate) const TIME: u64 = 1_191_242_096;
const KEY: &str = "dpf43f3p2l4k3l03";
const TOKEN: &str = "nnch734d00sl2jdk";

fn consumers() -> MemoryConsumers {
    let consumer = Consumer::new(SignatureMethod::HmacSha1, "kd94hf93k423kf44").unwrap();
    let consumers = MemoryConsumers::new().consumer(KEY, consumer);
    consumers.token(KEY, TOKEN, "pfkkdhi9sl3r4s00").unwrap()
}

fn verifier() -> OAuth1VerifierBuilder {
    OAuth1Verifier::builder("photos", consumers()).scheme(Scheme::HTTP)
}

fn request(line: &str) -> request::Parts {
    let request = Request::get("/photos?file=vacation.jpg&size=original")
        .header(HOST, "photos.example.net")
        .header(AUTHORIZATION, HeaderValue::from_str(line).unwrap());
    request.body(()).unwrap().into_parts().0
}

fn verdict(
    builder: OAuth1VerifierBuilder,
    clock: u64,
    head: &request::Parts,
    body: &[u8],
) -> Result<String, Reason> {
    let verifier = builder.sources(at(clock)).build().unwrap();
    judge(&verifier, head, body).map(|signer| signer.consumer_key)
}

/// The right request, sent with this body.
fn with_body(line: &str, kind: &'static str) -> request::Parts {
    let mut head = request(line);
    let kind = HeaderValue::from_static(kind);
    head.headers.insert(http::header::CONTENT_TYPE, kind);
    head
}

/// The row's line, sent to another target or host.
fn elsewhere(line: &str, target: &str, host: &'static str) -> request::Parts {
    let mut head = request(line);
    head.uri = target.parse().unwrap();
    head.headers.insert(HOST, HeaderValue::from_static(host));
    head
}

pub(crate) fn check(id: &str, line: &str, clock: u64) {
    const TARGET: &str = "/photos?file=vacation.jpg&size=original";
    let accepted = Ok(KEY.to_owned());
    let plain = |line| verdict(verifier(), clock, &request(line), b"");
    match id {
        "B393" => assert_eq!(plain(line), accepted),
        "B394" => {
            let head = request(line.strip_suffix(" replayed").unwrap());
            let verifier = verifier().sources(at(clock)).build().unwrap();
            assert!(judge(&verifier, &head, b"").is_ok());
            assert_eq!(judge(&verifier, &head, b""), Err(Reason::Rejected));
            assert_eq!(
                plain(line),
                Err(Reason::Malformed),
                "what follows the quote"
            );
        }
        "B396" => {
            assert_eq!(clock, TIME + 301);
            assert_eq!(plain(line), Err(Reason::Rejected));
            for (clock, expected) in [
                (TIME + 300, accepted.clone()),
                (TIME - 300, accepted),
                (TIME - 301, Err(Reason::Rejected)),
            ] {
                assert_eq!(verdict(verifier(), clock, &request(line), b""), expected);
            }
        }
        "B397" | "B413" => assert_eq!(plain(line), Err(Reason::Rejected)),
        "B405" => {
            assert_eq!(plain(line), Err(Reason::Rejected));
            let over_tls = || verifier().scheme(Scheme::HTTPS).allow_plaintext(true);
            // It is not what this consumer signs by, and it is nobody's over plain http.
            assert_eq!(
                verdict(over_tls(), clock, &request(line), b""),
                Err(Reason::Rejected)
            );
            assert!(verifier().allow_plaintext(true).build().is_err());
        }
        "B398" | "B399" | "B401" | "B403" | "B406" | "B416" | "B417" => {
            assert_eq!(plain(line), Err(Reason::Malformed), "{id}");
        }
        "B408" => {
            let head = elsewhere(
                line,
                &format!("{TARGET}&oauth_nonce=x"),
                "photos.example.net",
            );
            assert_eq!(
                verdict(verifier(), clock, &head, b""),
                Err(Reason::Malformed)
            );
        }
        "B411" => {
            let https = verifier().scheme(Scheme::HTTPS);
            assert_eq!(
                verdict(https, clock, &request(line), b""),
                Err(Reason::Rejected)
            );
        }
        "B412" => {
            let head = elsewhere(line, TARGET, "PHOTOS.example.net:80");
            assert_eq!(verdict(verifier(), clock, &head, b""), accepted);
            let head = elsewhere(line, TARGET, "photos.example.net:443");
            assert_eq!(
                verdict(verifier(), clock, &head, b""),
                Err(Reason::Rejected)
            );
        }
        "B418" => {
            let head = with_body(line, "application/x-www-form-urlencoded");
            assert_eq!(
                verdict(verifier(), clock, &head, b"admin=1"),
                Err(Reason::Rejected)
            );
            assert_eq!(verdict(verifier(), clock, &head, b""), accepted);
            // What a lenient handler might read, and no signature covers.
            let raw = "admin=1&\u{e9}=1".as_bytes();
            assert_eq!(
                verdict(verifier(), clock, &head, raw),
                Err(Reason::Malformed)
            );
        }
        "B419" => {
            let head = with_body(line, "application/json");
            let strict = verifier().require_body_hash(true);
            assert_eq!(
                verdict(strict, clock, &head, b"{\"admin\":1}"),
                Err(Reason::Rejected)
            );
        }
        "B420" => forged(),
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

/// A block of padding that ends early, then the hash, then what makes it a cube.
#[cfg(feature = "rsa")]
fn forged() {
    let key = countersign_oauth1::KeyReader::new()
        .public(&crate::support::pem("exponent-3-public.pem"))
        .unwrap();
    let consumer = Consumer::rsa(SignatureMethod::RsaSha1, key).unwrap();
    let consumers = MemoryConsumers::new().consumer(KEY, consumer);
    let signature = include_str!("../data/forged-signature.txt").trim();
    let head = request(&format!(
        "OAuth oauth_consumer_key=\"{KEY}\", oauth_signature_method=\"RSA-SHA1\", oauth_timestamp=\"{TIME}\", \
         oauth_nonce=\"kllo9940pd9333jh\", oauth_signature=\"{}\"",
        signature
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D")
    ));
    let verifier = OAuth1Verifier::builder("photos", consumers).scheme(Scheme::HTTP);
    assert_eq!(verdict(verifier, TIME, &head, b""), Err(Reason::Rejected));
}

#[cfg(not(feature = "rsa"))]
fn forged() {}
