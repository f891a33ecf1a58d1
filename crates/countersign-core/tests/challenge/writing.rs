//! The printer.

use countersign_core::challenge::{
    Param, WriteError, parse_credentials, parse_params, write, write_params, write_token68,
};
use proptest::prelude::*;

#[test]
fn parameters_are_written_as_asked() {
    let opaque: Option<Param<'_>> = None;
    let params = [
        Some(Param::quoted("username", "a\"b\\c")),
        Some(Param::quoted("realm", b"h\xe9")),
        opaque,
        Some(Param::quoted("cnonce", "")),
        Some(Param::token("nc", "00000001")),
    ];
    let written = write("Digest", params.iter().flatten()).unwrap();
    let expected = b"Digest username=\"a\\\"b\\\\c\", realm=\"h\xe9\", cnonce=\"\", nc=00000001";
    assert_eq!(written.as_bytes(), expected);
    let info = write_params(&[Param::token("qop", "auth"), Param::quoted("nextnonce", "n")]);
    assert_eq!(info.unwrap(), "qop=auth, nextnonce=\"n\"");
    assert_eq!(write("Negotiate", &[]).unwrap(), "Negotiate");
    assert_eq!(write_token68("Basic", "YTpi==").unwrap(), "Basic YTpi==");
}

#[test]
fn what_a_header_cannot_carry_is_refused() {
    for bad in ["a\rb", "a\nb", "a\0b", "\u{7f}", "\u{1b}["] {
        let refused = write("Digest", &[Param::quoted("realm", bad)]);
        assert_eq!(refused, Err(WriteError::Control), "{bad:?}");
    }
    let name = |name: &str| name.to_owned();
    let table = [
        (Param::token("qop", "a b"), WriteError::Token(name("qop"))),
        (Param::token("qop", ""), WriteError::Token(name("qop"))),
        (Param::token("qop", "a\r\n"), WriteError::Token(name("qop"))),
        (Param::quoted("a b", "x"), WriteError::Name(name("a b"))),
        (Param::quoted("", "x"), WriteError::Name(name(""))),
        (
            Param::quoted("FIRST", "x"),
            WriteError::Duplicate(name("FIRST")),
        ),
    ];
    for (param, error) in table {
        let params = [Param::quoted("first", "1"), param];
        assert_eq!(write("Digest", &params), Err(error.clone()));
        assert_eq!(write_params(&params), Err(error));
    }
}

#[test]
fn schemes_and_token68_are_checked() {
    for scheme in ["", "a b", "a\r\nb", "h\u{e9}", "a,"] {
        assert_eq!(write(scheme, &[]), Err(WriteError::Scheme), "{scheme:?}");
        assert_eq!(
            write_token68(scheme, "x"),
            Err(WriteError::Scheme),
            "{scheme:?}"
        );
    }
    for token in ["", "=", "a b", "a=b", "a,", "a\n", "h\u{e9}"] {
        assert_eq!(
            write_token68("Basic", token),
            Err(WriteError::Token68),
            "{token:?}"
        );
    }
}

#[test]
fn errors_never_repeat_a_value() {
    let errors = [
        write("D", &[Param::token("a", "canary x")]).unwrap_err(),
        write("D", &[Param::quoted("a", "canary\n")]).unwrap_err(),
        write_token68("D", "canary\n").unwrap_err(),
    ];
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

fn header_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        Just(b'"'),
        Just(b'\\'),
        Just(b','),
        Just(b'\t'),
        0x20u8..0x7f,
        0x80u8..
    ];
    proptest::collection::vec(byte, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read_back(
        values in proptest::collection::vec((header_bytes(), "[!#-'*+.^-z|~-]{1,12}", any::<bool>()), 1..20),
    ) {
        let names: Vec<_> = (0..values.len()).map(|n| format!("Name*{n}")).collect();
        let params: Vec<_> = names.iter().zip(&values).map(|(name, (bytes, token, quoted))| {
            if *quoted { Param::quoted(name, bytes) } else { Param::token(name, token) }
        }).collect();
        let written = write("Digest", &params).unwrap();
        let read = parse_credentials(&written).unwrap();
        prop_assert_eq!(read.params().iter().collect::<Vec<_>>(), params.iter().collect::<Vec<_>>());
        let bare = write_params(&params).unwrap();
        prop_assert_eq!(&parse_params(&bare).unwrap(), read.params());
    }
}
