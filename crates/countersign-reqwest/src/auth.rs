//! [`AuthMiddleware`] and the easy constructor.

use std::sync::Arc;

use countersign_core::{Drive, Error, Failure, Scheme, Settings};
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};

use crate::RedirectMiddleware;
use crate::convert::{request_to_http, response_from_http};
use crate::transport::{Carried, NextTransport};

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
        let url = request.url().clone();
        let request =
            request_to_http(request, extensions).map_err(reqwest_middleware::Error::middleware)?;
        let Self { scheme, settings } = self.clone();
        let driven = Drive::new(
            scheme,
            settings,
            request,
            NextTransport::new(next, Some(url)),
        )
        .await;
        finish(driven.map(response_from_http), extensions)
    }
}

/// Hands the answer up, and the extensions that came with it.
pub(crate) fn finish(
    driven: Result<Response, Failure<reqwest_middleware::Error>>,
    extensions: &mut Extensions,
) -> reqwest_middleware::Result<Response> {
    let mut response = driven.map_err(|failure| match failure {
        Failure::Auth(error) => reqwest_middleware::Error::middleware(error),
        Failure::Inner(error) => error,
    })?;
    if let Some(Carried(carried)) = response.extensions_mut().remove() {
        *extensions = carried;
    }
    Ok(response)
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
