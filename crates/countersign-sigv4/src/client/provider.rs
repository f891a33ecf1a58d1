//! [`CredentialsProvider`], and the cache in front of one.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_core::{Begin, Error, ErrorKind, Result};
use futures_util::FutureExt;
use futures_util::future::Shared;

use super::identity::Identity;
use crate::credentials::Credentials;

/// How long before their end credentials are replaced, in seconds.
const MARGIN: u64 = 5 * 60;

/// Where credentials come from: a file, a process, a service that makes temporary ones.
///
/// It is asked once for all requests that wait, and again shortly before what it gave expires; a failure is the failure
/// of all that waited.
pub trait CredentialsProvider: Send + Sync + 'static {
    /// The credentials to use now. Temporary ones say when they expire: [`Credentials::expires_at`].
    ///
    /// # Errors
    ///
    /// Then nothing is sent, unless there are older credentials that have not expired yet.
    fn provide(&self) -> Begin<Credentials>;
}

impl CredentialsProvider for Credentials {
    fn provide(&self) -> Begin<Credentials> {
        Begin::ready(self.clone())
    }
}

/// One fetch, which every request that waits for it drives: the one that began it may go away.
type Flight = Shared<Pin<Box<dyn Future<Output = Result<Arc<Identity>, Arc<Error>>> + Send>>>;

/// A provider, and what it gave last.
pub(super) struct Cached {
    provider: Box<dyn CredentialsProvider>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<Arc<Identity>>,
    flight: Option<Flight>,
}

impl Cached {
    pub(super) fn new(provider: impl CredentialsProvider) -> Self {
        Self {
            provider: Box::new(provider),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ready at once as long as the credentials are good.
    pub(super) fn get(self: &Arc<Self>, now: u64) -> Begin<Arc<Identity>> {
        let mut state = self.state();
        if let Some(last) = state
            .last
            .as_ref()
            .filter(|last| last.lives_beyond(now + MARGIN))
        {
            return Begin::ready(Arc::clone(last));
        }
        let flight = state.flight.get_or_insert_with(|| self.take_off()).clone();
        let cached = Arc::clone(self);
        Begin::wait(async move {
            let landed = flight.clone().await;
            cached.settle(&flight, landed, now)
        })
    }

    fn take_off(&self) -> Flight {
        let provided = self.provider.provide();
        let fetch = async move {
            let credentials = provided.await.map_err(Arc::new)?;
            Ok(Arc::new(Identity::new(credentials)))
        };
        fetch.boxed().shared()
    }

    /// The first that sees the end of a flight clears the way for the next one.
    fn settle(
        &self,
        flight: &Flight,
        landed: Result<Arc<Identity>, Arc<Error>>,
        now: u64,
    ) -> Result<Arc<Identity>> {
        let mut state = self.state();
        if state
            .flight
            .as_ref()
            .is_some_and(|current| current.ptr_eq(flight))
        {
            state.flight = None;
            state.last = landed.as_ref().ok().cloned().or(state.last.take());
        }
        match landed {
            Ok(identity) if identity.lives_beyond(now) => Ok(identity),
            Ok(_) => Err(Error::new(
                ErrorKind::Fetch,
                "the credentials that were provided have expired: check the provider and the clock",
            )),
            Err(error) => {
                let last = state.last.clone().filter(|last| last.lives_beyond(now));
                last.ok_or_else(|| not_provided(error))
            }
        }
    }
}

fn not_provided(error: Arc<Error>) -> Error {
    Error::new(error.kind(), "the provider gave no credentials").with_source(error)
}
