//! [`Flight`], work that many wait for and that is done once.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{FutureExt, Shared};

use crate::error::Result;

type Work<T> = Shared<Pin<Box<dyn Future<Output = Result<T>> + Send>>>;

/// Work that many wait for and that is done once: a token fetched, a key derived.
///
/// Whoever asks while it is under way joins it and shares its result, a failure too. It has no leader: any of those who
/// wait drives it on, so one that is dropped harms nobody; if all are, it stands still until somebody asks again.
pub struct Flight<T>(Arc<Mutex<Option<Work<T>>>>);

impl<T: Clone + Send + Sync + 'static> Flight<T> {
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
        self.land(&work);
        result
    }

    fn current<F>(&self, begin: impl FnOnce() -> F) -> Work<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let mut flying = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = &*flying {
            return work.clone();
        }
        let work: Pin<Box<dyn Future<Output = Result<T>> + Send>> = Box::pin(begin());
        flying.insert(work.shared()).clone()
    }

    /// What comes next begins anew; unless it has begun already.
    fn land(&self, work: &Work<T>) {
        let mut flying = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if flying.as_ref().is_some_and(|flying| flying.ptr_eq(work)) {
            *flying = None;
        }
    }
}

impl<T> Default for Flight<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flight")
    }
}
