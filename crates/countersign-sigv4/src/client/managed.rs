//! [`ManagedSigV4`], a client whose credentials or clock change.

use std::fmt;
use std::sync::Arc;

use countersign_core::{
    Begin, Cx, Error, Exchange, Leg, Next, Payload, Result, Scheme, Sign, Strength,
};
use http::{request, response};

use super::SigV4;
use super::identity::Identity;
use super::provider::{Cached, CredentialsProvider};
use super::settings::Settings;
use super::skew::{Correction, Offsets};

/// Signs as [`SigV4`] does, with credentials from a [`CredentialsProvider`] ([`SigV4Builder::provider`]), by the
/// server's clock ([`correct_clock`](Self::correct_clock)), or both. Cloning it shares what was learned.
///
/// [`SigV4Builder::provider`]: crate::SigV4Builder::provider
#[derive(Clone)]
pub struct ManagedSigV4 {
    settings: Arc<Settings>,
    source: Source,
    offsets: Option<Arc<Offsets>>,
}

#[derive(Clone)]
enum Source {
    Fixed(Arc<Identity>),
    Provided(Cached),
}

impl ManagedSigV4 {
    pub(super) fn fixed(sigv4: SigV4) -> Self {
        Self {
            settings: sigv4.settings,
            source: Source::Fixed(sigv4.identity),
            offsets: None,
        }
    }

    pub(super) fn provided(settings: Arc<Settings>, provider: impl CredentialsProvider) -> Self {
        Self {
            settings,
            source: Source::Provided(Cached::new(provider)),
            offsets: None,
        }
    }

    /// See [`SigV4::correct_clock`].
    #[must_use]
    pub fn correct_clock(self) -> Self {
        Self {
            offsets: Some(Arc::default()),
            ..self
        }
    }
}

impl Scheme for ManagedSigV4 {
    type Exchange = SigV4Exchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<SigV4Exchange> {
        if cx.refused.is_some() {
            return Begin::failed(Error::challenge("SigV4 answers no challenge"));
        }
        let settings = Arc::clone(&self.settings);
        let offsets = self.offsets.as_ref();
        let correction = offsets.and_then(|offsets| Correction::new(offsets, cx.origin()));
        let exchange = |identity| SigV4Exchange {
            sigv4: SigV4::of(settings, identity),
            correction,
        };
        match &self.source {
            Source::Fixed(identity) => Begin::ready(exchange(Arc::clone(identity))),
            Source::Provided(cached) => {
                let now = self.settings.more.sources.unix_time();
                cached.get(now).map(exchange)
            }
        }
    }

    fn strength(&self) -> Strength {
        match self.settings.more.presigned {
            Some(_) => Strength::Revealing,
            None => Strength::Request,
        }
    }
}

impl fmt::Debug for ManagedSigV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedSigV4")
            .field("region", &self.settings.scope.region)
            .field("service", &self.settings.scope.service)
            .field("corrects_clock", &self.offsets.is_some())
            .finish_non_exhaustive()
    }
}

/// The exchange of [`ManagedSigV4`].
pub struct SigV4Exchange {
    sigv4: SigV4,
    correction: Option<Correction>,
}

impl SigV4Exchange {
    fn clock(&self) -> u64 {
        self.sigv4.settings.more.sources.unix_time()
    }
}

impl Exchange for SigV4Exchange {
    fn name(&self) -> &'static str {
        self.sigv4.name()
    }

    fn reveals(&self) -> bool {
        self.sigv4.reveals()
    }

    fn plan(&self) -> Leg {
        match &self.correction {
            Some(correction) if correction.is_open() => Leg::Tentative,
            _ => Leg::Last,
        }
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.sigv4.reads_body(request)
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let clock = self.clock();
        let correction = self.correction.as_ref();
        let unix = correction.map_or(clock, |correction| correction.apply(clock));
        self.sigv4.sign_at(request, body, unix)
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let clock = self.clock();
        let correction = self.correction.as_mut();
        match correction.is_some_and(|correction| correction.learn(response, clock)) {
            true => Ok(Next::Again),
            false => Ok(Next::Done),
        }
    }
}

impl fmt::Debug for SigV4Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigV4Exchange")
            .field("sigv4", &self.sigv4)
            .finish_non_exhaustive()
    }
}
