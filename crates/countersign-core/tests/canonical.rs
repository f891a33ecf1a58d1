//! The canonical forms: tables, round trips, and what must stay byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "canonical/host.rs"]
mod host;
#[path = "canonical/percent.rs"]
mod percent;
#[path = "canonical/query.rs"]
mod query;
#[path = "canonical/uri.rs"]
mod uri;

use countersign_core::canonical::{Sink, header, hex};

/// What a writer writes.
fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn a_closure_is_a_sink() {
    fn put_twice(sink: &mut impl Sink) {
        sink.put(b"ab");
        sink.put(b"c");
    }
    let mut sum = 0;
    put_twice(&mut |bytes: &[u8]| sum += bytes.len());
    assert_eq!(sum, 3);
}

#[test]
fn header_values_are_trimmed_and_collapsed_apart() {
    let table = [
        ("", "", ""),
        (" \t ", "", ""),
        ("a", "a", "a"),
        ("\t a  b\t", "a  b", "a b"),
        ("a \t b  c", "a \t b  c", "a b c"),
        ("a\tb", "a\tb", "a b"),
        ("a b c", "a b c", "a b c"),
        (" a b", "a b", "a b"),
        ("a b ", "a b", "a b"),
        ("\" a  b \"", "\" a  b \"", "\" a b \""),
    ];
    for (value, trimmed, collapsed) in table {
        assert_eq!(
            header::trim(value.as_bytes()),
            trimmed.as_bytes(),
            "{value:?}"
        );
        let out = written(|out| header::write_collapsed(value.as_bytes(), out));
        assert_eq!(out, collapsed, "{value:?}");
    }
}

#[test]
fn repeated_values_are_joined_in_order() {
    let join =
        |values: &[&'static [u8]]| written(|out| header::write_joined(values.iter().copied(), out));
    assert_eq!(join(&[]), "");
    assert_eq!(join(&[b" b  c "]), "b c");
    assert_eq!(join(&[b"z", b"", b" a,b "]), "z,,a,b");
}

#[test]
fn header_values_are_bytes() {
    let mut out = Vec::new();
    header::write_joined([&b" h\xe9  x"[..], b"\xff"], &mut out);
    assert_eq!(out, b"h\xe9 x,\xff");
    assert_eq!(header::trim(b"\t\x0b\xa0 "), b"\x0b\xa0");
}

#[test]
fn hexadecimal_is_lower_case_with_two_digits_for_each_byte() {
    let bytes = [0x00, 0x0f, 0xa0, 0xff];
    assert_eq!(hex::text(&bytes), "000fa0ff");
    let mut array = *b"..........";
    hex::fill(&bytes, &mut array);
    assert_eq!(&array, b"000fa0ff..");
    let mut short = [b'.'; 5];
    hex::fill(&bytes, &mut short);
    assert_eq!(&short, b"000f.");
}
