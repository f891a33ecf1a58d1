//! [`RemoteKeys`], a key set that is fetched.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::{Begin, Error, ErrorKind, Fetch, Flight, Origin, Result, Sources};
use http::header::ACCEPT;
use http::{Request, Response, StatusCode, Uri};

use super::jwks;
use super::keys::{KeySet, Keys};
use crate::algorithm::Algorithm;
use crate::credentials::VerifyingKey;

/// A JWK set at a URL, fetched when it is first needed and kept.
///
/// It is fetched again when it is 10 minutes old, and for a `kid` that is not in it, but then at most once a minute,
/// whatever tokens are sent. While it cannot be fetched the old set stands in, until it is an hour old.
#[derive(Clone)]
pub struct RemoteKeys {
    url: Uri,
    fetch: Arc<dyn Fetch>,
    algorithms: Arc<[Algorithm]>,
    lifetime: Duration,
    grace: Duration,
    pause: Duration,
    sources: Sources,
    flight: Flight<KeySet>,
    held: Arc<Mutex<Option<Held>>>,
}

/// A set and when it was fetched.
#[derive(Clone)]
struct Held {
    keys: KeySet,
    at: Duration,
}

impl RemoteKeys {
    /// The set at `url`, of whose keys those count that can verify one of `algorithms`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the URL is neither `https` nor on a loopback address, as whoever writes the
    /// answer chooses who is let in; and for an HMAC among `algorithms`, or none at all.
    pub fn new(url: &str, fetch: impl Fetch, algorithms: &[Algorithm]) -> Result<Self> {
        jwks::check(algorithms)?;
        let url: Uri = url.parse().map_err(|_| not_a_safe_url())?;
        let origin = Origin::of(&url).filter(|origin| !origin.is_cleartext());
        origin.ok_or_else(not_a_safe_url)?;
        let pause = Duration::from_secs(60);
        Ok(Self {
            url,
            fetch: Arc::new(fetch),
            algorithms: algorithms.into(),
            lifetime: Duration::from_secs(600),
            grace: Duration::from_secs(3600),
            pause,
            sources: Sources::default(),
            flight: Flight::new(pause),
            held: Arc::default(),
        })
    }

    /// How old a set may become before it is fetched again. 10 minutes by default.
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        Self { lifetime, ..self }
    }

    /// How old a set may become while no newer one can be fetched. An hour by default.
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// The shortest time between two fetches. A minute by default.
    #[must_use]
    pub fn pause(self, pause: Duration) -> Self {
        Self {
            pause,
            flight: Flight::new(pause),
            ..self
        }
    }

    /// Takes the time from elsewhere. A pause after a failure is measured by the system's clock.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// The set that is held, if it is no older than `age`.
    fn held(&self, age: Duration) -> Option<KeySet> {
        let now = self.sources.clock.now();
        let held = self.lock().clone()?;
        (now.saturating_sub(held.at) < age).then_some(held.keys)
    }

    /// A set that is newer than the pause, fetched if need be.
    async fn renew(self) -> Result<KeySet> {
        if let Some(recent) = self.held(self.pause) {
            return Ok(recent);
        }
        let answer = self.fetch.fetch(self.request()?).await?;
        let keys = self.read(&answer)?;
        let at = self.sources.clock.now();
        *self.lock() = Some(Held {
            keys: keys.clone(),
            at,
        });
        Ok(keys)
    }

    fn request(&self) -> Result<Request<Bytes>> {
        let request = Request::get(self.url.clone())
            .header(ACCEPT, "application/jwk-set+json, application/json");
        request.body(Bytes::new()).map_err(|_| not_a_safe_url())
    }

    fn read(&self, answer: &Response<Bytes>) -> Result<KeySet> {
        if answer.status() != StatusCode::OK {
            return Err(failed("the key set was not answered with 200"));
        }
        let keys = jwks::read(answer.body(), &self.algorithms);
        keys.map(KeySet::from_iter)
            .ok_or_else(|| failed("the answer is no key set"))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A newer set, or the old one while its grace lasts.
    async fn renewed_or_old(self, key_id: Option<String>) -> Result<Vec<VerifyingKey>> {
        let this = self.clone();
        let renewed = self.flight.join(move || this.renew()).await;
        let old = |error| self.held(self.grace).ok_or(error);
        Ok(renewed.or_else(old)?.of(key_id.as_deref()))
    }
}

impl Keys for RemoteKeys {
    fn find(&self, key_id: Option<&str>) -> Begin<Vec<VerifyingKey>> {
        match self.held(self.lifetime).map(|keys| keys.of(key_id)) {
            Some(found) if !found.is_empty() => Begin::ready(found),
            _ => Begin::wait(self.clone().renewed_or_old(key_id.map(str::to_owned))),
        }
    }
}

fn not_a_safe_url() -> Error {
    Error::configuration(
        "the URL of a key set has to be absolute and https, or on a loopback address",
    )
}

fn failed(message: &'static str) -> Error {
    Error::new(ErrorKind::Fetch, message)
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys")
            .field("algorithms", &self.algorithms)
            .field("lifetime", &self.lifetime)
            .field("grace", &self.grace)
            .field("pause", &self.pause)
            .finish_non_exhaustive()
    }
}
