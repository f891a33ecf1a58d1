//! `WWW-Authenticate`: section "Replay Protection" of the specification.

use countersign_core::challenge::{self, Param};
use countersign_core::{Error, Result};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};

use super::attributes::number;

/// The challenge that says nothing but that Hawk is wanted.
pub(crate) const HAWK: HeaderValue = HeaderValue::from_static("Hawk");

/// The challenge to credentials that were refused; the reference client takes none for one without an `error`.
pub(crate) const REFUSED: HeaderValue = HeaderValue::from_static(r#"Hawk error="Bad credentials""#);

/// A challenge that tells the server's time.
pub(crate) struct Challenge {
    pub(crate) ts: u64,
    pub(crate) tsm: String,
}

impl Challenge {
    /// The first one that tells a time.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Self> {
        let challenges = challenge::parse(headers.get_all(WWW_AUTHENTICATE));
        let mut hawk = challenges.iter().filter(|challenge| challenge.is("hawk"));
        hawk.find_map(|challenge| {
            Some(Self {
                ts: number(challenge.text("ts")?)?,
                tsm: challenge.text("tsm")?.to_owned(),
            })
        })
    }

    /// Whether Hawk is wanted at all.
    pub(crate) fn is_there(headers: &HeaderMap) -> bool {
        let challenges = challenge::parse(headers.get_all(WWW_AUTHENTICATE));
        challenges.iter().any(|challenge| challenge.is("hawk"))
    }

    pub(crate) fn write(&self) -> Result<HeaderValue> {
        let mut ts = itoa::Buffer::new();
        let params = [
            Param::quoted("ts", ts.format(self.ts)),
            Param::quoted("tsm", &self.tsm),
            Param::quoted("error", "Stale timestamp"),
        ];
        challenge::write("Hawk", &params).map_err(|error| {
            Error::configuration("the challenge cannot be sent").with_source(error)
        })
    }
}
