//! Credentials in JSON, as processes and endpoints give them.

use countersign_core::{Error, Result};
use serde::Deserialize;

use super::environment::credentials;
use super::failed;
use crate::credentials::Credentials;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    version: Option<u64>,
    code: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    #[serde(alias = "Token")]
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Who gave an answer.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Giver {
    Process,
    Container,
    Instance,
}

impl Giver {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Process => "credential_process",
            Self::Container => "the container's credentials endpoint",
            Self::Instance => "the instance metadata service",
        }
    }

    pub(super) fn error(self, what: &str) -> Error {
        failed(format!("{} {what}", self.name()))
    }
}

/// Reads an answer. What is wrong with it is told without a word of it.
pub(super) fn read(json: &[u8], giver: Giver) -> Result<Credentials> {
    let broken = |_| giver.error("gave no JSON object with credentials");
    let answer: Answer = serde_json::from_slice(json).map_err(broken)?;
    if giver == Giver::Process && answer.version != Some(1) {
        return Err(giver.error("gave another `Version` than 1, the only one that is known"));
    }
    if answer.code.is_some_and(|code| code != "Success") {
        return Err(giver.error("gave a `Code` other than Success"));
    }
    let pair = answer.access_key_id.zip(answer.secret_access_key);
    let (id, secret) =
        pair.ok_or_else(|| giver.error("gave no `AccessKeyId` or no `SecretAccessKey`"))?;
    let token = answer.session_token.filter(|token| !token.is_empty());
    let found = credentials(&id, secret, token).map_err(|error| {
        giver
            .error("gave credentials that cannot be sent")
            .with_source(error)
    })?;
    match answer.expiration {
        None => Ok(found),
        Some(time) => expiry(&time)
            .map(|unix| found.expires_at(unix))
            .ok_or_else(|| giver.error("gave an `Expiration` that is no time as in RFC 3339")),
    }
}

/// Seconds since the Unix epoch; what is before it has expired.
fn expiry(time: &str) -> Option<u64> {
    let time: jiff::Timestamp = time.parse().ok()?;
    Some(u64::try_from(time.as_second()).unwrap_or_default())
}
