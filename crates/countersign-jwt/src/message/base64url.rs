//! base64url without padding: RFC 7515 section 2.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn append(bytes: impl AsRef<[u8]>, text: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, text);
}

/// How many characters so many bytes take.
pub(crate) fn len(bytes: usize) -> usize {
    (4 * bytes).div_ceil(3)
}

/// Strict: no padding, no space, no bits left over.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Text that a person pasted: of either alphabet, padded or not, with space around it.
pub(crate) fn any_alphabet(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_end_matches('=');
    let standard = STANDARD_NO_PAD.decode(text).ok();
    standard.or_else(|| decode(text))
}
