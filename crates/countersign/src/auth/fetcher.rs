//! [`Fetcher`], how schemes reach endpoints of their own.

use std::fmt;
use std::sync::Arc;

use countersign_core::Fetch;

/// A [`Fetch`], if there is one.
#[derive(Clone, Default)]
pub(super) struct Fetcher(Option<Arc<dyn Fetch>>);

impl Fetcher {
    pub(super) fn of(fetch: impl Fetch) -> Self {
        Self(Some(Arc::new(fetch)))
    }

    pub(super) fn get(&self) -> Option<Arc<dyn Fetch>> {
        self.0.clone()
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "none" })
    }
}
