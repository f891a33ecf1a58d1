//! What all three messages share when they are read.

use std::cell::Cell;

use super::{MAX_MESSAGE, MessageError, SIGNATURE};

const SHORT: MessageError = MessageError::Malformed("it ends too early");

/// Which message it is: 1, 2 or 3.
pub(crate) fn kind(message: &[u8]) -> Option<u32> {
    let rest = message.strip_prefix(&SIGNATURE)?;
    rest.first_chunk().map(|kind| u32::from_le_bytes(*kind))
}

/// A message whose fixed part is there.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    head: usize,
    lowest: Cell<usize>,
}

impl<'a> Reader<'a> {
    /// A message of this kind, whose fixed part has `head` bytes.
    pub(super) fn new(bytes: &'a [u8], wanted: u32, head: usize) -> Result<Self, MessageError> {
        if bytes.len() > MAX_MESSAGE {
            return Err(MessageError::TooLarge);
        }
        match kind(bytes) {
            Some(kind) if kind == wanted => {}
            Some(_) => return Err(MessageError::Malformed("it is of another type")),
            None => return Err(MessageError::Malformed("it does not begin with NTLMSSP")),
        }
        let lowest = Cell::new(bytes.len());
        if bytes.len() < head {
            return Err(SHORT);
        }
        Ok(Self {
            bytes,
            head,
            lowest,
        })
    }

    pub(super) fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], MessageError> {
        let found = self.bytes.get(at..).and_then(<[u8]>::first_chunk);
        found.copied().ok_or(SHORT)
    }

    pub(super) fn u32(&self, at: usize) -> Result<u32, MessageError> {
        self.array(at).map(u32::from_le_bytes)
    }

    /// The bytes that the descriptor at `at` speaks of: length, room, offset (section 2.2.1).
    pub(super) fn field(&self, at: usize) -> Result<&'a [u8], MessageError> {
        let length = usize::from(u16::from_le_bytes(self.array(at)?));
        if length == 0 {
            return Ok(&[]);
        }
        let start = usize::try_from(self.u32(at + 4)?).unwrap_or(usize::MAX);
        if start < self.head {
            return Err(MessageError::Malformed("a field lies in its fixed part"));
        }
        self.lowest.set(self.lowest.get().min(start));
        let end = start.checked_add(length);
        end.and_then(|end| self.bytes.get(start..end))
            .ok_or(MessageError::Malformed("a field goes past its end"))
    }

    /// The `N` bytes at `at`, if no field that was read so far begins before their end.
    pub(super) fn optional<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        match self.lowest.get() >= at + N {
            true => self.array(at).ok(),
            false => None,
        }
    }
}
