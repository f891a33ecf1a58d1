//! [`Challenge`], type 2.

use super::read::Reader;
use super::write::Writer;
use super::{Flags, MessageError, TargetInfo, VERSION, text};

const TARGET_NAME: usize = 12;
const FLAGS: usize = 20;
const SERVER_CHALLENGE: usize = 24;
const TARGET_INFO: usize = 40;
const VERSION_AT: usize = 48;
const HEAD: usize = 56;

/// The fixed part with a target info, and the oldest one that ends before it.
const WITH_TARGET_INFO: usize = 48;
const OLDEST: usize = 32;

/// CHALLENGE_MESSAGE, a server's answer: MS-NLMP, section 2.2.1.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge<'a> {
    flags: Flags,
    server_challenge: [u8; 8],
    target_name: &'a [u8],
    target_info: TargetInfo<'a>,
}

impl<'a> Challenge<'a> {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// [`MessageError`] if it is no such message, a field lies outside of it or in its fixed part, it does not agree
    /// to NTLM, or its target info is not sound.
    pub fn read(message: &'a [u8]) -> Result<Self, MessageError> {
        let head = if message.len() < WITH_TARGET_INFO {
            OLDEST
        } else {
            WITH_TARGET_INFO
        };
        let reader = Reader::new(message, 2, head)?;
        let flags = Flags::new(reader.u32(FLAGS)?);
        if !flags.contains(Flags::NTLM) {
            return Err(MessageError::Malformed("it does not agree to NTLM"));
        }
        let has_info = flags.contains(Flags::TARGET_INFO);
        Ok(Self {
            flags,
            server_challenge: reader.array(SERVER_CHALLENGE)?,
            target_name: reader.field(TARGET_NAME)?,
            target_info: match has_info {
                true => TargetInfo::read(reader.field(TARGET_INFO)?)?,
                false => TargetInfo::default(),
            },
        })
    }

    /// What the server chose.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// The challenge itself.
    pub fn server_challenge(&self) -> [u8; 8] {
        self.server_challenge
    }

    /// What it calls itself.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`] if that is not text.
    pub fn target_name(&self) -> Result<String, MessageError> {
        text::read(self.target_name, self.flags)
    }

    /// What it says of itself; empty where its flags say that there is nothing.
    pub fn target_info(&self) -> TargetInfo<'a> {
        self.target_info
    }
}

/// What a server writes into a challenge.
pub(crate) struct Offer<'a> {
    pub(crate) flags: Flags,
    pub(crate) server_challenge: [u8; 8],
    pub(crate) target_name: &'a str,
    pub(crate) target_info: &'a [(u16, Option<&'a [u8]>)],
}

impl Offer<'_> {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, MessageError> {
        let mut writer = Writer::new(2, HEAD, 256);
        writer.set(FLAGS, &self.flags.bits().to_le_bytes());
        writer.set(SERVER_CHALLENGE, &self.server_challenge);
        writer.set(VERSION_AT, &VERSION);
        writer.text(TARGET_NAME, self.target_name, self.flags)?;
        let info = TargetInfo::default();
        writer.field(TARGET_INFO, |out| info.write_with(self.target_info, out))?;
        Ok(writer.0)
    }
}
