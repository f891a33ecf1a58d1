//! [`CredentialsProvider`], and the cache in front of one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_core::{Begin, Error, ErrorKind, Flight, Result};

use super::identity::Identity;
use crate::credentials::Credentials;

/// How long before their end credentials are replaced, in seconds.
const MARGIN: u64 = 5 * 60;

/// How long a failure stands before the provider is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Where credentials come from: a file, a process, a service that makes temporary ones.
///
/// It is asked once for all requests that wait, and again shortly before what it gave expires; a failure is the failure
/// of all that waited, and of all within the next second.
pub trait CredentialsProvider: Send + Sync + 'static {
    /// The credentials to use now. Temporary ones say when they expire: [`Credentials::expires_at`].
    ///
    /// # Errors
    ///
    /// Then nothing is sent, unless there are older credentials that have not expired yet.
    fn provide(&self) -> Begin<Credentials>;

    /// The same for a [`Chain`](crate::providers::Chain): `None` where this provider is not set up, so that the next
    /// one is asked.
    ///
    /// # Errors
    ///
    /// Those of [`provide`](Self::provide) that are failures.
    fn find(&self) -> Begin<Option<Credentials>> {
        self.provide().map(Some)
    }
}

impl CredentialsProvider for Credentials {
    fn provide(&self) -> Begin<Credentials> {
        Begin::ready(self.clone())
    }
}

/// A provider whose answers are kept while they are good. A clone shares them.
#[derive(Clone)]
pub(super) struct Cached {
    source: Arc<Source>,
    flight: Flight<Arc<Identity>>,
}

/// A provider, and what it gave last.
struct Source {
    provider: Box<dyn CredentialsProvider>,
    last: Mutex<Option<Arc<Identity>>>,
}

impl Cached {
    pub(super) fn new(provider: impl CredentialsProvider) -> Self {
        Self {
            source: Arc::new(Source {
                provider: Box::new(provider),
                last: Mutex::default(),
            }),
            flight: Flight::new(PAUSE),
        }
    }

    /// Ready at once as long as the credentials are good.
    pub(super) fn get(&self, now: u64) -> Begin<Arc<Identity>> {
        match self.source.last_beyond(now + MARGIN) {
            Some(last) => Begin::ready(last),
            None => Begin::wait(self.clone().renewed(now)),
        }
    }

    async fn renewed(self, now: u64) -> Result<Arc<Identity>> {
        let fetch = || Arc::clone(&self.source).fetch(now);
        match self.flight.join(fetch).await {
            Ok(identity) if identity.lives_beyond(now) => Ok(identity),
            Ok(_) => Err(Error::new(
                ErrorKind::Fetch,
                "the credentials that were provided have expired: check the provider and the clock",
            )),
            Err(error) => {
                let last = self.source.last_beyond(now);
                last.ok_or_else(|| not_provided(error))
            }
        }
    }
}

impl Source {
    fn last(&self) -> MutexGuard<'_, Option<Arc<Identity>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was given last, if it is good at a time.
    fn last_beyond(&self, unix: u64) -> Option<Arc<Identity>> {
        self.last().clone().filter(|last| last.lives_beyond(unix))
    }

    async fn fetch(self: Arc<Self>, now: u64) -> Result<Arc<Identity>> {
        // Another flight may have landed since this one was asked for.
        if let Some(last) = self.last_beyond(now + MARGIN) {
            return Ok(last);
        }
        let fetched = Arc::new(Identity::new(self.provider.provide().await?));
        *self.last() = Some(Arc::clone(&fetched));
        Ok(fetched)
    }
}

fn not_provided(error: Error) -> Error {
    Error::new(error.kind(), "the provider gave no credentials").with_source(error)
}
