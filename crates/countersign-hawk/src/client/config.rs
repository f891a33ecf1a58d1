//! What one client is set to.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::{Offsets, Result, Sources};

use crate::credentials::{AnswerProof, Credentials};

/// Whether a client signs the body, for which it has to be in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadHash {
    /// Never: a body can be changed on its way, and servers that demand its hash refuse it.
    Omit,
    /// If there is one.
    #[default]
    NonEmpty,
    /// Always, an empty one too, for servers that demand that.
    Always,
}

#[derive(Clone)]
pub(super) struct Config {
    pub(super) credentials: Credentials,
    pub(super) payload: PayloadHash,
    pub(super) ext: Option<Box<str>>,
    pub(super) proof: AnswerProof,
    pub(super) nonce: Option<Box<str>>,
    pub(super) timestamp: Option<u64>,
    pub(super) max_offset: u64,
    pub(super) sources: Sources,
    /// Of the servers' clocks. Clones share them.
    pub(super) offsets: Offsets,
}

/// Six random bytes are eight characters. A nonce is one of its second: of a thousand requests in one second, two share
/// theirs with a chance of two in a billion.
const RANDOM: usize = 6;
pub(super) const FRESH: usize = 8;

impl Config {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            payload: PayloadHash::default(),
            ext: None,
            proof: AnswerProof::default(),
            nonce: None,
            timestamp: None,
            max_offset: 24 * 60 * 60,
            sources: Sources::default(),
            offsets: Offsets::default(),
        }
    }

    /// The nonce that was given, or a fresh one, which is written to `fresh`.
    pub(super) fn nonce<'a>(&'a self, fresh: &'a mut [u8; FRESH]) -> Result<&'a str> {
        if let Some(nonce) = &self.nonce {
            return Ok(nonce);
        }
        let random = self.sources.bytes::<RANDOM>()?;
        let len = URL_SAFE_NO_PAD
            .encode_slice(random, fresh)
            .unwrap_or_default();
        Ok(str::from_utf8(&fresh[..len]).unwrap_or_default())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("credentials", &self.credentials)
            .field("payload", &self.payload)
            .field("proof", &self.proof)
            .finish_non_exhaustive()
    }
}
