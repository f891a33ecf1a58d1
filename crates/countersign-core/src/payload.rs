//! [`Payload`], the body of a request as a scheme sees it.

use std::fmt;

use bytes::Bytes;

/// The body of a request as a scheme sees it: its bytes where they are in memory, and a way to replace them.
#[derive(Default)]
pub struct Payload {
    bytes: Option<Bytes>,
    length: Option<u64>,
    replaced: bool,
}

impl Payload {
    /// A body that is in memory.
    pub fn whole(bytes: Bytes) -> Self {
        Self {
            length: Some(bytes.len() as u64),
            bytes: Some(bytes),
            replaced: false,
        }
    }

    /// A body that is still to come, of `length` bytes where that is known.
    pub fn stream(length: Option<u64>) -> Self {
        Self {
            bytes: None,
            length,
            replaced: false,
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
            replaced: true,
            ..Self::whole(bytes.into())
        };
    }

    pub(crate) fn into_replacement(self) -> Option<Bytes> {
        self.bytes.filter(|_| self.replaced)
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
