//! What tells tokens apart.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::collections::HashSet;

use countersign_token::{Id, Key, KeyBuilder};

fn base() -> KeyBuilder {
    Key::builder()
        .server("https://login.test/token")
        .client_id("shop")
        .client_secret("s3cret")
        .grant("password")
        .subject("alice")
        .scopes(["a", "b"])
        .resources(["https://api.test"])
        .audience("api")
        .environment("test")
        .parameter("tenant", "1")
}

#[test]
fn each_part_makes_it_another() {
    let keys = [
        base(),
        base().server("https://other.test/token"),
        base().client_id("shop2"),
        base().client_secret("s3creT"),
        base().grant("client_credentials"),
        base().subject("bob"),
        base().scopes(["a"]),
        base().scopes(["a b"]),
        base().scopes(["ab"]),
        base().resources(["https://api.test", "https://more.test"]),
        base().audience("https://api.test"),
        base().environment("live"),
        base().parameter("tenant", "2"),
        base().parameter("tenan", "t1"),
        Key::builder(),
        Key::builder().subject(""),
        Key::builder().audience(""),
        Key::builder().environment(""),
        Key::builder().client_secret(""),
        Key::builder().server("a").client_id("b"),
        Key::builder().server("ab"),
        Key::builder().client_id("ab"),
    ];
    let ids: HashSet<Id> = keys.iter().map(|key| key.clone().build().id()).collect();
    assert_eq!(ids.len(), keys.len());
}

#[test]
fn order_and_repetition_do_not() {
    let same = base()
        .scopes(["b", "a", "b"])
        .resources(["https://api.test", "https://api.test"]);
    assert_eq!(same.build(), base().build());
    let one = base().parameter("x", "1").parameter("y", "2").build();
    assert_eq!(base().parameter("y", "2").parameter("x", "1").build(), one);
}

/// What is stored under it has to be found again by the next version.
#[test]
fn the_fingerprint_stays_what_it_is() {
    assert_eq!(base().build().to_string(), "9507bb509898");
}

#[test]
fn it_shows_no_secret() {
    let (builder, key) = (base().parameter("p", "canary"), base().build());
    let shown = format!("{builder:?} {key:?} {key} {:#?}", key.id());
    for secret in ["s3cret", "canary"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_fingerprint_reads_back() {
    let id = base().build().id();
    assert_eq!(id.hex().parse::<Id>().unwrap(), id);
    for bad in [
        "",
        "0",
        &id.hex()[1..],
        &"g".repeat(64),
        &"A".repeat(64),
        &"é".repeat(32),
    ] {
        assert!(bad.parse::<Id>().is_err(), "{bad}");
    }
}
