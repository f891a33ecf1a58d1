//! The files, as others write them, and the way there and back.

use std::time::Duration;

use countersign_cookies::{Cookie, Format, Jar, SameSite};
use proptest::prelude::*;

use crate::{START, jar, sent, set};

fn read(text: &str) -> Vec<Cookie> {
    let jar = jar();
    jar.import(text).unwrap();
    jar.cookies()
}

fn text(jar: &Jar, format: Format) -> String {
    jar.export(format).unwrap().expose_str().unwrap().to_owned()
}

#[test]
fn cookies_txt_as_it_is_found() {
    let cookies = read(concat!(
        "\u{feff}# Netscape HTTP Cookie File\r\n",
        "# written by hand\r\n",
        "\r\n",
        ".example.com\tTRUE\t/\tTRUE\t2147483647\ta\t1\r\n",
        "example.com\tTRUE\t/x\tfalse\t0\tb\t\r\n",
        "#HttpOnly_www.example.com\tFALSE\t/\tFALSE\t\tc\n",
        ".www.example.com\tFALSE\t/\tFALSE\t2147483647.5\td\ta=b\n",
        "old.example.com\tFALSE\t/\tFALSE\t1\te\tgone\n",
        "::1\tFALSE\t/\tFALSE\t0\tf\t1",
    ));
    let [f, a, b, c, d] = &cookies[..] else {
        panic!("{cookies:?}");
    };
    assert_eq!(
        (a.domain(), a.is_host_only(), a.is_secure()),
        ("example.com", false, true)
    );
    assert_eq!(a.expires(), Some(Duration::from_secs(2_147_483_647)));
    assert_eq!(
        (b.is_host_only(), b.path(), b.expires()),
        (false, "/x", None)
    );
    assert_eq!(
        (c.is_http_only(), c.expires(), c.value().expose()),
        (true, None, &b""[..])
    );
    assert_eq!((d.domain(), d.is_host_only()), ("www.example.com", true));
    assert_eq!(d.value().expose(), b"a=b");
    assert_eq!(f.domain(), "[::1]");
}

#[test]
fn what_tough_cookie_serializes() {
    let cookies = read(
        r#"{"version": "tough-cookie@4.1.3", "storeType": "MemoryCookieStore", "rejectPublicSuffixes": true,
        "cookies": [
            {"key": "a", "value": "1", "expires": "2037-01-19T03:14:07.000Z", "maxAge": 60, "domain": "example.com",
             "path": "/", "secure": true, "httpOnly": true, "extensions": ["Priority=High"], "hostOnly": false,
             "creation": "2026-01-01T00:00:00.000Z", "lastAccessed": "2026-01-01T00:00:00.000Z", "sameSite": "none"},
            {"key": "b", "value": "", "expires": "Infinity", "domain": "example.com", "hostOnly": true},
            {"key": "c", "expires": "2037-01-19T03:14:07.500Z", "maxAge": "Infinity", "domain": "example.com"},
            {"key": "d", "maxAge": "-Infinity", "domain": "example.com"},
            {"key": "e", "maxAge": 0, "domain": "example.com"},
            {"value": "f", "expires": null, "maxAge": null, "extensions": ["Partitioned"], "secure": true, "domain": "example.com"},
            {"key": "g", "expires": "2037-01-19T03:14:07.500Z", "domain": "example.com"}
        ]}"#,
    );
    let [a, b, c, f, g] = &cookies[..] else {
        panic!("{cookies:?}");
    };
    assert_eq!(
        a.expires(),
        Some(Duration::from_secs(START + 60)),
        "an age comes before a date"
    );
    assert!(a.is_secure() && a.is_http_only() && !a.is_host_only());
    assert_eq!(a.same_site(), Some(SameSite::None));
    assert!(b.is_host_only() && b.expires().is_none() && c.expires().is_none());
    assert_eq!(f.partition().unwrap().site(), "https://example.com");
    assert_eq!(g.expires(), Some(Duration::from_millis(2_115_947_647_500)));
}

#[test]
fn what_a_browser_extension_exports() {
    let cookies = read(
        r#"[
            {"domain": ".example.com", "expirationDate": 2115947647.123456, "hostOnly": false, "httpOnly": true,
             "name": "a", "path": "/", "sameSite": "no_restriction", "secure": true, "session": false,
             "storeId": "0", "value": "1", "id": 1},
            {"domain": "www.example.com", "hostOnly": true, "httpOnly": false, "name": "b", "path": "/x",
             "sameSite": "unspecified", "secure": false, "session": true, "storeId": null, "value": "2",
             "expirationDate": 1},
            {"domain": ".example.com", "name": "c", "sameSite": null, "secure": true, "value": "3",
             "partitionKey": {"topLevelSite": "https://shop.example", "hasCrossSiteAncestor": true}},
            {"domain": "example.com", "name": "d", "sameSite": "Lax", "value": "4", "expirationDate": 2115947647}
        ]"#,
    );
    let [a, b, c, d] = &cookies[..] else {
        panic!("{cookies:?}");
    };
    assert_eq!(
        a.expires().map(|end| end.as_secs_f64()),
        Some(2_115_947_647.123_456)
    );
    assert_eq!(a.same_site(), Some(SameSite::None));
    assert_eq!(
        (b.expires(), b.is_host_only(), b.same_site()),
        (None, true, None)
    );
    assert!(c.partition().unwrap().has_cross_site_ancestor() && !c.is_host_only());
    assert_eq!(
        (d.is_host_only(), d.same_site()),
        (true, Some(SameSite::Lax))
    );
}

fn full() -> Jar {
    let jar = jar();
    for cookie in [
        "a=1; Domain=example.com; Max-Age=3600; Secure; HttpOnly; SameSite=Lax",
        "b=2; Path=/x; SameSite=None",
        "=nameless",
        "ä=\"ö\"; Max-Age=60",
        "p=1; Secure; Partitioned",
        "e=",
    ] {
        set(&jar, "https://www.example.com/", cookie).unwrap();
    }
    set(
        &jar,
        "http://127.0.0.1:8080/",
        "local=1; Secure; Partitioned",
    )
    .unwrap();
    set(&jar, "http://[::1]:8080/", "six=1").unwrap();
    jar
}

#[test]
fn the_way_there_and_back_loses_nothing() {
    let full = full();
    for format in [Format::Netscape, Format::ToughCookie, Format::Browser] {
        let first = text(&full, format);
        let back = jar();
        assert_eq!(back.import(&first), Ok(format));
        let unordered = |jar: &Jar| {
            let mut cookies = jar.cookies();
            cookies.sort_by_key(|cookie| cookie.name().to_owned());
            cookies
        };
        if format == Format::Netscape {
            for to in [
                "https://www.example.com/x",
                "http://127.0.0.1/",
                "http://[::1]/",
            ] {
                assert_eq!(sent(&back, to), sent(&full, to), "{to}");
            }
        } else {
            assert_eq!(unordered(&back), unordered(&full), "{format:?}");
        }
        assert_eq!(text(&back, format), first, "{format:?}");
    }
}

#[test]
fn a_file_of_cookies_txt_is_for_its_strictest_readers() {
    let jar = jar();
    set(
        &jar,
        "https://www.example.com/",
        "a=1; Domain=example.com; Max-Age=60; HttpOnly",
    )
    .unwrap();
    set(&jar, "https://www.example.com/", "b=2; Secure").unwrap();
    let expected = format!(
        "# Netscape HTTP Cookie File\n\n\
         #HttpOnly_.example.com\tTRUE\t/\tFALSE\t{}\ta\t1\n\
         www.example.com\tFALSE\t/\tTRUE\t0\tb\t2\n",
        START + 60
    );
    assert_eq!(text(&jar, Format::Netscape), expected);
}

#[test]
fn what_is_taken_in_replaces_and_the_rest_stays() {
    let jar = jar();
    set(&jar, "https://example.com/", "a=1").unwrap();
    set(&jar, "https://example.com/", "b=1").unwrap();
    jar.import("example.com\tFALSE\t/\tFALSE\t0\ta\t2\n")
        .unwrap();
    assert_eq!(sent(&jar, "https://example.com/"), "a=2; b=1");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_makes_it_fail(text in "[\\[{#a]?\\PC{0,30}(\t|\n|\"|:|\\[|\\{|\\PC{0,10}){0,20}") {
        let _ = jar().import(&text);
    }

    #[test]
    fn any_cookie_comes_back(name in "[^=;\\pC]{1,10}", value in "[^;\\pC]{0,20}", age in prop::option::of(1..40_000_000_u64)) {
        let from = jar();
        let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
        prop_assume!(set(&from, "https://example.com/", &format!("{name}={value}{age}")).is_ok());
        for format in [Format::Netscape, Format::ToughCookie, Format::Browser] {
            let back = jar();
            prop_assert_eq!(back.import(&text(&from, format)), Ok(format));
            prop_assert_eq!(back.cookies(), from.cookies());
        }
    }
}
