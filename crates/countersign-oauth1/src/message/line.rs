//! [`Line`], the header of all requests of one client.

use countersign_core::{Error, Result};
use http::HeaderValue;

use super::write::header;
use crate::parameter::{NONCE, SIGNATURE, TIMESTAMP};

/// The `Authorization` field with gaps for the timestamp, the nonce and the signature, none of which ever has to be
/// escaped in it.
pub(crate) struct Line {
    before_timestamp: Box<str>,
    before_nonce: Box<str>,
    before_signature: Box<str>,
}

impl Line {
    /// Of parameters of which timestamp and nonce are empty and stand in this order, and the signature is missing.
    pub(crate) fn new(realm: Option<&str>, protocol: &[(&str, &str)]) -> Result<Self> {
        let unsigned = [protocol, &[(SIGNATURE, "")]].concat();
        let whole = header(realm, &unsigned, false)?;
        let whole = whole.to_str().unwrap_or_default();
        let gaps = || {
            let (before_timestamp, rest) = split_in(whole.strip_suffix('"')?, TIMESTAMP)?;
            let (before_nonce, before_signature) = split_in(rest, NONCE)?;
            Some(Self {
                before_timestamp: before_timestamp.into(),
                before_nonce: before_nonce.into(),
                before_signature: before_signature.into(),
            })
        };
        gaps().ok_or_else(|| Error::configuration("the parameters cannot stand in one header"))
    }

    /// Makes one allocation, of the exact size.
    pub(crate) fn fill(
        &self,
        timestamp: &[u8],
        nonce: &[u8],
        signature: &[u8],
    ) -> Result<HeaderValue> {
        let line = [
            self.before_timestamp.as_bytes(),
            timestamp,
            self.before_nonce.as_bytes(),
            nonce,
            self.before_signature.as_bytes(),
            signature,
            b"\"",
        ];
        HeaderValue::try_from(line.concat()).map_err(|error| {
            Error::configuration("the signature cannot stand in a header").with_source(error)
        })
    }
}

/// What stands before and behind the place of the empty value of a parameter.
fn split_in<'a>(line: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    // A quote inside of a value has a backslash before it, so no value looks like this.
    let empty = format!("{name}=\"\"");
    let quote = line.find(&empty)? + empty.len() - 1;
    Some(line.split_at(quote))
}
