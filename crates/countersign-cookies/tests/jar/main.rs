//! Which cookies a jar keeps, where it sends them, and the files that it reads and writes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod admission;
mod files;
mod formats;
mod hostile;
mod limits;
mod partitions;
mod property;
mod sending;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use countersign_cookies::{Jar, Refusal};
use countersign_core::Clock;
use http::{HeaderMap, Uri};

/// 2026-01-01, in seconds.
const START: u64 = 1_767_225_600;

/// A clock that a test moves.
#[derive(Clone, Debug)]
struct Hands(Arc<AtomicU64>);

impl Hands {
    fn new() -> Self {
        Self(Arc::new(AtomicU64::new(START)))
    }

    fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

fn jar() -> Jar {
    Jar::with_clock(Arc::new(Hands::new()))
}

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

fn set(jar: &Jar, from: &str, cookie: &str) -> Result<(), Refusal> {
    jar.set(&uri(from), cookie)
}

/// The `Cookie` field of a request; empty if there is none.
fn sent(jar: &Jar, to: &str) -> String {
    let mut request = HeaderMap::new();
    jar.apply(&uri(to), &mut request);
    let field = request.get("cookie");
    field.map_or_else(String::new, |field| {
        assert!(field.is_sensitive());
        String::from_utf8(field.as_bytes().to_vec()).unwrap()
    })
}
