//! Digest: the examples of RFC 7616 section 3.9.1, whose responses are printed there.

use countersign_basic::Basic;
use countersign_core::{Any, AnyOf};
use countersign_digest::{Algorithm, Digest, Preset};
use wiremock::ResponseTemplate;

use crate::{get, refusal, server, statuses};

const NONCE: &str = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const MD5: &str = "8ca523f5e9506fed4657c9700eebdbec";
const SHA256: &str = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";

fn digest() -> Digest {
    let digest = Digest::new("Mufasa", "Circle of Life").unwrap();
    digest.preset(Preset::new().client_nonce(CNONCE)).unwrap()
}

fn challenge(algorithm: &str) -> String {
    format!(
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{NONCE}\", \
         opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
    )
}

/// Whether a request holds `response` and everything that it was made of.
fn holds(response: &'static str) -> impl Fn(&wiremock::Request) -> bool {
    let parts = [
        "Digest username=\"Mufasa\"".to_owned(),
        "realm=\"http-auth@example.org\"".to_owned(),
        "uri=\"/dir/index.html\"".to_owned(),
        format!("nonce=\"{NONCE}\""),
        "nc=00000001".to_owned(),
        format!("cnonce=\"{CNONCE}\""),
        "qop=auth".to_owned(),
        format!("response=\"{response}\""),
        "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"".to_owned(),
    ];
    move |request| {
        let sent = request
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        parts.iter().all(|part| sent.contains(part))
    }
}

fn asking(challenges: &[&str]) -> ResponseTemplate {
    challenges.iter().fold(refusal(), |answer, algorithm| {
        answer.append_header("www-authenticate", challenge(algorithm))
    })
}

#[tokio::test]
async fn the_examples_of_the_rfc() {
    for (algorithm, response) in [("MD5", MD5), ("SHA-256", SHA256)] {
        let right = server(holds(response), asking(&[algorithm])).await;
        let found = statuses(&right, || Any::new(digest()), get("/dir/index.html")).await;
        assert_eq!(found, [(200, 2); 3], "{algorithm}");
        let wrong = || Any::new(Digest::new("Mufasa", "circle of life").unwrap());
        assert_eq!(
            statuses(&right, wrong, get("/dir/index.html")).await,
            [(401, 2); 3],
            "{algorithm}"
        );
    }
}

#[tokio::test]
async fn the_strongest_algorithm_is_answered_wherever_it_stands() {
    for order in [["MD5", "SHA-256"], ["SHA-256", "MD5"]] {
        let right = server(holds(SHA256), asking(&order)).await;
        let found = statuses(&right, || Any::new(digest()), get("/dir/index.html")).await;
        assert_eq!(found, [(200, 2); 3], "{order:?}");
    }
}

#[tokio::test]
async fn a_pinned_minimum_is_never_undercut() {
    let weak = server(
        holds(MD5),
        asking(&["MD5"]).append_header("www-authenticate", "Basic realm=\"x\""),
    )
    .await;
    let pinned = || {
        let digest = Any::new(digest().min_algorithm(Algorithm::Sha256));
        Any::new(AnyOf::new([
            digest,
            Any::new(Basic::new("Mufasa", "Circle of Life").unwrap().reactive()),
        ]))
    };
    assert_eq!(
        statuses(&weak, pinned, get("/dir/index.html")).await,
        [(401, 1); 3]
    );
}

#[tokio::test]
async fn a_choice_answers_digest_before_basic() {
    let right = server(
        holds(SHA256),
        asking(&["SHA-256"]).append_header("www-authenticate", "Basic realm=\"x\""),
    )
    .await;
    let choice = || {
        let basic = Any::new(Basic::new("Mufasa", "Circle of Life").unwrap().reactive());
        Any::new(AnyOf::new([basic, Any::new(digest())]))
    };
    assert_eq!(
        statuses(&right, choice, get("/dir/index.html")).await,
        [(200, 2); 3]
    );
}
