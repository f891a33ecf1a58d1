use countersign_core::canonical::uri::{
    UriError, authority, collapse_slashes, path, remove_dot_segments, request_target, with_query,
};
use http::Uri;

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

#[test]
fn the_request_target_is_what_is_sent() {
    let table = [
        ("http://h", "/"),
        ("http://h?a=b", "/?a=b"),
        ("http://h/?", "/?"),
        (
            "https://u:p@h:1/a//b/../%7e;c?x=%2F&&y+",
            "/a//b/../%7e;c?x=%2F&&y+",
        ),
        ("/p?q", "/p?q"),
        ("*", "*"),
        ("h.example:443", "h.example:443"),
    ];
    for (text, target) in table {
        assert_eq!(request_target(&uri(text)), target, "{text}");
    }
    assert_eq!(path(&uri("http://h?x")), "/");
    assert_eq!(path(&uri("http://h/A%2f?x")), "/A%2f");
}

#[test]
fn the_authority_that_is_sent_keeps_its_case() {
    let table = [
        ("http://EXAMPLE.com/", Some("EXAMPLE.com")),
        ("http://User:Pw@example.com:80/", Some("example.com")),
        ("https://User:Pw@Example.com:80/", Some("Example.com:80")),
        ("http://[2001:DB8::1]:8080/", Some("[2001:DB8::1]:8080")),
        ("http://h:/", Some("h")),
        ("http://h:0080/", Some("h")),
        ("http://h:08080/", Some("h:8080")),
        ("ftp://h:21/", Some("h:21")),
        ("h.example:443", Some("h.example:443")),
        ("/p", None),
    ];
    for (text, sent) in table {
        assert_eq!(authority(&uri(text)).as_deref(), sent, "{text}");
    }
}

#[test]
fn dot_segments_go_and_nothing_else() {
    let table = [
        // RFC 3986, section 5.2.4.
        ("/a/b/c/./../../g", "/a/g"),
        ("/", "/"),
        ("/.", "/"),
        ("/..", "/"),
        ("/../..", "/"),
        ("/a/.", "/a/"),
        ("/a/..", "/"),
        ("/a/b/../", "/a/"),
        ("/a//../b", "/a/b"),
        ("/a//b", "/a//b"),
        ("/%2e%2E/.a/a./...", "/%2e%2E/.a/a./..."),
        ("*", "*"),
        ("a/../b", "a/../b"),
    ];
    for (path, expected) in table {
        assert_eq!(remove_dot_segments(path), expected, "{path}");
    }
}

#[test]
fn slashes_collapse_and_nothing_else() {
    let table = [
        ("/", "/"),
        ("//", "/"),
        ("///a//b/", "/a/b/"),
        ("/a/./b/%2F%2F/\u{e9}//", "/a/./b/%2F%2F/\u{e9}/"),
    ];
    for (path, expected) in table {
        assert_eq!(collapse_slashes(path), expected, "{path}");
    }
}

#[test]
fn a_query_is_changed_alone_or_not_at_all() {
    let before = uri("HTTPS://U:p@H.example:443/A//b%7e?x");
    assert_eq!(
        with_query(&before, None).unwrap().to_string(),
        "https://U:p@H.example:443/A//b%7e"
    );
    assert_eq!(with_query(&before, Some("")).unwrap().query(), Some(""));
    for bad in ["a#b", "a b", "a\r\n", "\u{0}", "\u{7f}"] {
        assert_eq!(
            with_query(&before, Some(bad)),
            Err(UriError::Invalid),
            "{bad:?}"
        );
    }
}
