//! [`Id`], the fingerprint that tells tokens apart.

use std::fmt;
use std::str::FromStr;

use countersign_core::Error;

/// The fingerprint of a [`Key`](crate::Key), 32 bytes. It shows as its first twelve hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(crate) [u8; 32]);

impl Id {
    /// All 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl FromStr for Id {
    type Err = Error;

    /// Reads 64 hexadecimal digits in lower case.
    fn from_str(hex: &str) -> Result<Self, Error> {
        let mut id = [0; 32];
        let fits = hex.len() == 64
            && std::iter::zip(&mut id, hex.as_bytes().chunks(2)).all(|(byte, pair)| {
                digits(pair).is_some_and(|read| {
                    *byte = read;
                    true
                })
            });
        if fits {
            Ok(Self(id))
        } else {
            Err(Error::configuration(
                "a token's fingerprint has 64 hexadecimal digits in lower case",
            ))
        }
    }
}

fn digits(pair: &[u8]) -> Option<u8> {
    Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?)
}

fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..6]
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}
