//! [`UserAgent`], who leads a person through an authorization.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use countersign_token::BoxFuture;

use super::{Authorization, AuthorizationError, Authorized};

/// Leads a person through an authorization: opens [`Authorization::url`] and brings back what the browser was sent to.
///
/// `Browser` is one (feature `browser`), [`Handler`] another; a program with a window of its own writes its own.
pub trait UserAgent: Send + Sync + 'static {
    /// Leads a person through `authorization`. What comes back was checked by [`Authorization::answered`] or
    /// [`Authorization::redirected`].
    ///
    /// Dropping the future ends it.
    ///
    /// # Errors
    ///
    /// Why it came to nothing; it can be started again at any time.
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>>;

    /// Whether [`authorize`](Self::authorize), which came to nothing by `error`, is to be called once more, with a new
    /// request: where the person can be asked. Never, unless it is implemented.
    fn begins_again(&self, error: &AuthorizationError) -> BoxFuture<'static, bool> {
        let _ = error;
        Box::pin(std::future::ready(false))
    }
}

/// A function that is given the URL to open and gives the URL that the browser was sent to. It needs a
/// [`redirect_uri`](crate::Builder::redirect_uri).
#[derive(Clone)]
pub struct Handler(Arc<Handle>);

type Handle =
    dyn Fn(String) -> BoxFuture<'static, Result<String, AuthorizationError>> + Send + Sync;

impl Handler {
    /// Wraps the function.
    pub fn new<F>(handle: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, AuthorizationError>> + Send + 'static,
    {
        Self(Arc::new(move |url| Box::pin(handle(url))))
    }
}

impl UserAgent for Handler {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        let handle = Arc::clone(&self.0);
        Box::pin(async move {
            let redirect_uri = authorization.redirect_uri().ok_or_else(no_redirect)?;
            let url = authorization.url(redirect_uri)?;
            let redirected = handle(url.into()).await?;
            Ok(authorization.redirected(redirect_uri, &redirected)?)
        })
    }
}

fn no_redirect() -> AuthorizationError {
    countersign_core::Error::configuration("a handler needs a redirect URI").into()
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}
