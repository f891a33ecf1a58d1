//! [`Needles`], secrets that are searched for in every encoding.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode;

/// What is shorter in base64 is found by chance.
const SHORTEST: usize = 8;

/// The secrets of published examples, with which tests that reproduce those have to work, and fixed ones of our own.
const KNOWN: &[&str] = &[
    "open sesame",
    "sesame-canary",
    "Circle of Life",
    "Circle Of Life",
    "mF_9.B5f-4.1JqM",
    "kd94hf93k423kf44",
    "pfkkdhi9sl3r4s00",
    "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn",
    "wJalrXUtnFEMI/K7MDENG",
    "AQoDYXdzEPT//wEXAMPLEtc764bNrC9SAPBSM22w==",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
    "0123456789abcdef0123456789abcdef",
    "hunter2",
    "CANARY",
    "c4nary",
];

static KNOWN_NEEDLES: LazyLock<Needles> = LazyLock::new(|| Needles::of(KNOWN));

/// Whether `bytes` hold a secret that a published example made known, in any encoding.
pub(crate) fn find_known(bytes: &[u8]) -> bool {
    KNOWN_NEEDLES.are_in(bytes)
}

/// Secrets that are searched for raw, in base64, in hexadecimal and in percent-encoding, however often.
pub(crate) struct Needles {
    texts: AhoCorasick,
    hex: AhoCorasick,
}

impl Needles {
    pub(crate) fn of(secrets: &[&str]) -> Self {
        let texts = secrets.iter().flat_map(|secret| texts(secret.as_bytes()));
        let hex = secrets.iter().map(|secret| hex(secret.as_bytes()));
        let mut any_case = AhoCorasick::builder();
        Self {
            texts: AhoCorasick::new(texts).unwrap(),
            hex: any_case.ascii_case_insensitive(true).build(hex).unwrap(),
        }
    }

    pub(crate) fn are_in(&self, bytes: &[u8]) -> bool {
        let found = self.texts.is_match(bytes) || self.hex.is_match(bytes);
        found
            || match Cow::from(percent_decode(bytes)) {
                Cow::Borrowed(_) => false,
                Cow::Owned(decoded) => self.are_in(&decoded),
            }
    }
}

/// The secret itself, and what of its base64 is the same in any surroundings: three alignments of two alphabets.
fn texts(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut texts = vec![secret.to_vec()];
    for skip in 0..3 {
        let aligned = &secret[skip..secret.len() - (secret.len() - skip) % 3];
        let both = [STANDARD_NO_PAD, URL_SAFE_NO_PAD].map(|base64| base64.encode(aligned));
        let long = both.into_iter().filter(|text| text.len() >= SHORTEST);
        texts.extend(long.map(String::into_bytes));
    }
    texts
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
