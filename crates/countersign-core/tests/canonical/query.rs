use std::borrow::Cow;

use super::written;
use countersign_core::canonical::percent::{Plus, UNRESERVED, encoded};
use countersign_core::canonical::query::{
    RawPair, append, canonical_pairs, pairs, replace, retain, write_sorted,
};
use countersign_core::canonical::uri::UriError;
use http::Uri;
use proptest::prelude::*;

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

#[test]
fn pairs_stand_as_they_are() {
    let read = |query| {
        pairs(query)
            .map(|pair| (pair.name(), pair.value()))
            .collect::<Vec<_>>()
    };
    assert_eq!(read(""), []);
    assert_eq!(read("&"), [("", None), ("", None)]);
    assert_eq!(
        read("b=2&a&&a==x=&%61=%20&=v"),
        [
            ("b", Some("2")),
            ("a", None),
            ("", None),
            ("a", Some("=x=")),
            ("%61", Some("%20")),
            ("", Some("v"))
        ]
    );
}

#[test]
fn pairs_decode_and_encode_anew() {
    let pair = |query| pairs(query).next().unwrap();
    let (name, value) = pair("a%62=c+%2b").decoded(Plus::Space).unwrap();
    assert_eq!((&*name, &*value), (&b"ab"[..], &b"c +"[..]));
    let canonical = |query, plus| pair(query).canonical(plus).unwrap();
    assert_eq!(
        canonical("a%62=c+%2b", Plus::Space),
        ("ab".into(), "c%20%2B".into())
    );
    assert_eq!(
        canonical("a%7e=/+", Plus::Literal),
        ("a~".into(), "%2F%2B".into())
    );
    assert_eq!(canonical("a", Plus::Literal), ("a".into(), "".into()));
    for broken in ["a=%2", "%g0", "a=%41%"] {
        assert!(pair(broken).canonical(Plus::Literal).is_err(), "{broken}");
        assert!(canonical_pairs(broken, Plus::Literal).is_err(), "{broken}");
    }
}

#[test]
fn what_is_canonical_already_is_borrowed() {
    let borrowed = |query| {
        let pair = pairs(query).next().unwrap();
        let (name, value) = pair.canonical(Plus::Literal).unwrap();
        [name, value].map(|part| matches!(part, Cow::Borrowed(_)))
    };
    assert_eq!(borrowed("X-Amz-Credential=a%2Fb.%C3%A9~"), [true, true]);
    assert_eq!(borrowed("a%2f=a/b"), [false, false]);
    assert_eq!(borrowed("%41=a+b"), [false, false]);
}

#[test]
fn a_pair_is_appended_and_no_other_byte_changes() {
    let table = [
        ("/p", "/p?k=v"),
        ("/p?", "/p?k=v"),
        ("/p?a", "/p?a&k=v"),
        ("/p?a&", "/p?a&&k=v"),
        ("/p?b=2&a=%7e&a=1;x", "/p?b=2&a=%7e&a=1;x&k=v"),
        ("/a//../%2e?k=old", "/a//../%2e?k=old&k=v"),
        ("http://h", "http://h/?k=v"),
        ("http://h?x", "http://h/?x&k=v"),
        (
            "HTTPS://User:Pw@ExAmple:443/P?q",
            "HTTPS://User:Pw@ExAmple:443/P?q&k=v",
        ),
        (
            "http://[2001:DB8::1]:8080/",
            "http://[2001:DB8::1]:8080/?k=v",
        ),
    ];
    for (before, after) in table {
        assert_eq!(
            append(&uri(before), "k", "v").unwrap().to_string(),
            uri(after).to_string()
        );
    }
    let odd = append(&uri("/p"), "a b", "a&admin=true#frag+'\u{2603}\r\n").unwrap();
    assert_eq!(odd, "/p?a%20b=a%26admin%3Dtrue%23frag%2B%27%E2%98%83%0D%0A");
}

#[test]
fn a_name_is_replaced_in_its_place() {
    let table = [
        ("/p", "/p?k=v"),
        ("/p?", "/p?k=v"),
        ("/p?K=1&a", "/p?K=1&a&k=v"),
        ("/p?a&k=1&b&k&k=", "/p?a&k=v&b"),
        ("/p?&k&", "/p?&k=v&"),
        ("/p?%6b=1&b=%7E", "/p?k=v&b=%7E"),
        ("/p?k%=1", "/p?k%=1&k=v"),
    ];
    for (before, after) in table {
        assert_eq!(replace(&uri(before), "k", "v").unwrap(), after, "{before}");
    }
}

#[test]
fn pairs_are_taken_out_whole() {
    let table = [
        ("/p", "/p"),
        ("/p?", "/p?"),
        ("/p?k=1", "/p"),
        ("/p?k&k=2", "/p"),
        ("/p?a&k=1&&b=%7e&K", "/p?a&&b=%7e&K"),
        ("/p?k=1&", "/p?"),
        ("http://h?k=1", "http://h/"),
    ];
    for (before, after) in table {
        let kept = retain(&uri(before), |pair: RawPair<'_>| pair.name() != "k").unwrap();
        assert_eq!(kept.to_string(), uri(after).to_string());
    }
}

#[test]
fn what_has_no_query_is_a_typed_error() {
    for text in ["*", "example.com:443"] {
        assert_eq!(
            append(&uri(text), "k", "v"),
            Err(UriError::NoQuery),
            "{text}"
        );
        assert_eq!(
            replace(&uri(text), "k", "v"),
            Err(UriError::NoQuery),
            "{text}"
        );
        assert_eq!(retain(&uri(text), |_| false).unwrap(), text);
    }
    assert_eq!(
        append(&uri("/"), "k", &"v".repeat(70_000)),
        Err(UriError::Invalid)
    );
}

fn sorted(query: &str) -> String {
    written(|out| write_sorted(canonical_pairs(query, Plus::Literal).unwrap(), out))
}

#[test]
fn pairs_are_sorted_by_encoded_name_then_value() {
    let table = [
        ("", ""),
        ("a=1&b=2", "a=1&b=2"),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1&a", "a=&a=1&a=2"),
        // `a` is before `a-`, though `-` is before `=`.
        ("a-=1&a=2", "a=2&a-=1"),
        ("B=1&a=2&_=3&%C3%A9=4", "%C3%A9=4&B=1&_=3&a=2"),
        ("x=%7e&x=+&x=%2b", "x=%2B&x=%2B&x=~"),
    ];
    for (query, expected) in table {
        assert_eq!(sorted(query), expected, "{query}");
    }
    assert!(canonical_pairs("a=1&b=%", Plus::Literal).is_err());
}

#[test]
fn pairs_of_several_sources_sort_together() {
    // The parameters of RFC 5849, section 3.4.1.3.2.
    let query = canonical_pairs("b5=%3D%253D&a3=a&c%40=&a2=r%20b", Plus::Space).unwrap();
    let form = canonical_pairs("c2&a3=2+q", Plus::Space).unwrap();
    let own = [
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ];
    let own = own
        .into_iter()
        .map(|(name, value)| (name.into(), value.into()));
    assert_eq!(
        written(|out| write_sorted(query.chain(own).chain(form), out)),
        "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2\
         &oauth_nonce=7d8f3e4a&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201\
         &oauth_token=kkk9d7dh3k39sjv7"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn appending_then_taking_out_gives_the_uri_back(
        query in "[a-c=&%41]{0,20}", name in "[k-m &=]{1,5}", value in any::<String>(),
    ) {
        let before = uri(&format!("http://h:1/p?{query}"));
        let after = append(&before, &name, &value).unwrap();
        let added = pairs(after.query().unwrap()).last().unwrap();
        let (read_name, read_value) = added.decoded(Plus::Literal).unwrap();
        prop_assert_eq!(&*read_name, name.as_bytes());
        prop_assert_eq!(&*read_value, value.as_bytes());
        let mut left = pairs(after.query().unwrap()).count();
        let back = retain(&after, |_| { left -= 1; left > 0 }).unwrap();
        prop_assert_eq!(back.query().unwrap_or_default(), query);
    }

    #[test]
    fn sorting_is_that_of_a_sorted_list(query in "[ab=&-]{0,16}([ab=&-]{80,120})?") {
        let mut list: Vec<_> = pairs(&query)
            .map(|pair| pair.canonical(Plus::Literal).unwrap())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        list.sort();
        let lines: Vec<_> = list.iter().map(|(name, value)| format!("{name}={value}")).collect();
        prop_assert_eq!(sorted(&query), lines.join("&"));
    }

    #[test]
    fn what_is_canonical_is_decoded_and_encoded(query in "([a-c=/+~]|%[2-7][0-9A-Fa-f]){0,12}") {
        for pair in pairs(&query) {
            let (name, value) = pair.decoded(Plus::Literal).unwrap();
            let anew = [name, value].map(|part| encoded(&part, UNRESERVED).into_owned());
            let canonical: [_; 2] = pair.canonical(Plus::Literal).unwrap().into();
            prop_assert_eq!(canonical.map(Cow::into_owned), anew);
        }
    }

    #[test]
    fn a_replaced_name_stands_once(query in "[kK=&a]{0,16}") {
        let after = replace(&uri(&format!("/?{query}")), "k", "v").unwrap();
        let named = pairs(after.query().unwrap()).filter(|pair| pair.is_named("k"));
        prop_assert_eq!(named.map(RawPair::as_str).collect::<Vec<_>>(), ["k=v"]);
    }
}
