//! One secret in one encoding, found whether or not it is percent-encoded.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use countersign::Secret;
use countersign::canonical::hex;

/// The shortest secret that is looked for, in bytes.
const SHORTEST: usize = 4;

/// A secret in one encoding.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Needle(Secret);

impl Needle {
    /// A secret as it is, in hexadecimal, in a JSON string, and in base64 wherever it may begin there.
    pub(super) fn forms(secret: &[u8]) -> Vec<Self> {
        if secret.len() < SHORTEST {
            return Vec::new();
        }
        let hex = hex::text(secret);
        let upper = hex.to_ascii_uppercase();
        let mut forms = vec![secret.to_vec(), hex.into_bytes(), upper.into_bytes()];
        if let Ok(text) = str::from_utf8(secret) {
            let quoted = serde_json::Value::from(text).to_string().into_bytes();
            forms.push(quoted[1..quoted.len() - 1].to_vec());
        }
        for offset in 0..3 {
            forms.push(base64(&STANDARD, secret, offset));
            forms.push(base64(&URL_SAFE, secret, offset));
        }
        forms.retain(|form| form.len() >= SHORTEST);
        forms
            .into_iter()
            .map(|form| Self(Secret::new(form)))
            .collect()
    }

    pub(super) fn len(&self) -> usize {
        self.0.expose().len()
    }

    /// The byte that it begins with, where that is not percent-encoded.
    pub(super) fn first(&self) -> Option<u8> {
        self.0.expose().first().copied()
    }

    /// How many bytes of `text` it takes, if `text` starts with it: each byte as it is, as `%XX`, a space also as `+`.
    pub(super) fn at(&self, text: &[u8]) -> Option<usize> {
        let mut taken = 0;
        for wanted in self.0.expose() {
            taken += match text.get(taken..)? {
                [found, ..] if found == wanted => 1,
                [b'+', ..] if *wanted == b' ' => 1,
                [b'%', high, low, ..] if unhex(*high, *low) == Some(*wanted) => 3,
                _ => return None,
            };
        }
        Some(taken)
    }
}

fn unhex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The characters that `secret` determines alone when `offset` bytes stand before it.
fn base64(engine: &impl Engine, secret: &[u8], offset: usize) -> Vec<u8> {
    let padded = [&[0; 2][..offset], secret].concat();
    let encoded = engine.encode(&padded).into_bytes();
    let (first, last) = ((offset * 8).div_ceil(6), padded.len() * 8 / 6);
    encoded[first..last].to_vec()
}
