//! [`Nonce`], a random UUID: RFC 9562, section 5.4.

use countersign_core::canonical::hex;
use countersign_core::{Result, Sources};

/// Where the digits of a UUID stand, between its hyphens.
const GROUPS: [(usize, usize); 5] = [(0, 8), (9, 13), (14, 18), (19, 23), (24, 36)];

pub(super) struct Nonce([u8; 36]);

impl Default for Nonce {
    fn default() -> Self {
        Self([b'-'; 36])
    }
}

impl Nonce {
    pub(super) fn fresh(&mut self, sources: &Sources) -> Result<&str> {
        let mut random = sources.bytes::<16>()?;
        random[6] = random[6] & 0x0f | 0x40;
        random[8] = random[8] & 0x3f | 0x80;
        let mut rest = random.as_slice();
        for (from, to) in GROUPS {
            let (group, after) = rest.split_at((to - from) / 2);
            hex::fill(group, &mut self.0[from..to]);
            rest = after;
        }
        Ok(str::from_utf8(&self.0).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_is_a_uuid_of_version_4() {
        let mut nonce = Nonce::default();
        let text = nonce.fresh(&Sources::default()).unwrap();
        let lengths: Vec<_> = text.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&text[14..15], "4");
        assert!("89ab".contains(&text[19..20]));
    }
}
