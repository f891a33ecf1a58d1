//! [`Uuid`], a random one.

use crate::canonical::hex;

/// A random UUID, version 4: RFC 9562, section 5.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uuid([u8; 36]);

/// Where its digits stand, between the hyphens.
const GROUPS: [(usize, usize); 5] = [(0, 8), (9, 13), (14, 18), (19, 23), (24, 36)];

impl Uuid {
    /// Of these bytes, less the six bits that the version takes.
    pub(crate) fn of(mut random: [u8; 16]) -> Self {
        random[6] = random[6] & 0x0f | 0x40;
        random[8] = random[8] & 0x3f | 0x80;
        let (mut text, mut rest) = ([b'-'; 36], random.as_slice());
        for (from, to) in GROUPS {
            let (group, after) = rest.split_at((to - from) / 2);
            hex::fill(group, &mut text[from..to]);
            rest = after;
        }
        Self(text)
    }

    /// In lower case, with hyphens.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The same as bytes, which takes no look at them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_variant_are_set_and_the_rest_is_kept() {
        let low = Uuid::of([0; 16]);
        assert_eq!(low.as_str(), "00000000-0000-4000-8000-000000000000");
        let high = Uuid::of([0xff; 16]);
        assert_eq!(high.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
