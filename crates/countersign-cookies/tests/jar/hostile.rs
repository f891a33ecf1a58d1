//! Files and fields that mean harm.

use std::time::Instant;

use countersign_cookies::{Format, Place};
use countersign_testkit::{Canary, assert_clean};

use crate::{jar, sent, set};

/// What is wrong, where, and in which field.
const WRONG: [(&str, Place, Option<&str>); 36] = [
    ("hello", Place::Line(1), None),
    (
        "\n\n#x\na.example\tFALSE\t/\tFALSE\t0",
        Place::Line(4),
        None,
    ),
    ("a.example\tFALSE\t/\tFALSE\t0", Place::Line(1), None),
    (
        "a.example\tyes\t/\tFALSE\t0\tn\tSECRET",
        Place::Line(1),
        Some("include subdomains"),
    ),
    (
        "a.example\tFALSE\t/\t1\t0\tn\tSECRET",
        Place::Line(1),
        Some("secure"),
    ),
    (
        "a b\tFALSE\t/\tFALSE\t0\tn\tSECRET",
        Place::Line(1),
        Some("domain"),
    ),
    (
        "\tFALSE\t/\tFALSE\t0\tn\tSECRET",
        Place::Line(1),
        Some("domain"),
    ),
    (
        "#HttpOnly_\tFALSE\t/\tFALSE\t0\tn\tSECRET",
        Place::Line(1),
        Some("domain"),
    ),
    (
        "a.example\tFALSE\tx\tFALSE\t0\tn\tSECRET",
        Place::Line(1),
        Some("path"),
    ),
    (
        "a.example\tFALSE\t/\tFALSE\t-1\tn\tSECRET",
        Place::Line(1),
        Some("expires"),
    ),
    (
        "a.example\tFALSE\t/\tFALSE\t1e9\tn\tSECRET",
        Place::Line(1),
        Some("expires"),
    ),
    (
        "a.example\tFALSE\t/\tFALSE\t99999999999999999999\tn\tSECRET",
        Place::Line(1),
        Some("expires"),
    ),
    ("a.example\tFALSE\t/\tFALSE\t0\t\t", Place::Line(1), None),
    (
        "a.example\tFALSE\t/\tFALSE\t0\tn\tSECRET; x",
        Place::Line(1),
        None,
    ),
    (
        "a.example\tFALSE\t/\tFALSE\t0\tn\tSECRET\tx",
        Place::Line(1),
        None,
    ),
    (
        "a.example\tFALSE\t/\tFALSE\t0\t__Secure-n\tSECRET",
        Place::Line(1),
        None,
    ),
    ("{", Place::Line(1), None),
    ("{\n\"cookies\": [SECRET]}", Place::Line(2), None),
    ("{}", Place::File, None),
    (r#"{"cookies": "SECRET"}"#, Place::File, None),
    (r#"{"cookies": ["SECRET"]}"#, Place::Cookie(1), None),
    (
        r#"{"cookies": [{"value": 1, "key": "n", "domain": "a.example"}]}"#,
        Place::Cookie(1),
        Some("value"),
    ),
    (
        r#"{"cookies": [{"domain": "a.example"}]}"#,
        Place::Cookie(1),
        Some("key"),
    ),
    (
        r#"{"cookies": [{"key": "n"}]}"#,
        Place::Cookie(1),
        Some("domain"),
    ),
    (
        r#"{"cookies": [{"key": "n", "domain": "a.example", "expires": "SECRET"}]}"#,
        Place::Cookie(1),
        Some("expires"),
    ),
    (
        r#"{"cookies": [{"key": "n", "domain": "a.example", "maxAge": "SECRET"}]}"#,
        Place::Cookie(1),
        Some("maxAge"),
    ),
    (
        r#"{"cookies": [{"key": "n", "domain": "a.example", "extensions": "SECRET"}]}"#,
        Place::Cookie(1),
        Some("extensions"),
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example"}, 1]"#,
        Place::Cookie(2),
        None,
    ),
    (
        r#"[{"name": "n", "domain": "a.example"}]"#,
        Place::Cookie(1),
        Some("value"),
    ),
    (
        r#"[{"name": "n\r\nx: y", "value": "SECRET", "domain": "a.example"}]"#,
        Place::Cookie(1),
        None,
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example", "expirationDate": "SECRET"}]"#,
        Place::Cookie(1),
        Some("expirationDate"),
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example", "expirationDate": -1}]"#,
        Place::Cookie(1),
        Some("expirationDate"),
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example", "sameSite": "SECRET"}]"#,
        Place::Cookie(1),
        Some("sameSite"),
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example", "partitionKey": "SECRET"}]"#,
        Place::Cookie(1),
        Some("partitionKey"),
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example", "partitionKey": {"topLevelSite": "https://b.example"}}]"#,
        Place::Cookie(1),
        None,
    ),
    (
        r#"[{"name": "n", "value": "SECRET", "domain": "a.example", "firstPartyDomain": "SECRET"}]"#,
        Place::Cookie(1),
        Some("firstPartyDomain"),
    ),
];

#[test]
fn a_broken_file_is_told_by_place_and_field_and_nothing_of_it_is_taken_in() {
    for (text, place, field) in WRONG {
        let jar = jar();
        let text = text.replace("SECRET", Canary::token().as_str());
        let error = jar.import(&text).unwrap_err();
        assert_eq!((error.place(), error.field()), (place, field), "{error}");
        assert_clean("an error", format!("{error} {error:?}").as_bytes());
        assert_eq!(jar.cookies(), []);
    }
}

#[test]
fn a_file_with_more_than_a_jar_keeps_is_refused() {
    let line = |number: usize, site: &str| format!("h{number}.{site}\tFALSE\t/\tFALSE\t0\tn\tv\n");
    for (site, most) in [("example.com", 180), ("github.io", 4000)] {
        let fits: String = (0..most).map(|number| line(number, site)).collect();
        assert_eq!(jar().import(&fits), Ok(Format::Netscape));
        let error = jar().import(&(fits + &line(most, site))).unwrap_err();
        assert!(
            error.to_string().contains(&format!("more than {most}")),
            "{error}"
        );
    }
}

#[test]
fn depth_is_bounded() {
    let deep = "[".repeat(100_000);
    assert_eq!(jar().import(&deep).unwrap_err().place(), Place::Line(1));
}

#[test]
fn a_suffix_or_an_address_in_a_file_is_a_host() {
    let jar = jar();
    jar.import(".co.uk\tTRUE\t/\tFALSE\t0\ta\t1\n.127.0.0.1\tTRUE\t/\tFALSE\t0\tb\t1\n")
        .unwrap();
    assert_eq!(sent(&jar, "https://shop.co.uk/"), "");
    assert!(
        jar.cookies()
            .iter()
            .all(countersign_cookies::Cookie::is_host_only)
    );
}

#[test]
fn long_fields_take_no_longer_than_they_are() {
    let jar = jar();
    let start = Instant::now();
    for field in [
        "a=b".to_owned() + &"; Path=/".repeat(200_000),
        ";".repeat(1_000_000),
        "=".repeat(1_000_000),
        format!("a=b; Expires={}", "1 ".repeat(500)),
        format!("a=b; Domain={}example.com", "a.".repeat(500)),
    ] {
        let _ = set(&jar, "https://example.com/", &field);
    }
    // Bounded, not measured: a square of these lengths would be minutes.
    assert!(start.elapsed().as_secs() < 20);
    assert!(jar.cookies().len() <= 2);
}

#[test]
fn nothing_shows_a_value() {
    let jar = jar();
    let canary = Canary::token();
    set(
        &jar,
        "https://example.com/",
        &format!("n={}", canary.as_str()),
    )
    .unwrap();
    let refused = set(
        &jar,
        "https://example.com/",
        &format!("n={}; Domain=com", canary.as_str()),
    );
    let shown = format!(
        "{jar:?} {:?} {refused:?} {:?}",
        jar.cookies(),
        jar.export(Format::Browser)
    );
    assert_clean("Debug", shown.as_bytes());
    assert!(shown.contains("example.com"));
}
