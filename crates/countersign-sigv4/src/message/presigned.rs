//! The query of a presigned URL.

use std::borrow::Cow;

use countersign_core::canonical::percent::{Plus, UNRESERVED, encode, encoded};
use countersign_core::canonical::{Sink, query};

use super::{Claim, PresignedClaim};
use crate::canonical::{SIGNATURE, SignedHeaders};
use crate::hex::Hex;
use crate::key::ALGORITHM;
use crate::scope::Scope;
use crate::time::Timestamp;

const X_AMZ_ALGORITHM: &str = "X-Amz-Algorithm";
const X_AMZ_CREDENTIAL: &str = "X-Amz-Credential";
const X_AMZ_DATE: &str = "X-Amz-Date";
pub(crate) const X_AMZ_EXPIRES: &str = "X-Amz-Expires";
const X_AMZ_SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";
const X_AMZ_SECURITY_TOKEN: &str = "X-Amz-Security-Token";

/// The parameters that presigning adds.
pub(crate) const PRESIGNING: [&str; 7] = [
    X_AMZ_ALGORITHM,
    X_AMZ_CREDENTIAL,
    X_AMZ_DATE,
    X_AMZ_EXPIRES,
    X_AMZ_SIGNED_HEADERS,
    X_AMZ_SECURITY_TOKEN,
    SIGNATURE,
];

/// What presigning adds up to the time, which is that of a whole day. The parameters stand in the order in which they are
/// signed, in canonical form.
pub(crate) fn begin_presigned(id: &str, day: &str, scope: &Scope) -> String {
    let mut query = format!("{X_AMZ_ALGORITHM}={ALGORITHM}&{X_AMZ_CREDENTIAL}=");
    let mut credential = Vec::from(id);
    credential.put(b"/");
    scope.write(day, &mut credential);
    query.push_str(&encoded(&credential, UNRESERVED));
    query.push('&');
    query.push_str(X_AMZ_DATE);
    query.push('=');
    query
}

/// What a presigned URL says before its signature.
pub(crate) struct Presigned<'a> {
    /// What [`begin_presigned`] made.
    pub(crate) begun: &'a str,
    pub(crate) time: Timestamp,
    pub(crate) expires: u32,
    pub(crate) token: Option<&'a str>,
}

impl Presigned<'_> {
    /// Adds it to the end of a query that is not empty or has none before it.
    pub(crate) fn write(&self, headers: &SignedHeaders<'_>, target: &mut impl Sink) {
        target.put(self.begun.as_bytes());
        target.put(self.time.text().as_bytes());
        target.put(b"&X-Amz-Expires=");
        put_number(self.expires, target);
        if let Some(token) = self.token {
            put(X_AMZ_SECURITY_TOKEN, token, target);
        }
        target.put(b"&X-Amz-SignedHeaders=");
        for (index, name) in headers.names().enumerate() {
            target.put(if index > 0 { b"%3B" } else { b"" });
            encode(name.as_bytes(), UNRESERVED, target);
        }
    }
}

/// Adds the signature, and before it the token if that is not signed.
pub(crate) fn finish_presigned(target: &mut impl Sink, token: Option<&str>, signature: Hex) {
    if let Some(token) = token {
        put(X_AMZ_SECURITY_TOKEN, token, target);
    }
    target.put(b"&X-Amz-Signature=");
    target.put(signature.as_bytes());
}

fn put(name: &str, value: &str, target: &mut impl Sink) {
    for part in ["&", name, "="] {
        target.put(part.as_bytes());
    }
    encode(value.as_bytes(), UNRESERVED, target);
}

fn put_number(number: u32, target: &mut impl Sink) {
    target.put(itoa::Buffer::new().format(number).as_bytes());
}

/// Whether a query claims to be presigned.
pub(crate) fn is_presigned(query: &str) -> bool {
    query::pairs(query).any(|pair| matches!(pair.name(), SIGNATURE | X_AMZ_ALGORITHM))
}

/// Reads the parameters: all that there have to be, and each once.
pub(crate) fn read_presigned(query: &str) -> Option<Claim<'_>> {
    let find = |name: &str| one(query, name).ok();
    if find(X_AMZ_ALGORITHM)?? != ALGORITHM {
        return None;
    }
    Some(Claim {
        credential: find(X_AMZ_CREDENTIAL)??,
        signed_headers: find(X_AMZ_SIGNED_HEADERS)??,
        signature: find(SIGNATURE)??,
        presigned: Some(PresignedClaim {
            date: find(X_AMZ_DATE)??,
            expires: find(X_AMZ_EXPIRES)??,
            token: find(X_AMZ_SECURITY_TOKEN)?,
        }),
    })
}

/// More than one parameter of a name, or one that is no text.
struct Broken;

fn one<'a>(query: &'a str, name: &str) -> Result<Option<Cow<'a, str>>, Broken> {
    let mut pairs = query::pairs(query).filter(|pair| pair.name() == name);
    let Some(pair) = pairs.next() else {
        return Ok(None);
    };
    let (_, value) = pair.decoded(Plus::Literal).map_err(|_| Broken)?;
    match (text(value), pairs.next()) {
        (Some(value), None) => Ok(Some(value)),
        _ => Err(Broken),
    }
}

fn text(bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    match bytes {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}
