//! The client.

mod moment;

use std::fmt;
use std::sync::Arc;

use countersign_core::canonical::host::{self, HostError};
use countersign_core::canonical::query::replace;
use countersign_core::canonical::uri::request_target;
use countersign_core::{Error, ErrorKind, Payload, Result, Sign, Sources, Touch, add_header};
use http::header::{AUTHORIZATION, HOST, HeaderName};
use http::{HeaderValue, Method, request};

use crate::calculation::{Covered, MAX_BODY, content_hash};
use crate::credentials::{Credentials, checked};
use crate::edgerc::EdgeRc;
use crate::host::of_base;
use crate::key::Base64;
use crate::message;
use crate::time::Timestamp;
use moment::Last;

pub(crate) const NAME: &str = "edgegrid";

/// The parameter with the account that is acted for.
const SWITCH: &str = "accountSwitchKey";

/// Signs every request with one client's credentials. Cloning it shares the key of the second. `Debug` shows no secret.
///
/// A signature never covers the body of another method than POST, nor what lies behind the first
/// [`max_body`](Self::max_body) bytes.
#[derive(Clone)]
pub struct EdgeGrid {
    config: Arc<Config>,
    last: Arc<Last>,
}

#[derive(Clone)]
struct Config {
    credentials: Credentials,
    signed: Vec<HeaderName>,
    max_body: usize,
    host: Option<Box<str>>,
    account: Option<Box<str>>,
    nonce: Option<Box<str>>,
    time: Option<u64>,
    sources: Sources,
}

impl EdgeGrid {
    /// Signs no headers and 131072 bytes of a body.
    pub fn new(credentials: Credentials) -> Self {
        Self {
            config: Arc::new(Config {
                credentials,
                signed: Vec::new(),
                max_body: MAX_BODY,
                host: None,
                account: None,
                nonce: None,
                time: None,
                sources: Sources::default(),
            }),
            last: Arc::default(),
        }
    }

    /// Signs as a section of an `.edgerc` file says: its three values, and `max_body`, `headers_to_sign` and
    /// `account_key` where they are there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration), naming file, section and key.
    pub fn from_edgerc(file: &EdgeRc, section: &str) -> Result<Self> {
        file.section(section)?.client()
    }

    /// The names of the headers that are signed where they are there, in this order, in any case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a name that is none.
    pub fn headers_to_sign<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let signed = header_names(names)?;
        Ok(self.change(|config| config.signed = signed))
    }

    /// How many bytes of a POST's body are signed; Akamai names another number than 131072 for some APIs.
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        self.change(|config| config.max_body = bytes)
    }

    /// Signs this host, in place of the one that the request is sent to, for a gateway that changes `Host`. A scheme
    /// before it and a path behind it are passed over.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it has no host.
    pub fn base_url(self, url: &str) -> Result<Self> {
        let host = of_base(url).ok_or_else(|| {
            Error::configuration(
                "the EdgeGrid base URL has no host: write it as host or https://host",
            )
        })?;
        let host = Some(host.into());
        Ok(self.change(|config| config.host = host))
    }

    /// Acts for this account, in the parameter `accountSwitchKey`, which takes the place of one that is there.
    #[must_use]
    pub fn account_switch_key(self, key: &str) -> Self {
        self.change(|config| config.account = Some(key.into()))
    }

    /// Uses this nonce for every request, to reproduce one. A server accepts it once.
    ///
    /// # Errors
    ///
    /// As for the tokens in [`Credentials::new`].
    pub fn nonce(self, nonce: &str) -> Result<Self> {
        let nonce = checked(nonce, "nonce")?;
        Ok(self.change(|config| config.nonce = Some(nonce)))
    }

    /// Uses this time for every request, written `yyyyMMddTHH:mm:ss+0000`, to reproduce one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for anything else.
    pub fn timestamp(self, time: &str) -> Result<Self> {
        let time = Timestamp::parse(time).ok_or_else(|| {
            Error::configuration("the EdgeGrid timestamp is not written yyyyMMddTHH:mm:ss+0000")
        })?;
        Ok(self.change(|config| config.time = Some(time.unix)))
    }

    /// Takes time and randomness from elsewhere.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        self.change(|config| config.sources = sources)
    }

    fn change(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }

    fn content_hash(&self, request: &request::Parts, body: &Payload) -> Result<Option<Base64>> {
        if request.method != Method::POST {
            return Ok(None);
        }
        let body = body.bytes().ok_or_else(not_in_memory)?;
        Ok(content_hash(&request.method, body, self.config.max_body))
    }

    /// The header up to the signature, with the signature behind it.
    fn authorization(&self, covered: &Covered<'_>) -> Result<Vec<u8>> {
        let config = &self.config;
        let unix = config.time.unwrap_or_else(|| config.sources.unix_time());
        let moment = self.last.at(unix, &config.credentials)?;
        let line = match &config.nonce {
            Some(given) => message::unsigned(&moment.line, given.as_bytes()),
            None => message::unsigned(&moment.line, config.sources.uuid()?.as_bytes()),
        };
        let signature = moment.key.sign(&covered.data(&line));
        Ok(message::signed(line, &signature))
    }
}

impl Sign for EdgeGrid {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        request.method == Method::POST
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        let switch = self.config.account.is_some() && part.is_parameter(SWITCH);
        switch || part.is_authorization()
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let hash = self.content_hash(request, body)?;
        if let Some(key) = &self.config.account {
            request.uri = replace(&request.uri, SWITCH, key).map_err(|error| {
                Error::configuration("the request has no place for accountSwitchKey")
                    .with_source(error)
            })?;
        }
        let host = match &self.config.host {
            Some(host) => (**host).into(),
            None => host::outgoing(request, None).map_err(no_host)?,
        };
        let line = self.authorization(&Covered {
            method: request.method.as_str(),
            scheme: request.uri.scheme_str().ok_or_else(no_scheme)?,
            host: &host,
            target: &request_target(&request.uri),
            headers: &request.headers,
            signed: &self.config.signed,
            hash,
        })?;
        let value = HeaderValue::try_from(line).map_err(|error| {
            Error::configuration("the EdgeGrid signature cannot be sent").with_source(error)
        })?;
        add_header(request, AUTHORIZATION, value, NAME);
        Ok(())
    }
}

/// Header names that a signature may cover. `Authorization` is the one it stands in, and `Host` is covered anyway.
pub(crate) fn header_names<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<HeaderName>> {
    let name = |name: &str| {
        let name = name.trim().parse::<HeaderName>().ok();
        name.filter(|name| *name != AUTHORIZATION && *name != HOST)
            .ok_or_else(|| {
                Error::configuration(
                    "a name in headers_to_sign is no header that a signature can cover",
                )
            })
    };
    names.into_iter().map(name).collect()
}

fn no_host(error: HostError) -> Error {
    Error::configuration("the request has no host that can be signed").with_source(error)
}

fn no_scheme() -> Error {
    Error::configuration(
        "the request has no scheme that can be signed: give it an absolute URI, or the client a base origin",
    )
}

fn not_in_memory() -> Error {
    Error::new(
        ErrorKind::BodyNotReplayable,
        "the body is not in memory, so its hash cannot be signed: give it as bytes",
    )
}

impl fmt::Debug for EdgeGrid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeGrid")
            .field("credentials", &self.config.credentials)
            .field("headers_to_sign", &self.config.signed)
            .field("max_body", &self.config.max_body)
            .finish_non_exhaustive()
    }
}
