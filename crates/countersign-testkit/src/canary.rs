//! Secrets that can be found again, in whichever encoding they come out.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, percent_encode};

/// What every canary begins with. It needs no percent-encoding only in part, and its bytes differ between both base64
/// alphabets, so that each encoding is told apart.
pub const MARK: &str = "cAn~?>rY/sEcReT";

static NEXT: AtomicU64 = AtomicU64::new(1);

static FORMS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| forms(MARK.as_bytes()));

/// A secret that no other test has.
#[derive(Clone, PartialEq, Eq)]
pub struct Canary(String);

impl Canary {
    /// A new one, good for any place of ASCII text.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{MARK}{number:06}"))
    }

    /// One that may stand in a cookie, a token68 and a URL as it is.
    pub fn token() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{TOKEN_MARK}{number:06}"))
    }

    /// The secret itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `bytes` hold it, raw, in base64, hexadecimal or percent-encoding.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        holds(&forms(self.0.as_bytes()), bytes)
    }
}

/// What every [`Canary::token`] begins with.
const TOKEN_MARK: &str = "cAnArYtOkEnSeCrEt";

static TOKEN_FORMS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| forms(TOKEN_MARK.as_bytes()));

/// Whether `bytes` hold any canary at all, in any encoding.
pub fn find_mark(bytes: &[u8]) -> bool {
    holds(&FORMS, bytes) || holds(&TOKEN_FORMS, bytes)
}

/// Panics if `bytes` hold any canary; `place` says where they are from.
#[track_caller]
pub fn assert_clean(place: &str, bytes: &[u8]) {
    if find_mark(bytes) {
        // Not in the panic's own message, which is searched as well.
        eprintln!("{place}: {}", String::from_utf8_lossy(bytes));
        panic!("a secret is in {place}");
    }
}

fn holds(forms: &[Vec<u8>], bytes: &[u8]) -> bool {
    let decoded: Vec<u8> = percent_decode(bytes).collect();
    let twice: Vec<u8> = percent_decode(&decoded).collect();
    let lower = bytes.to_ascii_lowercase();
    let within = |text: &[u8]| forms.iter().any(|form| contains(text, form));
    within(bytes) || within(&decoded) || within(&twice) || contains_hex(&lower, forms)
}

fn contains_hex(lower: &[u8], forms: &[Vec<u8>]) -> bool {
    contains(lower, hex(&forms[0]).as_bytes())
}

/// The secret itself first, then what of it is the same in any surroundings: base64 at three alignments.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![
        secret.to_vec(),
        percent_encode(secret, NON_ALPHANUMERIC)
            .to_string()
            .into_bytes(),
    ];
    for skip in 0..3 {
        let aligned = &secret[skip..secret.len() - (secret.len() - skip) % 3];
        forms.push(STANDARD_NO_PAD.encode(aligned).into_bytes());
        forms.push(URL_SAFE_NO_PAD.encode(aligned).into_bytes());
    }
    forms
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(&first) = needle.first() else {
        return false;
    };
    let starts = haystack
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == first);
    starts
        .into_iter()
        .any(|(at, _)| haystack[at..].starts_with(needle))
}

impl std::fmt::Debug for Canary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canary")
    }
}
