//! Third messages as we never send them, made by hand.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_ntlm::message::{Challenge, Flags, Negotiate, av_id};
use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use md5::Md5;

use super::{PASSWORD, Wire};

/// What a message says beside what it has to.
#[derive(Default)]
pub struct Forged {
    /// Attributes in place of the server's.
    pub pairs: Vec<(u16, Vec<u8>)>,
    pub user: Option<&'static str>,
    /// In place of the response.
    pub response: Option<Vec<u8>>,
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Md5>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn temp(pairs: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut temp = vec![1, 1, 0, 0, 0, 0, 0, 0];
    temp.extend([0; 8]);
    temp.extend([7; 8]);
    temp.extend([0; 4]);
    for (id, value) in pairs.iter().chain([&(av_id::EOL, Vec::new())]) {
        temp.extend(id.to_le_bytes());
        temp.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
        temp.extend(value);
    }
    temp.extend([0; 4]);
    temp
}

impl Forged {
    /// A message for this server challenge.
    pub fn message(&self, server_challenge: [u8; 8]) -> Vec<u8> {
        let user = self.user.unwrap_or("User");
        let hash = Md4::digest(utf16(PASSWORD));
        let key = hmac(&hash, &[&utf16(&user.to_uppercase())]);
        let temp = temp(&self.pairs);
        let proof = hmac(&key, &[&server_challenge, &temp]);
        let response = self.response.clone().unwrap_or([proof, temp].concat());
        let mut message = b"NTLMSSP\0\x03\0\0\0".to_vec();
        let fields = [vec![0; 24], response, vec![], utf16(user), vec![], vec![]];
        let mut offset = 88;
        for field in &fields {
            let length = u16::try_from(field.len()).unwrap().to_le_bytes();
            message.extend([length, length].concat());
            message.extend(u32::try_from(offset).unwrap().to_le_bytes());
            offset += field.len();
        }
        message.extend(0xa288_8205_u32.to_le_bytes());
        message.extend([0; 24]);
        message.extend(fields.concat());
        message
    }

    /// A message for a challenge that this connection was just given.
    pub async fn on(&self, wire: &Wire) -> Vec<u8> {
        let greeting = Negotiate::new(Flags::new(0xa208_8207)).to_bytes();
        let judged = wire.with(&field(&greeting)).await;
        let challenge = STANDARD
            .decode(&judged.challenges()[0]["NTLM ".len()..])
            .unwrap();
        self.message(Challenge::read(&challenge).unwrap().server_challenge())
    }
}

pub fn field(message: &[u8]) -> String {
    format!("NTLM {}", STANDARD.encode(message))
}
