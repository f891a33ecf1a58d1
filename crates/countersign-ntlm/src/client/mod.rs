//! The client.

mod answer;
mod config;
mod exchange;
mod memory;
mod offer;

use std::fmt;
use std::sync::Arc;

use countersign_core::{Begin, Cx, Error, Result, Scheme, Secret, Sources, Strength};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Method, request, response};

#[cfg(test)]
pub(crate) use answer::{Answer, Terms, answer};
pub use exchange::NtlmExchange;
pub use offer::offered_message;

use crate::binding::ChannelBinding;
use crate::carrier::Carrier;
use crate::credentials::{Given, NtHash};
use config::Config;
use exchange::Step;
use memory::{Memory, Place};

/// The NTLM scheme of a client.
///
/// It authenticates connections and not requests, so its driver needs lanes. A request to an origin that is not known yet
/// goes without credentials first if it has no body and changes nothing; any other begins the handshake at once, by a leg
/// without its body. A connection that was authenticated is used again without a handshake. Clones share what they learn.
///
/// The server's certificate, where the connection knows it, is bound into the proof (RFC 5929, `tls-server-end-point`).
#[derive(Clone)]
pub struct Ntlm {
    config: Arc<Config>,
    memory: Memory,
}

impl Ntlm {
    /// Authenticates as `username` by a password.
    ///
    /// `DOMAIN\user` and `user@domain` name the domain as well, unless [`domain`](Self::domain) does.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character in the name, or a
    /// password that is not UTF-8.
    pub fn new(username: impl Into<String>, password: impl Into<Secret>) -> Result<Self> {
        Self::with_hash(username, NtHash::of(&password.into())?)
    }

    /// Authenticates as `username` by the NT hash of a password.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character in the name.
    pub fn with_hash(username: impl Into<String>, hash: NtHash) -> Result<Self> {
        let given = Given {
            username: username.into(),
            domain: String::new(),
            workstation: String::new(),
            hash,
            keep_username: false,
        };
        Ok(Self {
            config: Arc::new(Config::new(given)?),
            memory: Memory::default(),
        })
    }

    /// The user's domain. An empty one is as good as none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character.
    pub fn domain(self, domain: impl Into<String>) -> Result<Self> {
        self.identify(|given| given.domain = domain.into())
    }

    /// The name of this machine. None is sent by default.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character.
    pub fn workstation(self, workstation: impl Into<String>) -> Result<Self> {
        self.identify(|given| given.workstation = workstation.into())
    }

    /// Sends the user name as it is, also one with `\` or `@`: a user principal name whose suffix is not the domain. Off by
    /// default.
    ///
    /// # Errors
    ///
    /// As for [`domain`](Self::domain).
    pub fn keep_username(self, keep: bool) -> Result<Self> {
        self.identify(|given| given.keep_username = keep)
    }

    /// Answers `Negotiate` too, with NTLM inside (RFC 4559), where the server does not offer `NTLM` itself. Off by default.
    #[must_use]
    pub fn negotiate(self, negotiate: bool) -> Self {
        self.change(|config| config.negotiate = negotiate)
    }

    /// The service that is meant, in place of `HTTP/` and the host: a proof for one is of no use at another.
    #[must_use]
    pub fn service_name(self, name: impl Into<String>) -> Self {
        self.change(|config| config.service_name = Some(name.into()))
    }

    /// Binds the proof to this, in place of the certificate that the connection knows.
    #[must_use]
    pub fn channel_binding(self, binding: ChannelBinding) -> Self {
        self.change(|config| config.binding = Some(binding))
    }

    /// Answers by NTLMv1, or by the NTLM2 session response, a server that cannot do NTLMv2. Who reads such a response can
    /// find the NT hash within hours. Off by default.
    #[cfg(feature = "v1")]
    #[must_use]
    pub fn allow_v1(self, allow: bool) -> Self {
        self.change(|config| config.allow_v1 = allow)
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

    fn identify(mut self, change: impl FnOnce(&mut Given)) -> Result<Self> {
        Arc::make_mut(&mut self.config).identify(change)?;
        Ok(self)
    }

    fn exchange(&self, place: Place, step: Step, carrier: Carrier) -> NtlmExchange {
        NtlmExchange::new(Arc::clone(&self.config), place, step, carrier)
    }

    fn answer(&self, cx: &Cx<'_>, refused: &response::Parts) -> Result<NtlmExchange> {
        let carrier = self.config.offered(refused).ok_or_else(|| {
            Error::challenge("the server does not offer NTLM, or only inside of Negotiate")
        })?;
        let exchange = self.exchange(self.memory.at(cx.origin()), Step::Greet, carrier);
        exchange.learn(carrier);
        Ok(exchange)
    }
}

impl Scheme for Ntlm {
    type Exchange = NtlmExchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<NtlmExchange> {
        if let Some(refused) = cx.refused {
            return Begin::from(self.answer(&cx, refused));
        }
        let place = self.memory.at(cx.origin());
        let known = place.recall();
        let step = match known {
            None if may_go_bare(cx.request) => Step::Ask,
            _ => Step::Greet,
        };
        Begin::ready(self.exchange(place, step, known.unwrap_or(Carrier::Ntlm)))
    }

    fn strength(&self) -> Strength {
        Strength::Connection
    }
}

/// Whether a request can be sent twice: it has no body, and changes nothing.
fn may_go_bare(request: &request::Parts) -> bool {
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&request.method);
    let length = request.headers.get(CONTENT_LENGTH);
    let is_empty = length.is_none_or(|length| length.as_bytes() == b"0");
    is_safe && is_empty && !request.headers.contains_key(TRANSFER_ENCODING)
}

impl fmt::Debug for Ntlm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ntlm")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
