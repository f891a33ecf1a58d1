//! Credentials in the caller's own URL.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use countersign_basic::Basic;
use countersign_core::{Error, Payload, Sign};
use http::Uri;

fn taken(text: &str) -> Result<(String, Option<String>), Error> {
    let mut url: Uri = text.parse().unwrap();
    let basic = Basic::from_url(&mut url)?;
    let header = basic.map(|basic| {
        let (mut head, ()) = http::Request::new(()).into_parts();
        basic.sign(&mut head, &mut Payload::default()).unwrap();
        head.headers["authorization"].to_str().unwrap().to_owned()
    });
    Ok((url.to_string(), header))
}

#[test]
fn it_is_taken_out_and_decoded() {
    let rows = [
        ("http://h/", "http://h/", None),
        ("/only/a@path:x", "/only/a@path:x", None),
        ("http://h/a@b:c?d@e", "http://h/a@b:c?d@e", None),
        ("http://@h/", "http://h/", None),
        (
            "http://a:b@h:8080/p?q",
            "http://h:8080/p?q",
            Some("Basic YTpi"),
        ),
        ("http://a@[::1]:1/", "http://[::1]:1/", Some("Basic YTo=")),
        ("http://a:@h/", "http://h/", Some("Basic YTo=")),
        ("http://:b@h/", "http://h/", Some("Basic OmI=")),
        ("http://a:b:c@h/", "http://h/", Some("Basic YTpiOmM=")),
        (
            "http://a:%40%23%2f%3A+@h/",
            "http://h/",
            Some("Basic YTpAIy86Kw=="),
        ),
        ("http://%c3%a4:x@h/", "http://h/", Some("Basic w6Q6eA==")),
    ];
    for (text, url, header) in rows {
        let expected = (url.to_owned(), header.map(str::to_owned));
        assert_eq!(taken(text).unwrap(), expected, "{text}");
    }
}

#[test]
fn what_is_wrong_or_ambiguous_is_refused_without_showing_it() {
    let rows = [
        "http://a%3ab:CANARY@h/",
        "http://a:CANARY%0d%0aX@h/",
        "http://a:CANARY%00@h/",
        "http://a:CANARY%zz@h/",
        "http://a:CANARY%ff@h/",
        "http://a:CANARY@b@h/",
    ];
    for text in rows {
        let error = taken(text).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("CANARY"), "{text}");
    }
}

#[test]
fn text_that_reads_in_two_ways_is_refused() {
    for text in [
        "http://alice:p@ss#word@h/",
        "http://alice:p@ss@h/",
        "http://alice:p/ss@h/",
        "http://alice:p?ss@h/",
        "http://alice:p#ss@h/",
        r"http://alice:p\@h/",
        "http://alice:p w@h/",
    ] {
        let error = Basic::split_url(text).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("alice"), "{text}");
    }
    let (url, basic) = Basic::split_url("http://a:b@h/p#fragment").unwrap();
    assert_eq!(url, "http://h/p");
    assert!(basic.is_some());
    let (url, basic) = Basic::split_url("http://h/p#a@b").unwrap();
    assert_eq!(url, "http://h/p");
    assert!(basic.is_none());
}
