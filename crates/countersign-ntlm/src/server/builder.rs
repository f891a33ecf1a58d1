//! [`NtlmVerifierBuilder`].

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Result, Sources};

use super::{Accounts, NtlmVerifier, Server};
use crate::binding::ChannelBinding;
use crate::credentials::NtHash;

/// Makes an [`NtlmVerifier`]; see [`NtlmVerifier::builder`].
pub struct NtlmVerifierBuilder {
    accounts: Arc<dyn Accounts>,
    domain: String,
    computer: Option<String>,
    negotiate: bool,
    require_mic: bool,
    bindings: Vec<ChannelBinding>,
    allow_unbound: bool,
    service_names: Vec<String>,
    each_request: bool,
    sources: Sources,
}

impl NtlmVerifierBuilder {
    pub(super) fn new(domain: String, accounts: Arc<dyn Accounts>) -> Self {
        Self {
            accounts,
            domain,
            computer: None,
            negotiate: false,
            require_mic: false,
            bindings: Vec::new(),
            allow_unbound: false,
            service_names: Vec::new(),
            each_request: false,
            sources: Sources::default(),
        }
    }

    /// What the server calls its machine. The name of the domain by default.
    #[must_use]
    pub fn computer(self, computer: impl Into<String>) -> Self {
        Self {
            computer: Some(computer.into()),
            ..self
        }
    }

    /// Offers `Negotiate` too, with NTLM inside (RFC 4559). Off by default.
    #[must_use]
    pub fn negotiate(self, negotiate: bool) -> Self {
        Self { negotiate, ..self }
    }

    /// Demands a MIC over the three messages of every client. One that a client says it sends is always checked; old
    /// clients send none. Off by default.
    #[must_use]
    pub fn require_mic(self, require: bool) -> Self {
        Self {
            require_mic: require,
            ..self
        }
    }

    /// Demands that a client names one of these bindings: those of the server's own certificates. A client that names
    /// another one is refused, as it speaks through somebody in between; so is one that names a binding of zeros.
    #[must_use]
    pub fn channel_bindings(self, bindings: impl IntoIterator<Item = ChannelBinding>) -> Self {
        Self {
            bindings: bindings.into_iter().collect(),
            ..self
        }
    }

    /// Lets clients pass that name no binding at all where [`channel_bindings`](Self::channel_bindings) are set. Off by
    /// default.
    #[must_use]
    pub fn allow_unbound(self, allow: bool) -> Self {
        Self {
            allow_unbound: allow,
            ..self
        }
    }

    /// Demands that a client means one of these services, such as `HTTP/www.example.org`, in any case. Nothing is demanded
    /// by default.
    #[must_use]
    pub fn service_names(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            service_names: names.into_iter().map(Into::into).collect(),
            ..self
        }
    }

    /// Demands a handshake for each request, though the connection is authenticated: where clients may share one. Off by
    /// default.
    #[must_use]
    pub fn each_request(self, each: bool) -> Self {
        Self {
            each_request: each,
            ..self
        }
    }

    /// Takes time and randomness from elsewhere.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The verifier.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a name that is longer than 255
    /// characters or holds a control character; [`ErrorKind::Random`](countersign_core::ErrorKind::Random) if there is no
    /// randomness.
    pub fn build(self) -> Result<NtlmVerifier> {
        let computer = self.computer.unwrap_or_else(|| self.domain.clone());
        check(&self.domain)?;
        check(&computer)?;
        Ok(NtlmVerifier(Arc::new(Server {
            nobody: NtHash::new(self.sources.bytes()?),
            accounts: self.accounts,
            domain: self.domain,
            computer,
            negotiate: self.negotiate,
            require_mic: self.require_mic,
            bindings: self.bindings,
            allow_unbound: self.allow_unbound,
            service_names: self.service_names,
            each_request: self.each_request,
            sources: self.sources,
        })))
    }
}

fn check(name: &str) -> Result<()> {
    match name.chars().count() > 255 || name.contains(char::is_control) {
        true => Err(Error::configuration(
            "the name of an NTLM server is too long or holds a control character",
        )),
        false => Ok(()),
    }
}

impl fmt::Debug for NtlmVerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NtlmVerifierBuilder")
            .field("domain", &self.domain)
            .field("negotiate", &self.negotiate)
            .field("require_mic", &self.require_mic)
            .finish_non_exhaustive()
    }
}
