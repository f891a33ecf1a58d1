use super::written;
use countersign_core::canonical::percent::{
    Encoding, FORM, PATH, Plus, QUERY_COMPONENT, UNRESERVED, decode, encode, encoded,
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
