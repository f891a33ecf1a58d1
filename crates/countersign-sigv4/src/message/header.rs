//! `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.

use countersign_core::canonical::Sink;
use http::HeaderValue;

use super::Claim;
use crate::canonical::SignedHeaders;
use crate::hex::Hex;
use crate::key::ALGORITHM;
use crate::scope::Scope;

/// Writes the field, in one allocation of its exact size.
pub(crate) fn authorization(
    id: &str,
    day: &str,
    scope: &Scope,
    headers: &SignedHeaders<'_>,
    signature: Hex,
) -> Vec<u8> {
    let write = |sink: &mut dyn FnMut(&[u8])| {
        let mut sink = |bytes: &[u8]| sink(bytes);
        for part in [ALGORITHM, " Credential=", id, "/"] {
            sink.put(part.as_bytes());
        }
        scope.write(day, &mut sink);
        sink.put(b", SignedHeaders=");
        headers.write_names(&mut sink);
        sink.put(b", Signature=");
        sink.put(signature.as_bytes());
    };
    let mut length = 0;
    write(&mut |bytes| length += bytes.len());
    let mut line = Vec::with_capacity(length);
    write(&mut |bytes| line.extend_from_slice(bytes));
    line
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
