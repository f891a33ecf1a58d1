//! [`Chain`], the first of several providers that has credentials.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Begin, Fetch, Result};

use super::{Container, Environment, Instance, Profile, Variables, absent};
use crate::client::CredentialsProvider;
use crate::credentials::Credentials;

/// Asks providers in order until one has credentials. One that is not set up is passed over; one that fails ends the
/// search, so that nobody signs in another's name because a file is broken.
#[derive(Clone, Default)]
pub struct Chain(Vec<Arc<dyn CredentialsProvider>>);

impl Chain {
    /// AWS's own order: [`Environment`], [`Profile`] (with a process that it names), [`Container`], [`Instance`]; the
    /// last two through `fetch`.
    pub fn new(fetch: impl Fetch) -> Self {
        Self::with_variables(fetch, Variables::default())
    }

    /// The same in another environment.
    pub fn with_variables(fetch: impl Fetch, variables: Variables) -> Self {
        let fetch: Arc<dyn Fetch> = Arc::new(fetch);
        Self::default()
            .or(Environment::of(variables.clone()))
            .or(Profile::new().variables(variables.clone()))
            .or(Container::over(Arc::clone(&fetch), variables.clone()))
            .or(Instance::over(fetch, variables))
    }

    /// Asks `provider` after those that are there; [`Chain::default`] has none.
    #[must_use]
    pub fn or(mut self, provider: impl CredentialsProvider) -> Self {
        self.0.push(Arc::new(provider));
        self
    }

    async fn first(self) -> Result<Option<Credentials>> {
        for provider in &self.0 {
            if let Some(found) = provider.find().await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl CredentialsProvider for Chain {
    fn provide(&self) -> Begin<Credentials> {
        let search = self.clone().first();
        let none = || {
            absent(
                "no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile",
            )
        };
        Begin::wait(async move { search.await?.ok_or_else(none) })
    }

    fn find(&self) -> Begin<Option<Credentials>> {
        Begin::wait(self.clone().first())
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain")
            .field("len", &self.0.len())
            .finish_non_exhaustive()
    }
}
