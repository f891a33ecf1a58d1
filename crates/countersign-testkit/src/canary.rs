//! Secrets that can be found again, in whichever encoding they come out.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::needles::Needles;

/// What every canary begins with. It needs no percent-encoding only in part, and its bytes differ between both base64
/// alphabets, so that each encoding is told apart.
pub const MARK: &str = "cAn~?>rY/sEcReT";

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A secret that no other test has.
#[derive(Clone, PartialEq, Eq)]
pub struct Canary(String);

impl Canary {
    /// A new one, good for any place of ASCII text.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{MARK}{number:06}{TAIL}"))
    }

    /// One that may stand in a cookie, a token68 and a URL as it is.
    pub fn token() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{TOKEN_MARK}{number:06}{TAIL}"))
    }

    /// The secret itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `bytes` hold it, raw, in base64, hexadecimal or percent-encoding.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        Needles::of(&[&self.0]).are_in(bytes)
    }
}

/// What every canary ends with: base64 hides the last two bytes, and the number that tells canaries apart is none of them.
const TAIL: &str = "zz";

/// What every [`Canary::token`] begins with.
pub const TOKEN_MARK: &str = "cAnArYtOkEnSeCrEt";

static MARKS: LazyLock<Needles> = LazyLock::new(|| Needles::of(&[MARK, TOKEN_MARK]));

/// Whether `bytes` hold any canary at all, in any encoding.
pub fn find_mark(bytes: &[u8]) -> bool {
    MARKS.are_in(bytes)
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

impl std::fmt::Debug for Canary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canary")
    }
}
