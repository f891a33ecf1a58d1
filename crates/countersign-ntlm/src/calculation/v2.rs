//! NTLMv2: MS-NLMP, section 3.3.2.

use zeroize::Zeroizing;

use super::hash::{HmacMd5, finish, hmac_md5, keyed};
use super::session::Key;
use crate::credentials::NtHash;
use crate::message::{utf16, utf16_upper};

/// NTOWFv2: what user, domain and password make together, ready to be used as a key.
#[derive(Clone)]
pub(crate) struct Ntowf(HmacMd5);

impl Ntowf {
    pub(crate) fn new(hash: &NtHash, user: &str, domain: &str) -> Self {
        Self(keyed(&Self::key(hash, user, domain)))
    }

    /// Its 16 bytes.
    pub(crate) fn key(hash: &NtHash, user: &str, domain: &str) -> Zeroizing<[u8; 16]> {
        let mut name = Vec::new();
        utf16_upper(user, &mut name);
        utf16(domain, &mut name);
        Zeroizing::new(hmac_md5(hash.expose(), &[&name]))
    }

    /// NTProofStr over the server's challenge and `temp`.
    pub(crate) fn proof(&self, server_challenge: [u8; 8], temp: &[u8]) -> [u8; 16] {
        finish(self.0.clone(), &[&server_challenge, temp])
    }

    /// The response by the LM hash's successor, for servers that name no time.
    pub(crate) fn lm_response(&self, server_challenge: [u8; 8], client: [u8; 8]) -> [u8; 24] {
        let mut response = [0; 24];
        response[..16].copy_from_slice(&self.proof(server_challenge, &client));
        response[16..].copy_from_slice(&client);
        response
    }

    /// SessionBaseKey, which is the KeyExchangeKey too (section 3.4.5.1).
    pub(crate) fn key_exchange_key(&self, proof: [u8; 16]) -> Key {
        Key::new(finish(self.0.clone(), &[&proof]))
    }
}
