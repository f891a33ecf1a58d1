//! The hash functions and ciphers that NTLM stands on.

use hmac::{Hmac, KeyInit, Mac};
use md4::Md4;
use md5::{Digest, Md5};
use rc4::{Rc4, StreamCipher};
use zeroize::Zeroizing;

/// HMAC-MD5 under a key; clones begin anew with the same key.
pub(crate) type HmacMd5 = Hmac<Md5>;

/// A key of 16 bytes, which HMAC fills up with zeros to a block.
pub(super) fn keyed(key: &[u8; 16]) -> HmacMd5 {
    let mut block = Zeroizing::new([0; 64]);
    block[..16].copy_from_slice(key);
    HmacMd5::new((&*block).into())
}

pub(super) fn finish(mut mac: HmacMd5, parts: &[&[u8]]) -> [u8; 16] {
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

pub(crate) fn hmac_md5(key: &[u8; 16], parts: &[&[u8]]) -> [u8; 16] {
    finish(keyed(key), parts)
}

pub(crate) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Md5::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

pub(crate) fn md4(bytes: &[u8]) -> [u8; 16] {
    Md4::digest(bytes).into()
}

/// RC4 under a key of 16 bytes; said twice it is the same key.
pub(crate) fn rc4(key: &[u8; 16]) -> Rc4 {
    let mut twice = Zeroizing::new([0; 32]);
    twice[..16].copy_from_slice(key);
    twice[16..].copy_from_slice(key);
    Rc4::new((&*twice).into())
}

/// Encrypts or decrypts one key.
pub(super) fn rc4_once(key: &[u8; 16], mut bytes: [u8; 16]) -> [u8; 16] {
    rc4(key).apply_keystream(&mut bytes);
    bytes
}
