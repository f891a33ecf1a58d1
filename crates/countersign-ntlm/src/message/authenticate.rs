//! [`Authenticate`], type 3.

use std::fmt;
use std::ops::Range;

use super::read::Reader;
use super::write::Writer;
use super::{Flags, MessageError, VERSION, text};

const LM: usize = 12;
const NT: usize = 20;
const DOMAIN: usize = 28;
const USER: usize = 36;
const WORKSTATION: usize = 44;
const SESSION_KEY: usize = 52;
const FLAGS: usize = 60;
const VERSION_AT: usize = 64;
/// Where the MIC stands, in a message that has one.
pub(crate) const MIC: Range<usize> = 72..88;

/// AUTHENTICATE_MESSAGE, a client's proof: MS-NLMP, section 2.2.1.3.
#[derive(Clone, Copy)]
pub struct Authenticate<'a> {
    flags: Flags,
    lm_response: &'a [u8],
    nt_response: &'a [u8],
    domain: &'a [u8],
    user: &'a [u8],
    workstation: &'a [u8],
    session_key: &'a [u8],
    mic: Option<[u8; 16]>,
}

impl<'a> Authenticate<'a> {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// [`MessageError`] if it is no such message, or a field lies outside of it or in its fixed part.
    pub fn read(message: &'a [u8]) -> Result<Self, MessageError> {
        let reader = Reader::new(message, 3, VERSION_AT)?;
        Ok(Self {
            flags: Flags::new(reader.u32(FLAGS)?),
            lm_response: reader.field(LM)?,
            nt_response: reader.field(NT)?,
            domain: reader.field(DOMAIN)?,
            user: reader.field(USER)?,
            workstation: reader.field(WORKSTATION)?,
            session_key: reader.field(SESSION_KEY)?,
            // Last, as it is there only if every field leaves it room.
            mic: reader.optional(MIC.start),
        })
    }

    /// What the client took of the server's choice.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// The response by the LM hash, or what stands in its place.
    pub fn lm_response(&self) -> &'a [u8] {
        self.lm_response
    }

    /// The response by the NT hash.
    pub fn nt_response(&self) -> &'a [u8] {
        self.nt_response
    }

    /// The session key that the client chose, encrypted.
    pub fn encrypted_session_key(&self) -> &'a [u8] {
        self.session_key
    }

    /// The bytes where a MIC stands; whether it is one, the attributes say.
    pub fn mic(&self) -> Option<[u8; 16]> {
        self.mic
    }

    /// The user's domain.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`] if that is not text.
    pub fn domain(&self) -> Result<String, MessageError> {
        text::read(self.domain, self.flags)
    }

    /// The user's name.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`] if that is not text.
    pub fn user(&self) -> Result<String, MessageError> {
        text::read(self.user, self.flags)
    }

    /// The client's machine.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`] if that is not text.
    pub fn workstation(&self) -> Result<String, MessageError> {
        text::read(self.workstation, self.flags)
    }
}

impl fmt::Debug for Authenticate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticate")
            .field("flags", &self.flags)
            .finish_non_exhaustive()
    }
}

/// What a client writes into it.
pub(crate) struct Parts<'a> {
    pub(crate) flags: Flags,
    pub(crate) lm_response: [u8; 24],
    pub(crate) nt_response: &'a [u8],
    pub(crate) domain: &'a str,
    pub(crate) user: &'a str,
    pub(crate) workstation: &'a str,
    pub(crate) session_key: &'a [u8],
}

impl Parts<'_> {
    /// The message, with a MIC of zeros.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, MessageError> {
        let names = self.domain.len() + self.user.len() + self.workstation.len();
        let capacity = MIC.end + 24 + self.nt_response.len() + 2 * names + 16;
        let mut writer = Writer::new(3, MIC.end, capacity);
        writer.set(FLAGS, &self.flags.bits().to_le_bytes());
        writer.set(VERSION_AT, &VERSION);
        writer.field(LM, |out| out.extend_from_slice(&self.lm_response))?;
        writer.field(NT, |out| out.extend_from_slice(self.nt_response))?;
        for (at, name) in [
            (DOMAIN, self.domain),
            (USER, self.user),
            (WORKSTATION, self.workstation),
        ] {
            writer.text(at, name, self.flags)?;
        }
        writer.field(SESSION_KEY, |out| out.extend_from_slice(self.session_key))?;
        Ok(writer.0)
    }
}
