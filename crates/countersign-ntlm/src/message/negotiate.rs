//! [`Negotiate`], type 1.

use super::read::Reader;
use super::{Flags, MessageError, SIGNATURE, VERSION};

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
    pub fn to_bytes(&self) -> [u8; 40] {
        let mut message = [0; LENGTH];
        message[..8].copy_from_slice(&SIGNATURE);
        message[8] = 1;
        message[FLAGS..FLAGS + 4].copy_from_slice(&self.flags.bits().to_le_bytes());
        // Both names are empty, and lie at the end.
        message[20] = LENGTH as u8;
        message[28] = LENGTH as u8;
        message[32..].copy_from_slice(&VERSION);
        message
    }
}
