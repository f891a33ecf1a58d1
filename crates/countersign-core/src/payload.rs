//! [`Payload`], the body of a request as a scheme sees it.

use std::fmt;

use bytes::Bytes;

use crate::body::Encode;

/// The body of a request as a scheme sees it: its bytes where they are in memory, and a way to replace them.
#[derive(Default)]
pub struct Payload {
    bytes: Option<Bytes>,
    length: Option<u64>,
    change: Change,
}

#[derive(Default)]
enum Change {
    #[default]
    None,
    Replaced,
    Encoded(Box<dyn Encode>),
}

impl Payload {
    /// A body that is in memory.
    pub fn whole(bytes: Bytes) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            bytes: Some(bytes),
            change: Change::None,
        }
    }

    /// A body that is still to come, of `length` bytes where that is known.
    pub fn stream(length: Option<u64>) -> Self {
        Self {
            bytes: None,
            length,
            change: Change::None,
        }
    }

    /// The bytes, if they are in memory; they always are where the scheme said that it reads the body.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// The length in bytes, if it is known.
    pub fn len(&self) -> Option<u64> {
        self.length
    }

    /// Whether it is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.length == Some(0)
    }

    /// Sends other bytes in its place; the driver corrects `Content-Length`.
    pub fn replace(&mut self, bytes: impl Into<Bytes>) {
        *self = Self {
            change: Change::Replaced,
            ..Self::whole(bytes.into())
        };
    }

    /// Encodes it while it streams; the driver cuts the chunks and corrects `Content-Length`.
    pub fn encode(&mut self, encode: impl Encode) {
        self.change = Change::Encoded(Box::new(encode));
    }

    /// Whether a scheme replaced it, or wants it encoded.
    pub(crate) fn is_changed(&self) -> bool {
        !matches!(self.change, Change::None)
    }

    /// What the scheme put in its place.
    pub(crate) fn replacement(&self) -> Option<&Bytes> {
        self.bytes
            .as_ref()
            .filter(|_| matches!(self.change, Change::Replaced))
    }

    /// How it is to be encoded, and its length after that.
    pub(crate) fn into_encoding(self) -> Option<(Box<dyn Encode>, Option<u64>)> {
        match self.change {
            Change::Encoded(encode) => {
                let length = self.length.map(|length| encode.encoded_len(length));
                Some((encode, length))
            }
            _ => None,
        }
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload")
            .field("in_memory", &self.bytes.is_some())
            .field("length", &self.length)
            .finish()
    }
}
