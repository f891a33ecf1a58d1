//! A client of `Negotiate` that would rather do Kerberos, made by hand.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_ntlm::message::{Challenge, Flags, Negotiate};

use super::Wire;

const SPNEGO: &[u8] = &[6, 6, 0x2b, 6, 1, 5, 5, 2];
const KERBEROS: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];
const NTLM: &[u8] = &[6, 10, 0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10];

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    let length = match length {
        [0, low @ ..=127] => vec![low],
        [0, low] => vec![0x81, low],
        _ => vec![0x82, length[0], length[1]],
    };
    [vec![tag], length, value].concat()
}

pub fn field(token: &[u8]) -> String {
    format!("Negotiate {}", STANDARD.encode(token))
}

/// The first token: both mechanisms, and something of the first.
pub fn kerberos_before_ntlm() -> Vec<u8> {
    let mechanisms = tlv(0xa0, &[&tlv(0x30, &[KERBEROS, NTLM])]);
    let token = tlv(0xa2, &[&tlv(4, &[b"a ticket"])]);
    let init = tlv(0xa0, &[&tlv(0x30, &[&mechanisms, &token])]);
    tlv(0x60, &[SPNEGO, &init])
}

/// A later token.
pub fn response(message: &[u8], mic: Option<&[u8]>) -> Vec<u8> {
    let message = tlv(0xa2, &[&tlv(4, &[message])]);
    let mic = mic.map_or(Vec::new(), |mic| tlv(0xa3, &[&tlv(4, &[mic])]));
    tlv(0xa1, &[&tlv(0x30, &[&message, &mic])])
}

/// Begins with Kerberos, is told better, and gets the challenge.
pub async fn challenge(wire: &Wire) -> [u8; 8] {
    let hint = wire.with(&field(&kerberos_before_ntlm())).await;
    assert_eq!(hint.status(), 401);
    let greeting = Negotiate::new(Flags::new(0xa208_8207)).to_bytes();
    let judged = wire.with(&field(&response(&greeting, None))).await;
    let token = judged.challenges()[0].strip_prefix("Negotiate ").unwrap();
    let token = STANDARD.decode(token).unwrap();
    let start = token
        .windows(7)
        .position(|bytes| bytes == b"NTLMSSP")
        .unwrap();
    Challenge::read(&token[start..]).unwrap().server_challenge()
}
