//! [`ManagedSigV4`], a client whose credentials or clock change.

use std::fmt;
use std::sync::Arc;

use countersign_core::{
    Begin, Cx, Error, Exchange, Leg, Next, Offsets, Origin, Payload, Result, Scheme, Sign,
    Strength, Touch,
};
use http::{request, response};

use super::NAME;
use super::SigV4;
use super::diagnosis::Inquiry;
use super::identity::Identity;
use super::inferred::Inferred;
use super::provider::{Cached, CredentialsProvider};
use super::settings::{Settings, SigV4Builder};
use super::sign::Occasion;
use super::skew::{Correction, is_refusal};

/// Signs as [`SigV4`] does, with credentials from a [`CredentialsProvider`] ([`SigV4Builder::provider`]), by the
/// server's clock ([`correct_clock`](Self::correct_clock)), or both. Cloning it shares what was learned.
///
/// [`SigV4Builder::provider`]: crate::SigV4Builder::provider
#[derive(Clone)]
pub struct ManagedSigV4 {
    scoping: Scoping,
    source: Source,
    offsets: Option<Offsets>,
    diagnoses: bool,
}

/// What requests are signed for.
#[derive(Clone)]
enum Scoping {
    Fixed(Arc<Settings>),
    Inferred(Arc<Inferred>),
}

#[derive(Clone)]
enum Source {
    Fixed(Arc<Identity>),
    Provided(Cached),
}

impl ManagedSigV4 {
    pub(super) fn fixed(sigv4: SigV4) -> Self {
        Self {
            scoping: Scoping::Fixed(sigv4.settings),
            source: Source::Fixed(sigv4.identity),
            offsets: None,
            diagnoses: false,
        }
    }

    pub(super) fn provided(settings: Arc<Settings>, provider: impl CredentialsProvider) -> Self {
        Self::of(Scoping::Fixed(settings), provider)
    }

    pub(super) fn inferred(builder: SigV4Builder, provider: impl CredentialsProvider) -> Self {
        Self::of(
            Scoping::Inferred(Arc::new(Inferred::new(builder))),
            provider,
        )
    }

    fn of(scoping: Scoping, provider: impl CredentialsProvider) -> Self {
        Self {
            scoping,
            source: Source::Provided(Cached::new(provider)),
            offsets: None,
            diagnoses: false,
        }
    }

    /// See [`SigV4::correct_clock`].
    #[must_use]
    pub fn correct_clock(self) -> Self {
        Self {
            offsets: Some(Offsets::default()),
            ..self
        }
    }

    /// See [`SigV4::diagnose_refusals`].
    #[must_use]
    pub fn diagnose_refusals(self) -> Self {
        Self {
            diagnoses: true,
            ..self
        }
    }
}

impl ManagedSigV4 {
    /// The client of a request, once there are credentials.
    fn client(&self, cx: &Cx<'_>) -> Begin<SigV4> {
        let identity = match &self.source {
            Source::Fixed(identity) => Begin::ready(Arc::clone(identity)),
            Source::Provided(cached) => cached.get(self.scoping.clock()),
        };
        match &self.scoping {
            Scoping::Fixed(settings) => {
                let settings = Arc::clone(settings);
                identity.map(|identity| SigV4::of(settings, identity))
            }
            Scoping::Inferred(inferred) => {
                let (inferred, endpoint) = (Arc::clone(inferred), Inferred::endpoint(cx));
                Begin::wait(async move { inferred.client(endpoint?, &identity.await?) })
            }
        }
    }
}

impl Scheme for ManagedSigV4 {
    type Exchange = SigV4Exchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<SigV4Exchange> {
        if cx.refused.is_some() {
            return Begin::failed(Error::challenge("SigV4 answers no challenge"));
        }
        let origin = cx.origin();
        let offsets = self.offsets.as_ref();
        let correction = offsets.and_then(|offsets| Correction::new(offsets, origin.as_ref()));
        let inquiry = self.diagnoses.then(Inquiry::default);
        let exchange = |sigv4| SigV4Exchange {
            sigv4,
            origin,
            correction,
            inquiry,
        };
        self.client(&cx).map(exchange)
    }

    fn strength(&self) -> Strength {
        match self.scoping.presigns() {
            true => Strength::Revealing,
            false => Strength::Request,
        }
    }
}

impl fmt::Debug for Scoping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(settings) => settings.scope.fmt(f),
            Self::Inferred(_) => f.write_str("from the host"),
        }
    }
}

impl Scoping {
    fn clock(&self) -> u64 {
        match self {
            Self::Fixed(settings) => settings.more.sources.unix_time(),
            Self::Inferred(inferred) => inferred.builder.clock(),
        }
    }

    fn presigns(&self) -> bool {
        match self {
            Self::Fixed(settings) => settings.more.presigned.is_some(),
            Self::Inferred(inferred) => inferred.builder.presigns(),
        }
    }
}

impl fmt::Debug for ManagedSigV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedSigV4")
            .field("scope", &self.scoping)
            .field("corrects_clock", &self.offsets.is_some())
            .finish_non_exhaustive()
    }
}

/// The exchange of [`ManagedSigV4`].
pub struct SigV4Exchange {
    sigv4: SigV4,
    origin: Option<Origin>,
    correction: Option<Correction>,
    inquiry: Option<Inquiry>,
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

    fn body_advice(&self) -> Option<&'static str> {
        self.sigv4.body_advice()
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.sigv4.touches(part)
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let clock = self.clock();
        let correction = self.correction.as_ref();
        let unix = correction.map_or(clock, |correction| correction.apply(clock));
        let occasion = Occasion {
            unix,
            base: self.origin.as_ref(),
        };
        let signed = self.inquiry.as_mut().map(|inquiry| &mut inquiry.signed);
        self.sigv4.sign_at(request, body, occasion, signed)
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let clock = self.clock();
        let correction = self.correction.as_mut();
        if correction.is_some_and(|correction| correction.learn(response, clock)) {
            return Ok(Next::Again);
        }
        Ok(match self.inquiry {
            Some(_) if is_refusal(response.status) => Next::Look,
            _ => Next::Done,
        })
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        if let Some(inquiry) = &mut self.inquiry {
            inquiry.read(body);
        }
        Ok(())
    }

    fn conclude(&mut self, response: &mut response::Parts) {
        if let Some(found) = self.inquiry.take().and_then(|inquiry| inquiry.found) {
            tracing::warn!(scheme = NAME, "the signature was refused: {found}");
            response.extensions.insert(found);
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
