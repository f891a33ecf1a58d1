//! [`Settings`], all that does not change from one request to the next, encoded once.

use countersign_core::canonical::hex;
use countersign_core::canonical::percent::{self, UNRESERVED};
use countersign_core::canonical::query::Pair;
use countersign_core::{Result, Sources};
use smallvec::SmallVec;

use super::builder::{OAuth1Builder, Placement};
use crate::key::Key;
use crate::method::{SignatureMethod, Text};
use crate::parameter::{
    BODY_HASH, CALLBACK, CONSUMER_KEY, NONCE, SIGNATURE_METHOD, TIMESTAMP, TOKEN, VERIFIER,
    VERSION, encoded,
};

/// Protocol parameters, encoded, in the order in which they are sent.
pub(super) type Protocol<'a> = SmallVec<[Pair<'a, str>; 12]>;

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
}

/// The nonce and the time of one request.
pub(super) struct Fresh {
    nonce: [u8; 32],
    timestamp: SmallVec<[u8; 20]>,
}

impl Settings {
    pub(super) fn new(given: OAuth1Builder) -> Result<Self> {
        let method = given.signature_method();
        let owned = |text: &str| encoded(text).into_owned();
        let option = |text: Option<String>| text.map(|text| owned(&text));
        let token = given.credentials.token_name().map(owned);
        let single = given.callback.is_none() && given.verifier.is_none();
        Ok(Self {
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
        })
    }

    pub(super) fn fresh(&self) -> Result<Fresh> {
        let mut nonce = [b'0'; 32];
        if self.nonce.is_none() {
            hex::fill(&self.sources.bytes::<16>()?, &mut nonce);
        }
        let unix = self.timestamp.unwrap_or_else(|| self.sources.unix_time());
        let timestamp = itoa::Buffer::new().format(unix).as_bytes().into();
        Ok(Fresh { nonce, timestamp })
    }

    /// All but the signature.
    pub(super) fn protocol<'a>(&'a self, fresh: &'a Fresh, hash: Option<&Text>) -> Protocol<'a> {
        let mut protocol = Protocol::new();
        let mut put = |name: &'a str, value: Option<&'a str>| {
            protocol.extend(value.map(|value| (name.into(), value.into())));
        };
        put(CONSUMER_KEY, Some(&self.consumer_key));
        put(TOKEN, self.token.as_deref());
        put(SIGNATURE_METHOD, Some(self.method.name()));
        put(TIMESTAMP, Some(text(&fresh.timestamp)));
        put(
            NONCE,
            Some(self.nonce.as_deref().unwrap_or(text(&fresh.nonce))),
        );
        put(VERSION, self.version.then_some("1.0"));
        let hash = hash.map(|hash| percent::encoded(hash, UNRESERVED).into_owned());
        protocol.extend(hash.map(|hash| (BODY_HASH.into(), hash.into())));
        let named = [(CALLBACK, &self.callback), (VERIFIER, &self.verifier)];
        let mut put = |name: &'a str, value: &'a str| protocol.push((name.into(), value.into()));
        for (name, value) in named {
            value.iter().for_each(|value| put(name, value));
        }
        for (name, value) in &self.parameters {
            put(name, value);
        }
        protocol
    }
}

pub(super) fn text(ascii: &[u8]) -> &str {
    str::from_utf8(ascii).unwrap_or_default()
}
