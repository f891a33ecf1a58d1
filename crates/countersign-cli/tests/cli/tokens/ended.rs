//! A command that is ended while a token is renewed.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{Store, get_with, named, secret, send_stored};
use crate::support::{Issuer, command};

/// Long enough for the command to be ended meanwhile.
const SLOW: Duration = Duration::from_millis(1500);

/// A store whose token has to be renewed, at a server that replaces the refresh token and answers slowly.
fn due() -> (Issuer, Store) {
    let (issuer, store) = (Issuer::start(), Store::new());
    let login = ["username=u", "password=hakuna"];
    get_with(&store, &issuer, "password_credentials", "mine", &login);
    issuer.end_access();
    issuer.pause(SLOW);
    (issuer, store)
}

fn begin(issuer: &Issuer, store: &Store, more: &[&str]) -> Child {
    let (url, folder) = (issuer.url("/api"), store.path());
    let mut send = command(&["send", "GET", &url, "--auth", "oauth2", "--store", &folder]);
    let send = send.args(named("mine")).args(secret()).args(more);
    send.stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    send.spawn().unwrap()
}

/// The next one sends the token that the ended one stored.
fn is_kept(issuer: &Issuer, store: &Store) {
    issuer.pause(Duration::ZERO);
    let args = [named("mine"), secret()].concat();
    let run = send_stored(store, issuer, &args);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(issuer.seen("/token").len(), 2);
}

/// Waits until the server was asked to renew.
fn asked(issuer: &Issuer) {
    let end = Instant::now() + Duration::from_secs(20);
    while issuer.seen("/token").len() < 2 {
        assert!(Instant::now() < end);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn by_its_time_limit_it_still_stores_the_successor() {
    let (issuer, store) = due();
    // The first answer is a refusal that is as slow; the renewal goes beyond the limit.
    let limit = (SLOW * 3 / 2).as_secs_f64().to_string();
    let mut send = begin(&issuer, &store, &["--timeout", &limit]);
    assert_eq!(send.wait().unwrap().code(), Some(7));
    is_kept(&issuer, &store);
}

#[cfg(unix)]
#[test]
fn by_an_interrupt_it_still_stores_the_successor() {
    let (issuer, store) = due();
    let mut send = begin(&issuer, &store, &[]);
    asked(&issuer);
    crate::support::signal(&send, "-INT");
    assert_eq!(send.wait().unwrap().code(), Some(130));
    is_kept(&issuer, &store);
}
