//! [`TargetInfo`].

use std::fmt;

use super::{MessageError, text};

/// The kinds of attributes: MS-NLMP, section 2.2.2.1.
pub mod av_id {
    /// The end of the list.
    pub const EOL: u16 = 0;
    /// The server's NetBIOS name.
    pub const NB_COMPUTER_NAME: u16 = 1;
    /// The domain's NetBIOS name.
    pub const NB_DOMAIN_NAME: u16 = 2;
    /// The server's DNS name.
    pub const DNS_COMPUTER_NAME: u16 = 3;
    /// The domain's DNS name.
    pub const DNS_DOMAIN_NAME: u16 = 4;
    /// The forest's DNS name.
    pub const DNS_TREE_NAME: u16 = 5;
    /// Flags of 32 bits; 2 says that a MIC is there.
    pub const FLAGS: u16 = 6;
    /// The server's time, in 100 ns since 1601.
    pub const TIMESTAMP: u16 = 7;
    /// The service that the client means.
    pub const TARGET_NAME: u16 = 9;
    /// The hash of the channel's binding.
    pub const CHANNEL_BINDINGS: u16 = 10;
}

/// In [`av_id::FLAGS`]: a MIC is there.
pub(crate) const MIC_PROVIDED: u32 = 2;

const CUT: MessageError = MessageError::Malformed("the target info ends before its end mark");

/// A list of attributes that was checked: it ends with its end mark, no kind that has a name here occurs twice, and
/// each has a length that its kind can have.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct TargetInfo<'a>(&'a [u8]);

impl<'a> TargetInfo<'a> {
    /// A list that is all of `bytes`; no bytes are an empty list.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`] for a list without an end mark, bytes behind it, a kind that occurs twice, or a length
    /// that its kind cannot have.
    pub fn read(bytes: &'a [u8]) -> Result<Self, MessageError> {
        match Self::read_front(bytes)? {
            (info, []) => Ok(info),
            _ => Err(MessageError::Malformed(
                "the target info goes on behind its end mark",
            )),
        }
    }

    /// A list at the front of `bytes`, and what is behind it.
    pub(super) fn read_front(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), MessageError> {
        let (mut rest, mut seen) = (bytes, 0_u32);
        while !bytes.is_empty() {
            let (id, value, behind) = split(rest).ok_or(CUT)?;
            check(id, value, &mut seen)?;
            if id == av_id::EOL {
                let length = bytes.len() - rest.len();
                return Ok((Self(&bytes[..length]), behind));
            }
            rest = behind;
        }
        Ok((Self::default(), &[]))
    }

    /// How many bytes it has.
    pub(crate) fn size(&self) -> usize {
        self.0.len()
    }

    /// The attributes in order, without the end mark.
    pub fn iter(&self) -> AvPairs<'a> {
        AvPairs(self.0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of one kind.
    pub fn get(&self, id: u16) -> Option<&'a [u8]> {
        self.iter().find(|pair| pair.0 == id).map(|pair| pair.1)
    }

    /// The value of one kind as text, if it is there and is UTF-16.
    pub fn text(&self, id: u16) -> Option<String> {
        text::from_utf16(self.get(id)?)
    }

    /// [`av_id::TIMESTAMP`], in 100 ns since 1601.
    pub fn timestamp(&self) -> Option<u64> {
        let value = self.get(av_id::TIMESTAMP)?;
        value.try_into().ok().map(u64::from_le_bytes)
    }

    /// [`av_id::FLAGS`]; 0 where there are none.
    pub fn flags(&self) -> u32 {
        let value = self
            .get(av_id::FLAGS)
            .and_then(|value| value.try_into().ok());
        value.map_or(0, u32::from_le_bytes)
    }

    /// Appends the list with other values for some kinds, in their place where the list has them, else at its end; a kind
    /// without a value is left out.
    pub(crate) fn write_with(&self, changes: &[(u16, Option<&[u8]>)], out: &mut Vec<u8>) {
        let change = |id| changes.iter().find(|change| change.0 == id);
        for (id, value) in self.iter() {
            let value = change(id).map_or(Some(value), |change| change.1);
            put(id, value, out);
        }
        for (id, value) in changes.iter().filter(|change| self.get(change.0).is_none()) {
            put(*id, *value, out);
        }
        put(av_id::EOL, Some(&[]), out);
    }
}

/// The attributes of a [`TargetInfo`]: kind and value.
#[derive(Clone)]
pub struct AvPairs<'a>(&'a [u8]);

impl<'a> Iterator for AvPairs<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (id, value, rest) = split(self.0)?;
        self.0 = rest;
        (id != av_id::EOL).then_some((id, value))
    }
}

impl fmt::Debug for AvPairs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.clone().map(|pair| pair.0))
            .finish()
    }
}

impl fmt::Debug for TargetInfo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TargetInfo").field(&self.iter()).finish()
    }
}

fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (id, rest) = bytes.split_first_chunk()?;
    let (length, rest) = rest.split_first_chunk()?;
    let (value, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
    Some((u16::from_le_bytes(*id), value, rest))
}

fn check(id: u16, value: &[u8], seen: &mut u32) -> Result<(), MessageError> {
    let bit = 1_u32.checked_shl(id.into()).unwrap_or(0);
    if *seen & bit != 0 {
        return Err(MessageError::Malformed("an attribute occurs twice"));
    }
    *seen |= bit;
    let fits = match id {
        av_id::EOL => value.is_empty(),
        1..=5 | av_id::TARGET_NAME => value.len().is_multiple_of(2),
        av_id::FLAGS => value.len() == 4,
        av_id::TIMESTAMP => value.len() == 8,
        av_id::CHANNEL_BINDINGS => value.len() == 16,
        _ => true,
    };
    fits.then_some(()).ok_or(MessageError::Malformed(
        "an attribute has an impossible length",
    ))
}

/// Lengths that do not fit come to light in the length of the whole field, which is the longer one.
fn put(id: u16, value: Option<&[u8]>, out: &mut Vec<u8>) {
    let Some(value) = value else { return };
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&id.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(value);
}
