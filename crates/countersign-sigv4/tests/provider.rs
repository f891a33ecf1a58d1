//! Credentials that are provided: asked for once, renewed, and never missing.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign_core::{
    Begin, Clock, Cx, Error, ErrorKind, Exchange, Payload, Result, Scheme, Sources, Strength,
};
use countersign_sigv4::{Credentials, CredentialsProvider, ManagedSigV4, SigV4, SigV4Exchange};
use http::{Request, request};
use support::TIME;
use tokio::sync::Semaphore;

/// A clock that is set.
#[derive(Debug)]
struct Set(AtomicU64);

impl Clock for Set {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

/// Gives key after key, each when it is let go, or fails.
#[derive(Clone)]
struct Provider(Arc<Shared>);

struct Shared {
    asked: AtomicUsize,
    gate: Semaphore,
    next: Mutex<Box<dyn Fn(usize) -> Result<Credentials> + Send>>,
}

impl Provider {
    fn new(next: impl Fn(usize) -> Result<Credentials> + Send + 'static) -> Self {
        Self(Arc::new(Shared {
            asked: AtomicUsize::new(0),
            gate: Semaphore::new(0),
            next: Mutex::new(Box::new(next)),
        }))
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    fn let_go(&self) {
        self.0.gate.add_permits(1);
    }
}

impl CredentialsProvider for Provider {
    fn provide(&self) -> Begin<Credentials> {
        let shared = Arc::clone(&self.0);
        let count = shared.asked.fetch_add(1, Ordering::SeqCst) + 1;
        Begin::wait(async move {
            shared.gate.acquire().await.unwrap().forget();
            let next = shared.next.lock().unwrap();
            next(count)
        })
    }
}

fn key(count: usize, expires: u64) -> Result<Credentials> {
    Ok(Credentials::new(&format!("KEY{count}"), "secret")?.expires_at(expires))
}

fn failure() -> Error {
    Error::new(ErrorKind::Fetch, "the vault is down")
}

fn scheme(provider: &Provider) -> (ManagedSigV4, Arc<Set>) {
    let clock = Arc::new(Set(AtomicU64::new(TIME)));
    let sources = Sources {
        clock: clock.clone(),
        ..Sources::default()
    };
    let builder = SigV4::builder("us-east-1", "sqs").sources(sources);
    (builder.provider(provider.clone()).unwrap(), clock)
}

fn head() -> request::Parts {
    Request::get("https://h/").body(()).unwrap().into_parts().0
}

fn begin(scheme: &ManagedSigV4) -> Begin<SigV4Exchange> {
    scheme.begin(Cx::new(&head(), None))
}

fn poll<T>(future: &mut (impl Future<Output = T> + Unpin)) -> Poll<T> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

fn now<T>(begun: Begin<T>) -> Result<T> {
    match pin!(begun).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits"),
    }
}

/// The id of the key that a request is signed with.
fn id(exchange: Result<SigV4Exchange>) -> String {
    let mut head = head();
    let mut body = Payload::whole(Default::default());
    exchange.unwrap().prepare(&mut head, &mut body).unwrap();
    let line = head.headers["authorization"].to_str().unwrap();
    let credential = line.split_once("Credential=").unwrap().1;
    credential.split_once('/').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_thousand_requests_ask_once() {
    let provider = Provider::new(|count| key(count, TIME + 3600));
    let (scheme, _) = scheme(&provider);
    let begun: Vec<_> = (0..1000).map(|_| tokio::spawn(begin(&scheme))).collect();
    tokio::task::yield_now().await;
    provider.let_go();
    for one in begun {
        assert_eq!(id(one.await.unwrap()), "KEY1");
    }
    assert_eq!(id(now(begin(&scheme))), "KEY1", "later ones do not wait");
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn a_thousand_requests_fail_by_one_failure() {
    let provider = Provider::new(|count| {
        if count == 1 {
            Err(failure())
        } else {
            key(count, TIME + 3600)
        }
    });
    let (scheme, _) = scheme(&provider);
    let begun: Vec<_> = (0..1000).map(|_| tokio::spawn(begin(&scheme))).collect();
    tokio::task::yield_now().await;
    provider.let_go();
    for one in begun {
        let error = one.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Fetch);
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "the vault is down");
    }
    assert!(begin(&scheme).await.is_err(), "the failure stands");
    assert_eq!(provider.asked(), 1);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    provider.let_go();
    assert_eq!(id(begin(&scheme).await), "KEY2", "it is asked again");
}

#[test]
fn whoever_asked_first_may_go_away() {
    let provider = Provider::new(|count| key(count, TIME + 3600));
    let (scheme, _) = scheme(&provider);
    let mut leader = begin(&scheme);
    let mut other = begin(&scheme);
    assert!(poll(&mut leader).is_pending());
    assert!(poll(&mut other).is_pending());
    drop(leader);
    provider.let_go();
    let Poll::Ready(exchange) = poll(&mut other) else {
        panic!("it waits for the one that left")
    };
    assert_eq!(id(exchange), "KEY1");
    assert_eq!(provider.asked(), 1);
}

#[test]
fn a_fetch_that_all_have_left_is_taken_up_again() {
    let provider = Provider::new(|count| key(count, TIME + 3600));
    let (scheme, _) = scheme(&provider);
    let mut only = begin(&scheme);
    assert!(poll(&mut only).is_pending());
    drop(only);
    provider.let_go();
    assert_eq!(id(now(begin(&scheme))), "KEY1");
    assert_eq!(provider.asked(), 1);
}

#[test]
fn keys_are_renewed_shortly_before_they_expire() {
    let provider = Provider::new(|count| key(count, TIME + 3600 * count as u64));
    let (scheme, clock) = scheme(&provider);
    let at = |unix: u64| clock.0.store(unix, Ordering::Relaxed);
    provider.let_go();
    assert_eq!(id(now(begin(&scheme))), "KEY1");
    at(TIME + 3600 - 301);
    assert_eq!(id(now(begin(&scheme))), "KEY1");
    at(TIME + 3600 - 300);
    provider.let_go();
    assert_eq!(id(now(begin(&scheme))), "KEY2");
    assert_eq!(provider.asked(), 2);
}

#[test]
fn keys_that_are_good_still_outlive_a_failure() {
    let provider = Provider::new(|count| {
        if count == 1 {
            key(1, TIME + 600)
        } else {
            Err(failure())
        }
    });
    let (scheme, clock) = scheme(&provider);
    provider.let_go();
    assert_eq!(id(now(begin(&scheme))), "KEY1");
    clock.0.store(TIME + 599, Ordering::Relaxed);
    provider.let_go();
    assert_eq!(id(now(begin(&scheme))), "KEY1");
    clock.0.store(TIME + 600, Ordering::Relaxed);
    assert_eq!(now(begin(&scheme)).unwrap_err().kind(), ErrorKind::Fetch);
    assert_eq!(provider.asked(), 2);
}

#[test]
fn keys_that_come_expired_are_not_used() {
    let provider = Provider::new(|count| key(count, TIME));
    let (scheme, _) = scheme(&provider);
    provider.let_go();
    let error = now(begin(&scheme)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fetch);
    assert!(error.to_string().contains("expired"));
}

#[test]
fn keys_that_do_not_expire_are_asked_for_once() {
    let builder = SigV4::builder("us-east-1", "sqs");
    let scheme = builder
        .provider(Credentials::new("KEY", "secret").unwrap())
        .unwrap();
    assert_eq!(id(now(begin(&scheme))), "KEY");
    assert_eq!(scheme.strength(), Strength::Request);
}
