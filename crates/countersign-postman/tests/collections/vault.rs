//! Secrets that are fetched, and bound to domains.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use countersign::{Begin, Sleep};
use countersign_postman::{ErrorKind, Insistent, Secrets, Variables, Vault, VaultSecret};
use countersign_testkit::{Canary, assert_clean};
use serde_json::{Value, json};

use crate::support::{block_on, failure, first, of, prepare, sent};

fn request(url: &str) -> Value {
    json!({"url": url, "auth": {"type": "bearer", "bearer": {"token": "{{vault:key}}"}}})
}

fn bound(domain: &str) -> Variables {
    let secret = VaultSecret::new("k3y").domain(domain).unwrap();
    Variables::new().secrets(Vault::from_iter([("key", secret)]))
}

#[test]
fn a_secret_goes_to_its_domain_alone() {
    let collection = of(request("https://api.h.test/any?path"));
    let header = sent(&collection, first(&collection), &bound("*.h.test"));
    assert_eq!(header.unwrap(), "Bearer k3y");
    let error = failure(request("https://api.other.test/"), &bound("*.h.test"));
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::SecretDomain, Some("key"))
    );
    assert_eq!(error.path(), "item[0].request.auth.bearer.token");
}

#[test]
fn that_holds_for_the_url_too() {
    let url = json!({"url": "https://h.test/?k={{vault:key}}"});
    assert_eq!(
        prepare(url.clone(), &bound("h.test")).request.uri().query(),
        Some("k=k3y")
    );
    assert_eq!(
        failure(url, &bound("other.test")).kind(),
        ErrorKind::SecretDomain
    );
    // Where the secret itself names the host, what comes out is what counts.
    let host = json!({"url": "https://{{vault:key}}/"});
    assert_eq!(
        failure(host, &bound("h.test")).kind(),
        ErrorKind::SecretDomain
    );
}

#[test]
fn only_the_vault_knows_its_names() {
    let error = failure(
        request("https://h.test/"),
        &Variables::new().set("key", "x"),
    );
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::Unresolved, Some("vault:key"))
    );
    let empty = Variables::new().secrets(Vault::default());
    assert_eq!(
        failure(request("https://h.test/"), &empty).kind(),
        ErrorKind::Unresolved
    );
}

#[test]
fn a_header_with_a_secret_is_marked() {
    let header =
        json!([{"key": "X-One", "value": "{{vault:key}}"}, {"key": "X-Two", "value": "open"}]);
    let prepared = prepare(
        json!({"url": "https://h.test/", "header": header}),
        &bound("h.test"),
    );
    let headers = prepared.request.headers();
    assert!(headers["x-one"].is_sensitive() && !headers["x-two"].is_sensitive());
}

/// Fails as often as told, then answers; or never answers.
struct Weak {
    failures: usize,
    silent: bool,
    asked: Arc<AtomicUsize>,
}

impl Weak {
    fn new(failures: usize, silent: bool) -> (Self, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let weak = Self {
            failures,
            silent,
            asked: asked.clone(),
        };
        (weak, asked)
    }
}

impl Secrets for Weak {
    fn secret(&self, _: &str) -> Begin<Option<VaultSecret>> {
        let before = self.asked.fetch_add(1, Ordering::SeqCst);
        match before < self.failures {
            true if self.silent => Begin::wait(std::future::pending()),
            true => Begin::failed(countersign::Error::new(
                countersign::ErrorKind::Fetch,
                "away",
            )),
            false => Begin::ready(Some(VaultSecret::new("k3y"))),
        }
    }
}

fn sleep(time: Duration) -> Sleep {
    Box::pin(tokio::time::sleep(time))
}

#[test]
fn a_failure_fails_the_request() {
    let (weak, asked) = Weak::new(1, false);
    let error = failure(request("https://h.test/"), &Variables::new().secrets(weak));
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::Secret, Some("key"))
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn it_is_asked_again_and_not_waited_for_without_end() {
    for (silent, failures, succeeds) in [
        (false, 2, true),
        (false, 3, false),
        (true, 2, true),
        (true, 3, false),
    ] {
        let (weak, asked) = Weak::new(failures, silent);
        let insistent = Insistent::new(weak, 3, Duration::from_millis(5), sleep);
        let collection = of(request("https://h.test/"));
        let variables = Variables::new().secrets(insistent);
        let prepared = block_on(collection.prepare(first(&collection), &variables));
        assert_eq!(prepared.is_ok(), succeeds);
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }
}

#[test]
fn a_secret_is_fetched_once_for_a_request() {
    let (weak, asked) = Weak::new(0, false);
    let body = json!({"mode": "raw", "raw": "{{vault:key}}{{vault:key}}"});
    let mut request = request("https://h.test/{{vault:key}}");
    (request["method"], request["body"]) = ("POST".into(), body);
    prepare(request, &Variables::new().secrets(weak));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn no_error_shows_it() {
    let canary = Canary::new();
    let secret = VaultSecret::new(canary.as_str()).domain("h.test").unwrap();
    let variables = Variables::new().secrets(Vault::from_iter([("key", secret.clone())]));
    // It is no token by RFC 6750, and bound to another domain.
    for url in ["https://h.test/", "https://other.test/"] {
        let error = failure(request(url), &variables);
        assert_clean("an error", format!("{error} {error:?}").as_bytes());
    }
    assert_clean("Debug", format!("{secret:?} {variables:?}").as_bytes());
}
