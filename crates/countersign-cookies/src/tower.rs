//! [`CookieLayer`] and [`Cookies`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response, Uri};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::jar::Jar;
use crate::skip::NoCookies;

/// Sends a jar's cookies with every request of a tower client, and keeps what the answers set.
///
/// It stands below auth, so that each leg takes along what the one before was given, and above the lanes.
#[derive(Clone, Debug)]
pub struct CookieLayer {
    jar: Jar,
}

impl CookieLayer {
    /// A layer with `jar`.
    pub fn new(jar: Jar) -> Self {
        Self { jar }
    }
}

impl<C> Layer<C> for CookieLayer {
    type Service = Cookies<C>;

    fn layer(&self, inner: C) -> Cookies<C> {
        let jar = self.jar.clone();
        Cookies { jar, inner }
    }
}

/// A client with a jar. See [`CookieLayer`].
#[derive(Clone, Debug)]
pub struct Cookies<C> {
    jar: Jar,
    inner: C,
}

impl<C, B, R> Service<Request<B>> for Cookies<C>
where
    C: Service<Request<B>, Response = Response<R>>,
{
    type Response = Response<R>;
    type Error = C::Error;
    type Future = Learning<C::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let is_on = request.extensions().get::<NoCookies>().is_none();
        let uri = is_on.then(|| request.uri().clone());
        if let Some(uri) = &uri {
            self.jar.apply(uri, request.headers_mut());
        }
        Learning {
            learner: uri.map(|uri| (self.jar.clone(), uri)),
            inner: self.inner.call(request),
        }
    }
}

pin_project! {
    /// The future of [`Cookies`].
    pub struct Learning<F> {
        learner: Option<(Jar, Uri)>,
        #[pin]
        inner: F,
    }
}

impl<F, R, E> Future for Learning<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = ready!(this.inner.poll(cx))?;
        if let Some((jar, uri)) = this.learner {
            jar.learn(uri, answer.headers());
        }
        Poll::Ready(Ok(answer))
    }
}

/// Not the URI, which may hold a credential.
impl<F> fmt::Debug for Learning<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Learning")
            .field("keeps", &self.learner.is_some())
            .finish_non_exhaustive()
    }
}
