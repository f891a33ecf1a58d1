//! The rest of a middleware chain as the [`Transport`] of the loop.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_core::{AuthBody, BoxError, Error, Failure, Sleep, Transport};
use http::{Extensions, Request, Response};
use reqwest::{Body, Url};
use reqwest_middleware::Next;
use url::Position;

use crate::convert::{Answer, Original};

/// A request that goes through the loop, with what is handed up when its answer is there.
pub(crate) struct Passage {
    original: Original,
    shown: Shown,
    answered: Mutex<Answered>,
}

/// The URL that answers and errors name.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Shown {
    /// The caller's, as the one that is sent may hold a credential.
    Original,
    /// That of the last hop.
    Sent,
}

/// What the last answer left beside itself.
#[derive(Default)]
struct Answered {
    /// Those of the chain below, on their way up.
    extensions: Extensions,
    url: Option<Url>,
}

type Inner = reqwest_middleware::Error;

impl Passage {
    pub(crate) fn begin(
        request: reqwest::Request,
        extensions: &mut Extensions,
        shown: Shown,
    ) -> reqwest_middleware::Result<(Self, Request<Body>)> {
        let split = Original::split(request, extensions);
        let (original, request) = split.map_err(Inner::middleware)?;
        let answered = Mutex::default();
        Ok((
            Self {
                original,
                shown,
                answered,
            },
            request,
        ))
    }

    /// The rest of the chain, for the legs of this request.
    pub(crate) fn transport<'a>(&'a self, next: Next<'a>) -> NextTransport<'a> {
        NextTransport {
            next,
            passage: self,
        }
    }

    /// Hands the answer up, and the extensions that came with it.
    pub(crate) fn finish(
        &self,
        driven: Result<Response<AuthBody<Answer>>, Failure<Inner>>,
        extensions: &mut Extensions,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let answer = driven.map_err(|failure| match failure {
            Failure::Auth(error) => Inner::middleware(error),
            Failure::Inner(error) => error,
        })?;
        let answered = std::mem::take(&mut *self.answered());
        *extensions = answered.extensions;
        let url = answered.url.unwrap_or_else(|| self.original.url().clone());
        Ok(Answer::join(answer, url))
    }

    fn answered(&self) -> MutexGuard<'_, Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send<B>(
        &self,
        next: Next<'_>,
        leg: Request<AuthBody<B>>,
    ) -> Result<Response<Answer>, Failure<Inner>>
    where
        B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
        B::Error: Into<BoxError>,
    {
        let (request, mut extensions) = self.original.leg(leg)?;
        let sent = request.url().clone();
        let response = match next.run(request, &mut extensions).await {
            Ok(response) => response,
            Err(error) if error.url().is_none() => return Err(Failure::Inner(error)),
            Err(error) => return Err(Failure::Inner(error.with_url(self.shown(sent)))),
        };
        if followed_a_redirect(&sent, response.url()) {
            return Err(follows_redirects().into());
        }
        *self.answered() = Answered {
            extensions,
            url: (self.shown == Shown::Sent).then_some(sent),
        };
        Ok(Answer::split(response))
    }

    fn shown(&self, sent: Url) -> Url {
        match self.shown {
            Shown::Original => self.original.url().clone(),
            Shown::Sent => sent,
        }
    }
}

/// The rest of a middleware chain.
pub(crate) struct NextTransport<'a> {
    next: Next<'a>,
    passage: &'a Passage,
}

impl<'a, B> Transport<B> for NextTransport<'a>
where
    B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
    B::Error: Into<BoxError>,
{
    type Body = Answer;
    type Error = Inner;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Answer>, Failure<Inner>>> + Send + 'a>>;

    fn send(&mut self, request: Request<AuthBody<B>>) -> Self::Future {
        Box::pin(self.passage.send(self.next.clone(), request))
    }

    fn sleep(&self, duration: Duration) -> Option<Sleep> {
        tokio::runtime::Handle::try_current().ok()?;
        Some(Box::pin(tokio::time::sleep(duration)))
    }
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
