//! Where cookies are sent, in which order, and until when (RFC 6265bis section 5.8).

use std::sync::Arc;
use std::time::Duration;

use countersign_cookies::Jar;
use http::HeaderMap;

use crate::{Hands, START, jar, sent, set, uri};

/// The examples of RFC 6265 section 3.1.
#[test]
fn the_examples_of_the_rfc() {
    let jar = jar();
    let server = "https://www.example.com/";
    set(
        &jar,
        server,
        "SID=31d4d96e407aad42; Path=/; Domain=example.com",
    )
    .unwrap();
    assert_eq!(sent(&jar, server), "SID=31d4d96e407aad42");
    assert_eq!(sent(&jar, "http://example.com/"), "SID=31d4d96e407aad42");
    assert_eq!(sent(&jar, "http://example.org/"), "");
    let jar = crate::jar();
    set(
        &jar,
        server,
        "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly",
    )
    .unwrap();
    set(&jar, server, "lang=en-US; Path=/; Domain=example.com").unwrap();
    assert_eq!(sent(&jar, server), "SID=31d4d96e407aad42; lang=en-US");
    set(
        &jar,
        server,
        "lang=en-US; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Path=/; Domain=example.com",
    )
    .unwrap();
    let gone = "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Path=/; Domain=example.com";
    set(&jar, server, gone).unwrap();
    assert_eq!(sent(&jar, server), "SID=31d4d96e407aad42");
}

#[test]
fn longer_paths_come_first_and_then_what_was_created_first() {
    let hands = Hands::new();
    let jar = Jar::with_clock(Arc::new(hands.clone()));
    for cookie in [
        "a=1; Path=/",
        "b=1; Path=/x/y",
        "c=1; Path=/x",
        "d=1; Path=/",
    ] {
        set(&jar, "https://example.com/", cookie).unwrap();
        hands.pass(1);
    }
    assert_eq!(sent(&jar, "https://example.com/x/y"), "b=1; c=1; a=1; d=1");
    set(&jar, "https://example.com/", "a=2; Path=/").unwrap();
    assert_eq!(
        sent(&jar, "https://example.com/"),
        "a=2; d=1",
        "a new value is not a new cookie"
    );
}

#[test]
fn the_same_name_is_another_cookie_under_another_domain_or_path() {
    let jar = jar();
    for cookie in [
        "a=1; Path=/",
        "a=2; Path=/; Domain=x.example.com",
        "a=3; Domain=example.com; Path=/p",
    ] {
        set(&jar, "https://x.example.com/", cookie).unwrap();
    }
    assert_eq!(sent(&jar, "https://x.example.com/p"), "a=3; a=1; a=2");
    assert_eq!(sent(&jar, "https://y.x.example.com/"), "a=2");
}

#[test]
fn secure_ones_go_where_nobody_reads_them() {
    let jar = jar();
    for host in ["www.example.com", "localhost"] {
        set(&jar, &format!("https://{host}/"), "a=1; Secure").unwrap();
    }
    assert_eq!(sent(&jar, "http://www.example.com/"), "");
    assert_eq!(sent(&jar, "https://www.example.com:8443/"), "a=1");
    assert_eq!(sent(&jar, "http://localhost:8080/"), "a=1");
}

#[test]
fn an_age_comes_before_a_date() {
    let hands = Hands::new();
    let jar = Jar::with_clock(Arc::new(hands.clone()));
    let server = "https://example.com/";
    set(
        &jar,
        server,
        "a=1; Max-Age=10; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
    )
    .unwrap();
    set(
        &jar,
        server,
        "b=1; Max-Age=soon; Expires=Thu, 01 Jan 2026 00:00:20 GMT",
    )
    .unwrap();
    set(&jar, server, "c=1; Max-Age=0").unwrap();
    set(&jar, server, "d=1; Max-Age=99999999999999999999").unwrap();
    set(&jar, server, "e=1; Expires=whenever").unwrap();
    assert_eq!(sent(&jar, server), "a=1; b=1; d=1; e=1");
    hands.pass(10);
    assert_eq!(sent(&jar, server), "b=1; d=1; e=1");
    hands.pass(10);
    assert_eq!(sent(&jar, server), "d=1; e=1");
    let kept = jar.cookies();
    let longest = Duration::from_secs(START + 400 * 86_400);
    assert_eq!(kept[0].expires(), Some(longest), "at most 400 days");
    assert_eq!(kept[1].expires(), None);
    hands.pass(400 * 86_400);
    assert_eq!(sent(&jar, server), "e=1");
}

#[test]
fn several_fields_of_an_answer_and_of_a_request() {
    let jar = jar();
    let mut answer = HeaderMap::new();
    for cookie in ["a=1", "b=2; Path=/", "a=3", "x=; Domain=com"] {
        answer.append("set-cookie", cookie.parse().unwrap());
    }
    jar.learn(&uri("https://example.com/"), &answer);
    let mut request = HeaderMap::new();
    for own in ["b=mine", "c=mine; d", ""] {
        request.append("cookie", own.parse().unwrap());
    }
    jar.apply(&uri("https://example.com/"), &mut request);
    let fields: Vec<_> = request.get_all("cookie").iter().collect();
    assert_eq!(fields, ["b=mine; c=mine; d; a=3"]);
}

#[test]
fn a_request_that_the_jar_has_nothing_for_stays_as_it_is() {
    let jar = jar();
    set(&jar, "https://example.com/", "a=1").unwrap();
    let mut request = HeaderMap::new();
    request.insert("cookie", "own=1".parse().unwrap());
    let before = request.clone();
    for uri in ["https://example.org/", "/relative"] {
        jar.apply(&crate::uri(uri), &mut request);
        assert_eq!(request, before);
        assert!(!request["cookie"].is_sensitive());
    }
}

#[test]
fn a_value_without_a_name_is_sent_as_it_came() {
    let jar = jar();
    set(&jar, "https://example.com/", "=word").unwrap();
    assert_eq!(sent(&jar, "https://example.com/"), "word");
}

#[test]
fn what_a_jar_forgets_is_not_sent() {
    let jar = jar();
    for cookie in ["a=1", "b=2; Max-Age=60"] {
        set(&jar, "https://example.com/", cookie).unwrap();
    }
    jar.clone().retain(|cookie| cookie.expires().is_some());
    assert_eq!(sent(&jar, "https://example.com/"), "b=2");
}
