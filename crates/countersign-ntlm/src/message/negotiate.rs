//! [`Negotiate`], type 1.

use super::read::Reader;
use super::write::Writer;
use super::{Flags, MessageError, VERSION};

const FLAGS: usize = 12;
const LENGTH: usize = 40;

/// NEGOTIATE_MESSAGE, with which a client begins: MS-NLMP, section 2.2.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Negotiate {
    flags: Flags,
}

impl Negotiate {
    /// A message that offers these flags.
    pub fn new(flags: Flags) -> Self {
        Self { flags }
    }

    /// Reads one, also the short forms of old clients; the names in it are not looked at.
    ///
    /// # Errors
    ///
    /// [`MessageError`] if it is no such message.
    pub fn read(message: &[u8]) -> Result<Self, MessageError> {
        let reader = Reader::new(message, 1, 16)?;
        let flags = Flags::new(reader.u32(FLAGS)?);
        Ok(Self { flags })
    }

    /// What it offers.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Its 40 bytes: some servers refuse the shorter forms. It names neither domain nor workstation.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new(1, LENGTH, LENGTH);
        writer.set(FLAGS, &self.flags.bits().to_le_bytes());
        for offset in [20, 28] {
            writer.set(offset, &[LENGTH as u8, 0, 0, 0]);
        }
        writer.set(32, &VERSION);
        writer.0
    }
}
