use super::written;
use countersign_core::canonical::percent::{
    Encoding, FORM, PATH, Plus, QUERY_COMPONENT, UNRESERVED, decode, encode, encode_anew, encoded,
};
use proptest::prelude::*;

const ALL: [Encoding; 4] = [UNRESERVED, PATH, QUERY_COMPONENT, FORM];

fn plus_of(encoding: Encoding) -> Plus {
    if encoding == FORM {
        Plus::Space
    } else {
        Plus::Literal
    }
}

#[test]
fn each_encoding_keeps_exactly_its_own() {
    let extra = [
        (UNRESERVED, "-._~"),
        (PATH, "-._~/"),
        (QUERY_COMPONENT, "-._~/!$()*,:@?"),
        (FORM, "-._* "),
    ];
    for (encoding, extra) in extra {
        for byte in 0..=255u8 {
            let kept = byte.is_ascii_alphanumeric() || extra.as_bytes().contains(&byte);
            let out = written(|out| encode(&[byte], encoding, out));
            let expected = match (kept, byte) {
                (true, b' ') => "+".to_owned(),
                (true, _) => char::from(byte).to_string(),
                (false, _) => format!("%{byte:02X}"),
            };
            assert_eq!(out, expected, "{byte:#x} {extra:?}");
        }
    }
}

#[test]
fn encoding_matches_published_examples() {
    let encode = |text: &'static str, encoding| encoded(text.as_bytes(), encoding).into_owned();
    // RFC 5849, section 3.4.1.3.1, and the example of a form in the URL standard.
    assert_eq!(encode("r b", UNRESERVED), "r%20b");
    assert_eq!(encode("=%3D", UNRESERVED), "%3D%253D");
    assert_eq!(encode("\u{2603}", UNRESERVED), "%E2%98%83");
    assert_eq!(encode("a b+c~", FORM), "a+b%2Bc%7E");
    assert_eq!(encode("/a b/", PATH), "/a%20b/");
    assert_eq!(
        encode("a&admin=true#frag", QUERY_COMPONENT),
        "a%26admin%3Dtrue%23frag"
    );
    assert!(matches!(
        encoded(b"abc", FORM),
        std::borrow::Cow::Borrowed("abc")
    ));
}

#[test]
fn decoding_guesses_nothing() {
    for (text, at) in [
        ("%", 0),
        ("a%4", 1),
        ("%4g", 0),
        ("%ZZ", 0),
        ("%41%", 3),
        ("%+1", 0),
    ] {
        assert_eq!(
            decode(text.as_bytes(), Plus::Literal).unwrap_err().at,
            at,
            "{text:?}"
        );
    }
    let decode = |text: &'static str, plus| decode(text.as_bytes(), plus).unwrap();
    assert_eq!(
        *decode("%e2%98%83+", Plus::Literal),
        *"\u{2603}+".as_bytes()
    );
    assert_eq!(*decode("a+b%2B%20", Plus::Space), *b"a b+ ");
    assert_eq!(*decode("%00%ff", Plus::Space), *b"\0\xff");
    assert_eq!(*decode("%2541", Plus::Literal), *b"%41");
    assert!(matches!(
        decode("a+b", Plus::Literal),
        std::borrow::Cow::Borrowed(_)
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_encoded_decodes_to_itself(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
        for encoding in ALL {
            let text = encoded(&bytes, encoding);
            prop_assert_eq!(&*decode(text.as_bytes(), plus_of(encoding)).unwrap(), &bytes[..]);
            prop_assert_eq!(&written(|out| encode(&bytes, encoding, out)), &*text);
        }
    }

    #[test]
    fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
        for plus in [Plus::Literal, Plus::Space] {
            if let Err(error) = decode(&bytes, plus) {
                prop_assert_eq!(bytes[error.at], b'%');
            }
        }
    }
}

#[test]
fn encoding_anew_writes_alike_what_was_escaped_in_any_way() {
    let anew = |text: &str| written(|out| encode_anew(text.as_bytes(), PATH, out).unwrap());
    for (text, expected) in [
        ("", ""),
        ("/plain", "/plain"),
        ("/%61%7e%7E", "/a~~"),
        ("a=b%3db%3Db", "a%3Db%3Db%3Db"),
        ("a+b%2Bc%20d", "a%2Bb%2Bc%20d"),
        ("%2F%2f/", "///"),
        ("%25%2541", "%25%2541"),
        ("\u{e9}%c3%A9", "%C3%A9%C3%A9"),
        ("%ff", "%FF"),
    ] {
        assert_eq!(anew(text), expected, "{text}");
        assert_eq!(anew(&anew(text)), expected, "{text} twice");
    }
}

#[test]
fn encoding_anew_guesses_nothing() {
    for (text, at) in [("%", 0), ("a%4", 1), ("a%41%4g", 4), ("%%41", 0)] {
        let mut out = Vec::new();
        let error = encode_anew(text.as_bytes(), PATH, &mut out).unwrap_err();
        assert_eq!(error.at, at, "{text}");
    }
}

proptest! {
    #[test]
    fn encoding_anew_is_decoding_and_encoding(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let anew = |input: &[u8]| written(|out| encode_anew(input, PATH, out).unwrap());
        let once = written(|out| encode(&bytes, PATH, out));
        prop_assert_eq!(anew(once.as_bytes()), once.as_str());
        let all: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        prop_assert_eq!(anew(all.as_bytes()), once);
    }
}
