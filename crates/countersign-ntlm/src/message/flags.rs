//! [`Flags`].

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

/// What both sides agree on: MS-NLMP, section 2.2.2.5.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags(u32);

impl Flags {
    /// Texts are UTF-16.
    pub const UNICODE: Self = Self(0x0000_0001);
    /// Texts are in the machine's own character set, here ASCII; so they are where neither is set.
    pub const OEM: Self = Self(0x0000_0002);
    /// The challenge shall name its target.
    pub const REQUEST_TARGET: Self = Self(0x0000_0004);
    /// Messages after the handshake are signed.
    pub const SIGN: Self = Self(0x0000_0010);
    /// Messages after the handshake are encrypted.
    pub const SEAL: Self = Self(0x0000_0020);
    /// NTLM at all.
    pub const NTLM: Self = Self(0x0000_0200);
    /// A signature of some kind is always there.
    pub const ALWAYS_SIGN: Self = Self(0x0000_8000);
    /// The target is a domain.
    pub const TARGET_TYPE_DOMAIN: Self = Self(0x0001_0000);
    /// The target is a server.
    pub const TARGET_TYPE_SERVER: Self = Self(0x0002_0000);
    /// Extended session security; with NTLMv1 also the NTLM2 session response.
    pub const EXTENDED_SESSION_SECURITY: Self = Self(0x0008_0000);
    /// The challenge has a target info.
    pub const TARGET_INFO: Self = Self(0x0080_0000);
    /// The message names a version.
    pub const VERSION: Self = Self(0x0200_0000);
    /// Keys of 128 bits.
    pub const KEY_128: Self = Self(0x2000_0000);
    /// The client chooses the session's key.
    pub const KEY_EXCHANGE: Self = Self(0x4000_0000);
    /// Keys of 56 bits.
    pub const KEY_56: Self = Self(0x8000_0000);

    /// The flags of these bits.
    pub const fn new(bits: u32) -> Self {
        Self(bits)
    }

    /// Their bits.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether all of `others` are set.
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// Whether any of `others` is set.
    pub const fn intersects(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Both.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// One character set: UTF-16 before any other.
    pub(crate) fn with_one_charset(self) -> Self {
        match self.contains(Self::UNICODE) {
            true => self & !Self::OEM,
            false => self,
        }
    }

    /// Whether the client sends a session key of its own (section 3.1.5.1.2).
    pub(crate) const fn exchanges_key(self) -> bool {
        self.contains(Self::KEY_EXCHANGE) && self.intersects(Self::SIGN.union(Self::SEAL))
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, others: Self) -> Self {
        self.union(others)
    }
}

impl BitAnd for Flags {
    type Output = Self;

    fn bitand(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }
}

impl Not for Flags {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({:#010x})", self.0)
    }
}
