//! The rest of a middleware chain as the [`Transport`] of the loop.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use countersign_core::{AuthBody, BoxError, Error, Failure, Sleep, Transport};
use http::{Extensions, Request, Response};
use reqwest::{Body, Url};
use reqwest_middleware::Next;
use url::Position;

use crate::convert::{request_from_http, response_to_http};

/// The rest of a middleware chain.
pub(crate) struct NextTransport<'a> {
    next: Next<'a>,
    shown: Option<Url>,
}

/// The extensions that the chain below left, on their way up.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) Extensions);

type Inner = reqwest_middleware::Error;

impl<'a> NextTransport<'a> {
    /// `shown` is the URL that answers and errors name, where the one that is sent may hold a credential.
    pub(crate) fn new(next: Next<'a>, shown: Option<Url>) -> Self {
        Self { next, shown }
    }
}

impl<'a, B> Transport<B> for NextTransport<'a>
where
    B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
    B::Error: Into<BoxError>,
{
    type Body = Body;
    type Error = Inner;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Failure<Inner>>> + Send + 'a>>;

    fn send(&mut self, request: Request<AuthBody<B>>) -> Self::Future {
        let (next, shown) = (self.next.clone(), self.shown.clone());
        let request = request_from_http(request);
        Box::pin(async move {
            let (request, extensions) = request?;
            let shown = shown.unwrap_or_else(|| request.url().clone());
            send(next, request, extensions, shown).await
        })
    }

    fn sleep(&self, duration: Duration) -> Option<Sleep> {
        tokio::runtime::Handle::try_current().ok()?;
        Some(Box::pin(tokio::time::sleep(duration)))
    }
}

async fn send(
    next: Next<'_>,
    request: reqwest::Request,
    mut extensions: Extensions,
    shown: Url,
) -> Result<Response<Body>, Failure<Inner>> {
    let sent = request.url().clone();
    let response = next.run(request, &mut extensions).await.map_err(|error| {
        Failure::Inner(if error.url().is_some() {
            error.with_url(shown.clone())
        } else {
            error
        })
    })?;
    if followed_a_redirect(&sent, response.url()) {
        return Err(follows_redirects().into());
    }
    let mut response = response_to_http(response, shown);
    response.extensions_mut().insert(Carried(extensions));
    Ok(response)
}

/// Whether the client below went elsewhere. An answer that another middleware made has no URL of its own.
fn followed_a_redirect(sent: &Url, answered: &Url) -> bool {
    const NONE: &str = "no.url.provided.local";
    let differs = sent[..Position::AfterQuery] != answered[..Position::AfterQuery];
    differs && answered.host_str() != Some(NONE)
}

fn follows_redirects() -> Error {
    Error::configuration(
        "the reqwest client below follows redirects by itself and takes credentials with it: build it with \
         redirect(Policy::none()) and put RedirectMiddleware above AuthMiddleware",
    )
}
