//! The client.

mod answer;
mod bewit;
mod config;
mod exchange;
mod granted;
mod place;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::{Begin, Cx, Error, Result, Scheme, Sources, Strength};

use crate::credentials::{AnswerProof, Credentials, checked};
use crate::message::{Challenge, checked_ext};
use config::Config;
pub use config::PayloadHash;
pub use exchange::HawkExchange;
pub use granted::HawkBewit;
use place::Place;

pub(crate) const NAME: &str = "hawk";

/// Signs every request with one key. Cloning it shares what was learned of the servers' clocks. `Debug` shows no key.
///
/// A nonce and the time are taken anew for each request that is sent. A request that is refused for its time is sent
/// once more by the server's clock, if the server proved that it knows the key (`tsm`); its offset is kept for that
/// origin alone.
#[derive(Clone)]
pub struct Hawk {
    config: Arc<Config>,
}

impl Hawk {
    /// Signs the head, and the body if there is one.
    pub fn new(credentials: Credentials) -> Self {
        Self {
            config: Arc::new(Config::new(credentials)),
        }
    }

    /// Whether the body is signed too, with the `Content-Type` of the request as it is sent. [`PayloadHash::NonEmpty`]
    /// by default.
    #[must_use]
    pub fn payload_hash(self, payload: PayloadHash) -> Self {
        self.change(|config| config.payload = payload)
    }

    /// Data of the application's own that is signed; an empty one is not sent. The reference server refuses `"` and `\`
    /// in it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for anything but printable ASCII.
    pub fn ext(self, ext: &str) -> Result<Self> {
        let ext = checked_ext(ext)?;
        Ok(self.change(|config| config.ext = ext))
    }

    /// What a server has to prove in its answers. [`AnswerProof::None`] by default: then a proof that is there is
    /// checked, and none is demanded. A 401 needs none.
    #[must_use]
    pub fn require_proof(self, proof: AnswerProof) -> Self {
        self.change(|config| config.proof = proof)
    }

    /// Uses this nonce for every request, to reproduce one. A server accepts it once in a second at most.
    ///
    /// # Errors
    ///
    /// As for the id in [`Credentials::new`].
    pub fn nonce(self, nonce: &str) -> Result<Self> {
        let nonce = checked(nonce, "the Hawk nonce")?;
        Ok(self.change(|config| config.nonce = Some(nonce)))
    }

    /// Uses this time for every request, in seconds since the Unix epoch, to reproduce one. It is never corrected.
    #[must_use]
    pub fn timestamp(self, unix: u64) -> Self {
        self.change(|config| config.timestamp = Some(unix))
    }

    /// How far a server's clock may be away to be followed, in whole seconds; zero never follows one. 24 hours by
    /// default.
    #[must_use]
    pub fn max_clock_offset(self, offset: Duration) -> Self {
        self.change(|config| config.max_offset = offset.as_secs())
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
}

impl Scheme for Hawk {
    type Exchange = HawkExchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<HawkExchange> {
        if cx
            .refused
            .is_some_and(|refused| !Challenge::is_there(&refused.headers))
        {
            return Begin::failed(Error::challenge("the server does not ask for Hawk"));
        }
        let config = Arc::clone(&self.config);
        Begin::ready(HawkExchange::new(config, Place::of(&cx)))
    }

    fn strength(&self) -> Strength {
        Strength::Request
    }
}

impl fmt::Debug for Hawk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hawk")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
