//! [`Settings`], all that does not change from one request to the next, encoded once.

use countersign_core::canonical::hex;
use countersign_core::canonical::percent::{self, UNRESERVED};
use countersign_core::{Result, Sources};
use smallvec::SmallVec;

use super::builder::{OAuth1Builder, Placement};
use crate::key::Key;
use crate::message::Line;
use crate::method::{SignatureMethod, Text};
use crate::parameter::{
    BODY_HASH, CALLBACK, CONSUMER_KEY, NONCE, SIGNATURE_METHOD, TIMESTAMP, TOKEN, VERIFIER,
    VERSION, encoded,
};

/// Protocol parameters, encoded, in the order in which they are sent.
pub(super) type Protocol<'a> = SmallVec<[(&'a str, &'a str); 12]>;

pub(super) struct Settings {
    pub(super) method: SignatureMethod,
    pub(super) key: Key,
    pub(super) placement: Placement,
    pub(super) realm: Option<String>,
    pub(super) raw_header: bool,
    pub(super) body_hash: bool,
    pub(super) sources: Sources,
    consumer_key: String,
    /// Empty where it is sent without there being one.
    token: Option<String>,
    callback: Option<String>,
    verifier: Option<String>,
    parameters: Vec<(String, String)>,
    version: bool,
    nonce: Option<String>,
    timestamp: Option<u64>,
    /// The header, if nothing but what is fresh in each request is missing in it.
    pub(super) line: Option<Line>,
}

/// What is not the same in two requests.
pub(super) struct Fresh {
    pub(super) nonce: [u8; 32],
    pub(super) timestamp: SmallVec<[u8; 20]>,
    body_hash: Option<String>,
}

impl Settings {
    pub(super) fn new(given: OAuth1Builder) -> Result<Self> {
        let method = given.signature_method();
        let owned = |text: &str| encoded(text).into_owned();
        let option = |text: Option<String>| text.map(|text| owned(&text));
        let token = given.credentials.token_name().map(owned);
        let single = given.callback.is_none() && given.verifier.is_none();
        let mut settings = Self {
            method,
            key: given.credentials.key(method)?,
            placement: given.placement,
            realm: given.realm,
            raw_header: given.raw_header,
            body_hash: given.body_hash && single && method != SignatureMethod::Plaintext,
            sources: given.sources,
            consumer_key: owned(given.credentials.consumer_key()),
            token: token.or(given.empty_token.then(String::new)),
            callback: option(given.callback),
            verifier: option(given.verifier),
            parameters: given
                .parameters
                .iter()
                .map(|(name, value)| (owned(name), owned(value)))
                .collect(),
            version: !given.no_version,
            nonce: option(given.nonce),
            timestamp: given.timestamp,
            line: None,
        };
        settings.line = settings.line()?;
        Ok(settings)
    }

    fn line(&self) -> Result<Option<Line>> {
        if self.raw_header || self.body_hash || self.nonce.is_some() {
            return Ok(None);
        }
        let protocol = self.with("", "", None);
        Line::new(self.realm.as_deref(), &protocol).map(Some)
    }

    /// `hash` is that of the body, if it is sent.
    pub(super) fn fresh(&self, hash: Option<&Text>) -> Result<Fresh> {
        let mut nonce = [b'0'; 32];
        if self.nonce.is_none() {
            hex::fill(&self.sources.bytes::<16>()?, &mut nonce);
        }
        let unix = self.timestamp.unwrap_or_else(|| self.sources.unix_time());
        Ok(Fresh {
            nonce,
            timestamp: SmallVec::from_slice(itoa::Buffer::new().format(unix).as_bytes()),
            body_hash: hash.map(|hash| percent::encoded(hash, UNRESERVED).into_owned()),
        })
    }

    /// All but the signature.
    pub(super) fn protocol<'a>(&'a self, fresh: &'a Fresh) -> Protocol<'a> {
        let nonce = self.nonce.as_deref();
        self.with(
            text(&fresh.timestamp),
            nonce.unwrap_or_else(|| text(&fresh.nonce)),
            fresh.body_hash.as_deref(),
        )
    }

    fn with<'a>(
        &'a self,
        timestamp: &'a str,
        nonce: &'a str,
        body_hash: Option<&'a str>,
    ) -> Protocol<'a> {
        let single = [
            (CONSUMER_KEY, Some(&*self.consumer_key)),
            (TOKEN, self.token.as_deref()),
            (SIGNATURE_METHOD, Some(self.method.name())),
            (TIMESTAMP, Some(timestamp)),
            (NONCE, Some(nonce)),
            (VERSION, self.version.then_some("1.0")),
            (BODY_HASH, body_hash),
            (CALLBACK, self.callback.as_deref()),
            (VERIFIER, self.verifier.as_deref()),
        ];
        let mut protocol = Protocol::new();
        for (name, value) in single {
            if let Some(value) = value {
                protocol.push((name, value));
            }
        }
        let extra = self.parameters.iter();
        extra.for_each(|(name, value)| protocol.push((name, value)));
        protocol
    }
}

pub(super) fn text(ascii: &[u8]) -> &str {
    str::from_utf8(ascii).unwrap_or_default()
}
