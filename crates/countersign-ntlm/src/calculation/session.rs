//! The session's key and the signatures by it: MS-NLMP, section 3.4.

use rc4::{Rc4, StreamCipher};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::hash::{hmac_md5, md5, rc4, rc4_once};
use crate::message::Flags;

/// KeyExchangeKey or ExportedSessionKey.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 16]>);

impl Key {
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self(Zeroizing::new(key))
    }

    pub(crate) fn expose(&self) -> &[u8; 16] {
        &self.0
    }

    /// Another key, encrypted or decrypted by this one.
    pub(crate) fn wrap(&self, other: [u8; 16]) -> [u8; 16] {
        rc4_once(&self.0, other)
    }

    /// The MIC over all three messages (section 3.1.5.1.2); the last one has zeros in its place.
    pub(crate) fn mic(&self, messages: [&[u8]; 3]) -> [u8; 16] {
        hmac_md5(&self.0, &messages)
    }
}

/// Who signs.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Client,
    Server,
}

impl Side {
    /// The text in the key that signs, and the one in the key that seals.
    fn texts(self) -> [&'static [u8]; 2] {
        match self {
            Self::Client => [
                b"session key to client-to-server signing key magic constant\0",
                b"session key to client-to-server sealing key magic constant\0",
            ],
            Self::Server => [
                b"session key to server-to-client signing key magic constant\0",
                b"session key to server-to-client sealing key magic constant\0",
            ],
        }
    }
}

/// Signs messages after the handshake, with extended session security (section 3.4.4.2). Where the two sides did not agree
/// on signing, a signature is a constant, as Windows has it.
pub(crate) struct Signer {
    signs: bool,
    key: Zeroizing<[u8; 16]>,
    cipher: Option<Rc4>,
}

impl Signer {
    pub(crate) fn new(exported: &Key, flags: Flags, side: Side) -> Self {
        let [signing, sealing] = side.texts();
        let sealing = || md5(&[weakened(exported, flags), sealing]);
        Self {
            signs: flags.contains(Flags::SIGN),
            key: Zeroizing::new(md5(&[exported.expose(), signing])),
            cipher: flags.contains(Flags::KEY_EXCHANGE).then(|| rc4(&sealing())),
        }
    }

    pub(crate) fn sign(&mut self, sequence: u32, message: &[u8]) -> [u8; 16] {
        let mut signature = [0; 16];
        signature[0] = 1;
        if !self.signs {
            return signature;
        }
        let sequence = sequence.to_le_bytes();
        let mac = hmac_md5(&self.key, &[&sequence, message]);
        signature[4..12].copy_from_slice(&mac[..8]);
        if let Some(cipher) = &mut self.cipher {
            cipher.apply_keystream(&mut signature[4..12]);
        }
        signature[12..].copy_from_slice(&sequence);
        signature
    }

    /// The message, encrypted. Nothing is after a handshake of HTTP; the published values need it.
    #[cfg(test)]
    pub(crate) fn sealed(&mut self, message: &[u8]) -> Vec<u8> {
        let mut message = message.to_vec();
        if let Some(cipher) = &mut self.cipher {
            cipher.apply_keystream(&mut message);
        }
        message
    }

    /// Whether `signature` is that of the first message.
    pub(crate) fn is_first(&mut self, message: &[u8], signature: &[u8]) -> bool {
        self.sign(0, message).ct_eq(signature).into()
    }
}

/// As much of the key as was agreed on (section 3.4.5.3).
fn weakened(exported: &Key, flags: Flags) -> &[u8] {
    let length = match () {
        () if flags.contains(Flags::KEY_128) => 16,
        () if flags.contains(Flags::KEY_56) => 7,
        () => 5,
    };
    &exported.expose()[..length]
}
