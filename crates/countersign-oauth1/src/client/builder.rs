//! [`OAuth1Builder`], how a client signs.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Result, Sources};

use super::OAuth1;
use super::settings::Settings;
use crate::credentials::Credentials;
use crate::method::SignatureMethod;
use crate::parameter::{REALM, is_protocol};

/// Where the protocol parameters go: RFC 5849, section 3.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placement {
    /// Into the `Authorization` header.
    #[default]
    Header,
    /// Into the form that is the request's body; a request without one fails.
    Form,
    /// Into the query.
    Query,
    /// Into the form if the body is one, whatever the method, and else into the query.
    FormOrQuery,
}

/// Configures [`OAuth1`].
#[derive(Clone)]
pub struct OAuth1Builder {
    pub(super) credentials: Credentials,
    pub(super) method: Option<SignatureMethod>,
    pub(super) placement: Placement,
    pub(super) realm: Option<String>,
    pub(super) callback: Option<String>,
    pub(super) verifier: Option<String>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) no_version: bool,
    pub(super) body_hash: bool,
    pub(super) empty_token: bool,
    pub(super) raw_header: bool,
    pub(super) nonce: Option<String>,
    pub(super) timestamp: Option<u64>,
    pub(super) sources: Sources,
}

impl OAuth1Builder {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            method: None,
            placement: Placement::default(),
            realm: None,
            callback: None,
            verifier: None,
            parameters: Vec::new(),
            no_version: false,
            body_hash: false,
            empty_token: false,
            raw_header: false,
            nonce: None,
            timestamp: None,
            sources: Sources::default(),
        }
    }

    /// The signature method: HMAC-SHA1 for a consumer secret and RSA-SHA1 for a private key by default.
    #[must_use]
    pub fn method(self, method: SignatureMethod) -> Self {
        Self {
            method: Some(method),
            ..self
        }
    }

    /// Where the parameters go: into the header by default.
    #[must_use]
    pub fn placement(self, placement: Placement) -> Self {
        Self { placement, ..self }
    }

    /// Names a realm in the header; it is not signed. An empty one is left out.
    #[must_use]
    pub fn realm(self, realm: impl Into<String>) -> Self {
        Self {
            realm: some(realm),
            ..self
        }
    }

    /// Adds `oauth_callback`: an absolute URI, or `oob`. An empty one is left out.
    #[must_use]
    pub fn callback(self, callback: impl Into<String>) -> Self {
        Self {
            callback: some(callback),
            ..self
        }
    }

    /// Adds `oauth_verifier`. An empty one is left out.
    #[must_use]
    pub fn verifier(self, verifier: impl Into<String>) -> Self {
        Self {
            verifier: some(verifier),
            ..self
        }
    }

    /// Adds a parameter of an extension (`oauth_session_handle`, `xoauth_requestor_id`) beside the others, signed.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Whether `oauth_version="1.0"` is sent, which is optional. On by default.
    #[must_use]
    pub fn version(self, send: bool) -> Self {
        Self {
            no_version: !send,
            ..self
        }
    }

    /// Signs the body too, where it is no form, by `oauth_body_hash` (the extension of that name). It is never sent
    /// with PLAINTEXT, nor beside a callback or verifier. Off by default.
    ///
    /// The body has to be in memory for it, or is gathered up to the limit.
    #[must_use]
    pub fn body_hash(self, send: bool) -> Self {
        Self {
            body_hash: send,
            ..self
        }
    }

    /// Signs and sends `oauth_token` also where there is no token, as some servers demand. Off by default.
    #[must_use]
    pub fn empty_parameters(self, send: bool) -> Self {
        Self {
            empty_token: send,
            ..self
        }
    }

    /// Whether values are percent-encoded in the header, as RFC 5849, section 3.5.1, demands. On by default; off is for
    /// servers that read them as they stand.
    #[must_use]
    pub fn header_encoding(self, encode: bool) -> Self {
        Self {
            raw_header: !encode,
            ..self
        }
    }

    /// Sends this nonce with every request, instead of a fresh one: good for one request.
    #[must_use]
    pub fn nonce(self, nonce: impl Into<String>) -> Self {
        Self {
            nonce: some(nonce),
            ..self
        }
    }

    /// Sends this timestamp, in seconds since the Unix epoch, instead of the present one.
    #[must_use]
    pub fn timestamp(self, unix: u64) -> Self {
        Self {
            timestamp: Some(unix),
            ..self
        }
    }

    /// Takes time and randomness from elsewhere.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The same for other credentials.
    #[must_use]
    pub fn credentials(self, credentials: Credentials) -> Self {
        Self {
            credentials,
            ..self
        }
    }

    /// Whose credentials it signs with.
    pub(crate) fn consumer(&self) -> &Credentials {
        &self.credentials
    }

    /// Where the parameters go.
    pub(crate) fn place(&self) -> Placement {
        self.placement
    }

    /// Whether it signs with a private key.
    pub(crate) fn is_rsa(&self) -> bool {
        self.signature_method().is_rsa()
    }

    pub(super) fn signature_method(&self) -> SignatureMethod {
        self.method
            .unwrap_or_else(|| self.credentials.usual_method())
    }

    /// The scheme.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a method that does not fit the
    /// credentials, a control character in the realm, a timestamp of 0, and an extra parameter that has no name or the
    /// name of one that OAuth itself defines.
    pub fn build(self) -> Result<OAuth1> {
        check_realm(self.realm.as_deref())?;
        check_parameters(&self.parameters)?;
        if self.timestamp == Some(0) {
            return refuse("a timestamp is a positive number of seconds");
        }
        Ok(OAuth1(Arc::new(Settings::new(self)?)))
    }
}

fn some(text: impl Into<String>) -> Option<String> {
    Some(text.into()).filter(|text| !text.is_empty())
}

fn check_realm(realm: Option<&str>) -> Result<()> {
    match realm.is_some_and(|realm| realm.chars().any(char::is_control)) {
        true => refuse("the realm holds a control character, which no header can carry"),
        false => Ok(()),
    }
}

fn check_parameters(parameters: &[(String, String)]) -> Result<()> {
    let taken = |name: &str| name.is_empty() || name == REALM || is_protocol(name.as_bytes());
    match parameters.iter().any(|(name, _)| taken(name)) {
        true => refuse("an extra parameter has no name, or one that OAuth itself defines"),
        false => Ok(()),
    }
}

fn refuse<T>(why: &'static str) -> Result<T> {
    Err(Error::configuration(why))
}

impl fmt::Debug for OAuth1Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth1Builder")
            .field("credentials", &self.credentials)
            .field("method", &self.signature_method())
            .field("placement", &self.placement)
            .finish_non_exhaustive()
    }
}
