//! The query of a presigned URL.

use std::borrow::Cow;
use std::fmt::Write;

use countersign_core::canonical::percent::{Plus, UNRESERVED, encode};
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

/// What a presigned URL says before its signature.
pub(crate) struct Presigned<'a> {
    pub(crate) id: &'a str,
    pub(crate) scope: &'a Scope,
    pub(crate) time: Timestamp,
    pub(crate) expires: u32,
    pub(crate) token: Option<&'a str>,
}

impl Presigned<'_> {
    /// The query of the request with all that is signed added to its end.
    pub(crate) fn query(&self, own: &str, headers: &SignedHeaders<'_>) -> String {
        let mut query = Query::after(own, self.token);
        query.push(X_AMZ_ALGORITHM, ALGORITHM);
        let mut credential = query.begin(X_AMZ_CREDENTIAL);
        credential.put(self.id.as_bytes());
        credential.put(b"/");
        self.scope.write(self.time.day(), &mut credential);
        query.push(X_AMZ_DATE, self.time.text());
        query.begin(X_AMZ_EXPIRES).number(self.expires);
        headers.write_names(&mut query.begin(X_AMZ_SIGNED_HEADERS));
        if let Some(token) = self.token {
            query.push(X_AMZ_SECURITY_TOKEN, token);
        }
        query.0
    }
}

/// Adds the signature, and the token if it is not signed.
pub(crate) fn finish_presigned(query: String, token: Option<&str>, signature: Hex) -> String {
    let mut query = Query(query);
    if let Some(token) = token {
        query.push(X_AMZ_SECURITY_TOKEN, token);
    }
    query.push(SIGNATURE, signature.as_str());
    query.0
}

/// A query that grows.
struct Query(String);

impl Query {
    /// About what is added beside a token.
    const ADDED: usize = 512;

    fn after(own: &str, token: Option<&str>) -> Self {
        let added = Self::ADDED + token.map_or(0, |token| 3 * token.len());
        let mut query = String::with_capacity(own.len() + added);
        query.push_str(own);
        Self(query)
    }

    fn begin(&mut self, name: &str) -> Value<'_> {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        Value(&mut self.0)
    }

    fn push(&mut self, name: &str, value: &str) {
        self.begin(name).put(value.as_bytes());
    }
}

/// A value that is encoded as it is written.
struct Value<'a>(&'a mut String);

impl Value<'_> {
    fn number(self, number: u32) {
        // Writing to a text does not fail.
        let _ = write!(self.0, "{number}");
    }
}

impl Sink for Value<'_> {
    fn put(&mut self, bytes: &[u8]) {
        // What is encoded is ASCII.
        let mut run = |run: &[u8]| self.0.push_str(str::from_utf8(run).unwrap_or_default());
        encode(bytes, UNRESERVED, &mut run);
    }
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
