//! A service as the [`Transport`] of the loop.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use countersign_core::{AuthBody, Failure, Sleep, Transport};
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_service::Service;

/// A service as the transport of the loop; a clone of it sends each leg after the first.
pub struct ServiceTransport<C, F> {
    service: C,
    is_ready: bool,
    lift: F,
}

impl<C, F> ServiceTransport<C, F> {
    /// `service` must be ready for one call; later calls wait until a clone is. `lift` sorts its failures.
    pub(crate) fn new(service: C, lift: F) -> Self {
        Self {
            service,
            is_ready: true,
            lift,
        }
    }
}

impl<C, F, E, B, R> Transport<B> for ServiceTransport<C, F>
where
    C: Service<Request<AuthBody<B>>, Response = Response<R>> + Clone,
    F: Fn(C::Error) -> Failure<E> + Clone,
    R: Body + Unpin,
{
    type Body = R;
    type Error = E;
    type Future = Sending<C, Request<AuthBody<B>>, C::Future, F>;

    fn send(&mut self, request: Request<AuthBody<B>>) -> Self::Future {
        let lift = self.lift.clone();
        let is_ready = std::mem::replace(&mut self.is_ready, false);
        let state = match is_ready {
            true => State::Called {
                future: self.service.call(request),
            },
            false => State::Waiting {
                service: self.service.clone(),
                request: Some(request),
            },
        };
        Sending { state, lift }
    }

    fn sleep(&self, duration: Duration) -> Option<Sleep> {
        crate::sleep(duration)
    }
}

pin_project! {
    /// One leg under way.
    pub struct Sending<C, Q, U, F> {
        #[pin]
        state: State<C, Q, U>,
        lift: F,
    }
}

pin_project! {
    #[project = StateNow]
    enum State<C, Q, U> {
        Waiting { service: C, request: Option<Q> },
        Called { #[pin] future: U },
    }
}

impl<C, Q, F, E> Future for Sending<C, Q, C::Future, F>
where
    C: Service<Q>,
    F: Fn(C::Error) -> Failure<E>,
{
    type Output = Result<C::Response, Failure<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let future = match this.state.as_mut().project() {
                StateNow::Called { future } => return future.poll(cx).map_err(&*this.lift),
                StateNow::Waiting { service, request } => {
                    ready!(service.poll_ready(cx)).map_err(&*this.lift)?;
                    match request.take() {
                        Some(request) => service.call(request),
                        None => return Poll::Pending,
                    }
                }
            };
            this.state.set(State::Called { future });
        }
    }
}

impl<C, F> fmt::Debug for ServiceTransport<C, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceTransport")
    }
}

impl<C, Q, U, F> fmt::Debug for Sending<C, Q, U, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sending")
    }
}
