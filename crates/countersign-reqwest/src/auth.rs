//! [`AuthMiddleware`] and the easy constructor.

use std::sync::Arc;

use countersign_core::{Drive, Error, Scheme, Settings};
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};

use crate::RedirectMiddleware;
use crate::transport::{Passage, Shown};

/// Authenticates every request of a client with one scheme.
///
/// What is set per request ([`Override`](crate::Override)) travels in the request's extensions:
/// `client.get(url).with_extension(Override::none())`.
#[derive(Debug)]
pub struct AuthMiddleware<S> {
    scheme: Arc<S>,
    settings: Arc<Settings>,
}

impl<S: Scheme> AuthMiddleware<S> {
    /// A middleware for `scheme`, with the default [`Settings`].
    pub fn new(scheme: S) -> Self {
        Self {
            scheme: Arc::new(scheme),
            settings: Arc::default(),
        }
    }

    /// The same with other settings.
    #[must_use]
    pub fn settings(self, settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            ..self
        }
    }
}

impl<S> Clone for AuthMiddleware<S> {
    fn clone(&self) -> Self {
        Self {
            scheme: Arc::clone(&self.scheme),
            settings: Arc::clone(&self.settings),
        }
    }
}

#[async_trait::async_trait]
impl<S: Scheme> Middleware for AuthMiddleware<S> {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let (passage, request) = Passage::begin(request, extensions, Shown::Original)?;
        let Self { scheme, settings } = self.clone();
        let driven = Drive::new(scheme, settings, request, passage.transport(next)).await;
        passage.finish(driven, extensions)
    }
}

/// Builds the safe client: `builder` with its own redirects and `Referer` off, `scheme` above it, and redirects above
/// that, at most 10 of them.
///
/// For other settings, a retry or cookies, stack the middlewares by hand as the crate's documentation shows.
///
/// # Errors
///
/// Those of `reqwest::ClientBuilder::build`.
pub fn client(
    builder: reqwest::ClientBuilder,
    scheme: impl Scheme,
) -> reqwest::Result<ClientWithMiddleware> {
    let inner = builder
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .build()?;
    let client = ClientBuilder::new(inner).with(RedirectMiddleware::default());
    Ok(client.with(AuthMiddleware::new(scheme)).build())
}

/// The authentication error in a failed request, if it is one.
pub fn auth_error(error: &reqwest_middleware::Error) -> Option<&Error> {
    match error {
        reqwest_middleware::Error::Middleware(error) => error.downcast_ref(),
        reqwest_middleware::Error::Reqwest(_) => None,
    }
}
