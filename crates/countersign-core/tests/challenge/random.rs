//! Random lines: the laws, and the reader against the naive grammar.

use super::{laws, naive, value};
use countersign_core::challenge::{Challenge, parse};
use proptest::prelude::*;

/// Pieces that meet each other in telling ways far more often than random bytes would.
const PIECES: [&[u8]; 24] = [
    b"a",
    b"B",
    b"Digest",
    b"realm",
    b"nonce=",
    b"x=\"",
    b"=",
    b"\"",
    b"\"",
    b"\\",
    b",",
    b", ",
    b",",
    b" ",
    b" ",
    b"\t",
    b"@",
    b";",
    b"/",
    b"+",
    b"==",
    b"\xe9",
    b"\xc3\xa9",
    b"a=\"b\"",
];

fn line(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    let piece = proptest::sample::select(&PIECES[..]);
    proptest::collection::vec(piece, 0..pieces).prop_map(|pieces| pieces.concat())
}

fn reading(challenge: &Challenge<'_>) -> naive::Reading {
    let params = challenge.params().iter();
    let params = params.map(|param| (param.name().to_owned(), param.value().to_vec()));
    let token68 = challenge.token68().map(str::to_owned);
    (challenge.scheme().to_owned(), token68, params.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn reader_and_naive_grammar_agree(line in line(24)) {
        let header = value(&line);
        let read: Vec<_> = parse([&header]).iter().map(reading).collect();
        prop_assert_eq!(read, naive::read(&line), "{}", line.escape_ascii());
    }

    #[test]
    fn the_laws_hold_for_likely_lines(lines in proptest::collection::vec(line(40), 1..4)) {
        laws::hold(&lines.join(&b'\n'));
    }

    #[test]
    fn the_laws_hold_for_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        laws::hold(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_laws_hold_at_the_limits(line in line(20), times in 1usize..2000) {
        laws::hold(&line.repeat(times));
    }
}
