//! NTLMv1 and the NTLM2 session response: MS-NLMP, section 3.3.1. The response by the LM hash is never made.

use des::Des;
use des::cipher::{BlockCipherEncrypt, KeyInit};

use super::hash::md5;
use crate::credentials::NtHash;

/// The response of NTLMv1.
pub(crate) fn ntlm_response(hash: &NtHash, challenge: [u8; 8]) -> [u8; 24] {
    let mut key = [0; 21];
    key[..16].copy_from_slice(hash.expose());
    let mut response = [0; 24];
    let (keys, _) = key.as_chunks::<7>();
    for (part, key) in response.chunks_exact_mut(8).zip(keys) {
        part.copy_from_slice(&encrypt(*key, challenge));
    }
    response
}

/// The response of NTLMv1 with extended session security.
pub(crate) fn ntlm2_session_response(
    hash: &NtHash,
    server_challenge: [u8; 8],
    client_challenge: [u8; 8],
) -> [u8; 24] {
    let session = md5(&[&server_challenge, &client_challenge]);
    let mut challenge = [0; 8];
    challenge.copy_from_slice(&session[..8]);
    ntlm_response(hash, challenge)
}

/// DES with a key of 56 bits.
fn encrypt(key: [u8; 7], block: [u8; 8]) -> [u8; 8] {
    let mut block = block.into();
    Des::new(&with_parity(key).into()).encrypt_block(&mut block);
    block.into()
}

/// Seven bits into each byte; DES does not look at the eighth.
fn with_parity(key: [u8; 7]) -> [u8; 8] {
    let bits = key
        .iter()
        .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    std::array::from_fn(|index| ((bits >> (49 - 7 * index)) as u8) << 1)
}
