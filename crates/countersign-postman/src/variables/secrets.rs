//! [`Secrets`], where `{{vault:name}}` comes from.

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use countersign::{Begin, Error, ErrorKind, Secret, Sleep};
use http::Uri;

use super::domain::Domain;
use crate::Result;

/// Gives the secrets that a collection names as `{{vault:name}}`. Each is asked for once for a request, before any byte of
/// it is sent; if that fails, nothing is sent.
pub trait Secrets: Send + Sync + 'static {
    /// The secret `name`, or `None` if there is none.
    fn secret(&self, name: &str) -> Begin<Option<VaultSecret>>;
}

/// A secret, and the domains that it is bound to.
#[derive(Clone, Debug)]
pub struct VaultSecret {
    value: Secret,
    domains: Vec<Domain>,
}

impl VaultSecret {
    /// One that may go anywhere.
    pub fn new(value: impl Into<Secret>) -> Self {
        Self {
            value: value.into(),
            domains: Vec::new(),
        }
    }

    /// Binds it to a domain, or to one more: `example.com`, `*.example.com` (which is `example.com` as well),
    /// `https://example.com:8443`. Without a scheme that is `https`, and `http` to this machine; a path does not matter.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SecretDomain`](crate::ErrorKind::SecretDomain) for another pattern.
    pub fn domain(mut self, pattern: &str) -> Result<Self> {
        self.domains.push(Domain::parse(pattern)?);
        Ok(self)
    }

    pub(crate) fn admits(&self, uri: &Uri) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| domain.admits(uri))
    }

    pub(crate) fn text(&self) -> Option<&str> {
        self.value.expose_str()
    }
}

/// The secrets that were fetched for one request.
pub(crate) type Fetched = HashMap<String, Option<VaultSecret>>;

/// Secrets in memory.
///
/// ```
/// use countersign_postman::{Vault, VaultSecret, Variables};
///
/// let key = VaultSecret::new("k3y").domain("*.example.com")?;
/// let variables = Variables::new().secrets(Vault::from_iter([("api-key", key)]));
/// # Ok::<(), countersign_postman::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Vault(HashMap<String, VaultSecret>);

impl<K: Into<String>> FromIterator<(K, VaultSecret)> for Vault {
    fn from_iter<I: IntoIterator<Item = (K, VaultSecret)>>(secrets: I) -> Self {
        let owned = secrets
            .into_iter()
            .map(|(name, secret)| (name.into(), secret));
        Self(owned.collect())
    }
}

impl Secrets for Vault {
    fn secret(&self, name: &str) -> Begin<Option<VaultSecret>> {
        Begin::ready(self.0.get(name).cloned())
    }
}

/// Asks another provider again if it fails, and gives each attempt a time limit. It ends in an error, never without an
/// answer.
pub struct Insistent<P> {
    inner: std::sync::Arc<P>,
    attempts: usize,
    limit: Duration,
    sleep: fn(Duration) -> Sleep,
}

impl<P: Secrets> Insistent<P> {
    /// Asks `inner` up to `attempts` times (at least once), each for at most `limit` by the timer `sleep`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use countersign_postman::{Insistent, Vault, Variables};
    ///
    /// let sleep = |time| Box::pin(tokio::time::sleep(time)) as countersign::Sleep;
    /// let patient = Insistent::new(Vault::default(), 3, Duration::from_secs(5), sleep);
    /// let variables = Variables::new().secrets(patient);
    /// ```
    pub fn new(inner: P, attempts: usize, limit: Duration, sleep: fn(Duration) -> Sleep) -> Self {
        Self {
            inner: std::sync::Arc::new(inner),
            attempts,
            limit,
            sleep,
        }
    }
}

impl<P: Secrets> Secrets for Insistent<P> {
    fn secret(&self, name: &str) -> Begin<Option<VaultSecret>> {
        let (inner, name) = (self.inner.clone(), name.to_owned());
        let (attempts, limit, sleep) = (self.attempts, self.limit, self.sleep);
        Begin::wait(async move {
            let mut result = within(inner.secret(&name), sleep(limit)).await;
            for _ in 1..attempts {
                if result.is_err() {
                    result = within(inner.secret(&name), sleep(limit)).await;
                }
            }
            result
        })
    }
}

async fn within<T>(mut answer: Begin<T>, mut deadline: Sleep) -> countersign::Result<T> {
    poll_fn(|cx| match Pin::new(&mut answer).poll(cx) {
        Poll::Ready(result) => Poll::Ready(result),
        Poll::Pending => deadline.as_mut().poll(cx).map(|()| Err(late())),
    })
    .await
}

fn late() -> Error {
    Error::new(ErrorKind::Fetch, "the provider of secrets took too long")
}

impl<P> fmt::Debug for Insistent<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Insistent")
            .field("attempts", &self.attempts)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
