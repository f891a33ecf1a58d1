//! The replay guard, origins and secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use countersign_core::{Fingerprint, MemoryGuard, Origin, ReplayGuard, Secret, Use, Used};
use proptest::prelude::*;

async fn record(guard: &MemoryGuard, nonce: &[u8], count: u32, now: u64, expires: u64) -> Used {
    guard
        .record(Use {
            nonce,
            count,
            now,
            expires,
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_use_counts_once() {
    let guard = MemoryGuard::new(10);
    for (count, expected) in [
        (1, Used::First),
        (1, Used::Again),
        (5, Used::First),
        (3, Used::First),
        (3, Used::Again),
        (68, Used::First),
        (5, Used::Again),
        (4, Used::TooOld),
        (u32::MAX, Used::First),
        (u32::MAX, Used::Again),
        (69, Used::TooOld),
    ] {
        assert_eq!(record(&guard, b"n", count, 0, 9).await, expected, "{count}");
    }
    assert_eq!(record(&guard, b"other", 1, 0, 9).await, Used::First);
}

#[tokio::test]
async fn a_full_guard_refuses_and_drops_nothing_that_lives() {
    let guard = MemoryGuard::new(2);
    assert_eq!(record(&guard, b"a", 0, 0, 5).await, Used::First);
    assert_eq!(record(&guard, b"b", 0, 0, 9).await, Used::First);
    assert_eq!(record(&guard, b"c", 0, 5, 9).await, Used::Full);
    assert_eq!(record(&guard, b"a", 0, 5, 5).await, Used::Again);
    assert_eq!(
        record(&guard, b"c", 0, 6, 9).await,
        Used::First,
        "an expired one made room"
    );
    assert_eq!(record(&guard, b"b", 0, 6, 9).await, Used::Again);
    assert_eq!(guard.len(), 2);
}

proptest! {
    #[test]
    fn no_count_is_ever_accepted_twice(counts in proptest::collection::vec(0_u32..200, 0..300)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let guard = MemoryGuard::default();
        let mut accepted = std::collections::HashSet::new();
        for count in counts {
            if runtime.block_on(record(&guard, b"n", count, 0, 9)) == Used::First {
                prop_assert!(accepted.insert(count));
            }
        }
    }
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    let origin = |text: &str| text.parse::<Origin>().unwrap();
    assert_eq!(origin("HTTP://A.Test/path"), origin("http://a.test:80"));
    assert_eq!(
        origin("https://[::1]"),
        origin("https://[0:0:0:0:0:0:0:1]:443")
    );
    assert_eq!(origin("https://u:p@a.test"), origin("https://a.test"));
    for (one, other) in [
        ("http://a.test", "https://a.test"),
        ("http://a.test", "http://a.test:81"),
        ("http://a.test", "http://a.test."),
        ("http://a.test", "http://sub.a.test"),
        ("http://127.0.0.1", "http://localhost"),
    ] {
        assert_ne!(origin(one), origin(other));
    }
    for wrong in ["", "/path", "a.test", "ftp://a.test"] {
        assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
    }
}

#[test]
fn secrets_do_not_show() {
    let shown = format!(
        "{:?} {:?}",
        Secret::from("hunter2"),
        Fingerprint::of("hunter2")
    );
    assert_eq!(shown, "[redacted] [redacted]");
    assert_eq!(Secret::from("a"), Secret::from("a"));
    assert_ne!(Secret::from("a"), Secret::from("ab"));
    assert_eq!(Fingerprint::of("a"), Fingerprint::of(b"a"));
    assert_ne!(Fingerprint::of("a"), Fingerprint::of("b"));
}

#[test]
fn a_port_that_is_no_number_is_no_origin() {
    for text in ["http://alice:p/ss@h/", "http://a.test:99999/"] {
        if let Ok(uri) = text.parse::<http::Uri>() {
            assert!(Origin::of(&uri).is_none(), "{text}");
        }
    }
    assert!("http://a.test:/".parse::<Origin>().is_ok());
}
