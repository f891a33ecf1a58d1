//! [`Flight`], work that many wait for and that is done once.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::{FutureExt, Shared};

use crate::error::Result;

type Work<T> = Shared<Pin<Box<dyn Future<Output = Result<T>> + Send>>>;

/// Work that many wait for and that is done once: a token fetched, a key derived.
///
/// Whoever asks while it is under way joins it and shares its result. A failure is shared for a while longer, so that
/// an endpoint that is down is not asked by each of a thousand callers in turn. It has no leader: any of those who wait
/// drives it on, so one that is dropped harms nobody; if all are, it stands still until somebody asks again.
pub struct Flight<T> {
    flying: Arc<Mutex<Option<Flying<T>>>>,
    pause: Duration,
}

struct Flying<T> {
    work: Work<T>,
    /// Until when a failure stands.
    failed: Option<Instant>,
}

impl<T> Flying<T> {
    fn is_over(&self) -> bool {
        self.failed.is_some_and(|until| until <= Instant::now())
    }
}

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Work that is not begun again for `pause` after it has failed.
    pub fn new(pause: Duration) -> Self {
        Self {
            flying: Arc::default(),
            pause,
        }
    }

    /// Joins the work that is under way, or begins it.
    ///
    /// # Errors
    ///
    /// Those of the work.
    pub async fn join<F>(&self, work: impl FnOnce() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let work = self.current(work);
        let result = work.clone().await;
        self.land(&work, result.is_err());
        result
    }

    fn current<F>(&self, begin: impl FnOnce() -> F) -> Work<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut flying = self.lock();
        if let Some(current) = flying.as_ref().filter(|flying| !flying.is_over()) {
            return current.work.clone();
        }
        let work: Pin<Box<dyn Future<Output = Result<T>> + Send>> = Box::pin(begin());
        let work = work.shared();
        *flying = Some(Flying {
            work: work.clone(),
            failed: None,
        });
        work
    }

    /// What comes next begins anew, after a failure when its time is over; unless it has begun already.
    fn land(&self, work: &Work<T>, failed: bool) {
        let mut flying = self.lock();
        let Some(current) = flying.as_mut().filter(|flying| flying.work.ptr_eq(work)) else {
            return;
        };
        if !failed {
            *flying = None;
        } else if current.failed.is_none() {
            current.failed = Some(Instant::now() + self.pause);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Flying<T>>> {
        self.flying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self {
            flying: Arc::clone(&self.flying),
            pause: self.pause,
        }
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight")
            .field("pause", &self.pause)
            .finish_non_exhaustive()
    }
}
