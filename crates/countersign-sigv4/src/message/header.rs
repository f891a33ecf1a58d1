//! `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.

use countersign_core::canonical::Sink;
use http::HeaderValue;

use super::Claim;
use crate::hex::Hex;
use crate::key::ALGORITHM;
use crate::scope::Scope;

/// The field up to the names of the signed headers, which is that of a whole day.
pub(crate) fn begin_authorization(id: &str, day: &str, scope: &Scope) -> Vec<u8> {
    let mut line = Vec::new();
    for part in [ALGORITHM, " Credential=", id, "/"] {
        line.put(part.as_bytes());
    }
    scope.write(day, &mut line);
    line.put(b", SignedHeaders=");
    line
}

/// The whole field, in one allocation of its exact size.
pub(crate) fn authorization(begun: &[u8], names: &[u8], signature: Hex) -> Vec<u8> {
    [begun, names, b", Signature=", signature.as_bytes()].concat()
}

/// Reads the field: the three parameters, each once, in any order.
pub(crate) fn read_authorization(value: &HeaderValue) -> Option<Claim<'_>> {
    let (_, params) = value.to_str().ok()?.split_once([' ', '\t'])?;
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for param in params.split(',') {
        let (name, value) = param.trim_ascii().split_once('=')?;
        let place = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => return None,
        };
        if place.replace(value).is_some() {
            return None;
        }
    }
    Some(Claim {
        credential: credential?.into(),
        signed_headers: signed_headers?.into(),
        signature: signature?.into(),
        presigned: None,
    })
}
