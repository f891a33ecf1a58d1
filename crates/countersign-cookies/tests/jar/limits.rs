//! What a server may have kept.

use std::sync::Arc;

use countersign_cookies::{Jar, Refusal};

use crate::{Hands, jar, sent, set};

#[test]
fn a_cookie_has_4096_bytes() {
    let jar = jar();
    let value = "v".repeat(4093);
    assert_eq!(
        set(&jar, "https://example.com/", &format!("nam={value}")),
        Ok(())
    );
    let refused = set(&jar, "https://example.com/", &format!("name={value}"));
    assert_eq!(refused, Err(Refusal::TooLong));
}

#[test]
fn a_site_has_180_and_what_is_not_secure_or_not_used_goes_first() {
    let hands = Hands::new();
    let jar = Jar::with_clock(Arc::new(hands.clone()));
    set(&jar, "https://example.com/", "secure=1; Secure").unwrap();
    set(&jar, "https://example.com/", "old=1").unwrap();
    set(&jar, "https://example.com/used/", "used=1").unwrap();
    hands.pass(1);
    set(&jar, "https://example.com/", "short=1; Max-Age=2").unwrap();
    hands.pass(1);
    assert!(sent(&jar, "https://example.com/used/x").contains("used=1"));
    let fill = |range: std::ops::Range<usize>| {
        for number in range {
            // Every host below a site counts.
            set(&jar, &format!("https://h{number}.example.com/"), "a=1").unwrap();
        }
    };
    hands.pass(1);
    fill(0..177);
    let names = || {
        jar.cookies()
            .iter()
            .map(|cookie| cookie.name().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(jar.cookies().len(), 180, "what has expired has gone");
    fill(177..178);
    assert_eq!(jar.cookies().len(), 180);
    fill(178..700);
    assert_eq!(jar.cookies().len(), 180);
    assert!(names().contains(&"secure".to_owned()));
    assert!(!names().contains(&"old".to_owned()));
}

#[test]
fn all_sites_have_4000_and_other_sites_keep_theirs_until_then() {
    let hands = Hands::new();
    let jar = Jar::with_clock(Arc::new(hands.clone()));
    set(&jar, "https://mine.example/", "session=1").unwrap();
    hands.pass(1);
    let flood = |range: std::ops::Range<usize>| {
        for number in range {
            set(&jar, &format!("https://h{number}.github.io/"), "a=1").unwrap();
        }
    };
    flood(0..3999);
    assert_eq!(sent(&jar, "https://mine.example/"), "session=1");
    hands.pass(1);
    flood(3999..4010);
    assert_eq!(jar.cookies().len(), 4000);
    assert_eq!(
        sent(&jar, "https://mine.example/"),
        "session=1",
        "it was used more recently"
    );
    assert_eq!(sent(&jar, "https://h4009.github.io/"), "a=1");
}
