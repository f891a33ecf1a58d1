//! Writes down every leg as it goes on the wire, below authentication.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, response};
use http_body::Body;
use tower::{Layer, Service};

use super::leg::{Added, Before, BeforeJar, Leg, Received, Sent};
use super::tape::{Tape, Taped};

/// The legs of one request, in the order in which they went out. It travels in the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    legs: Arc<Mutex<Vec<Leg>>>,
    with_bodies: bool,
}

impl Record {
    /// Of heads and bodies.
    pub(crate) fn whole() -> Self {
        Self {
            legs: Arc::default(),
            with_bodies: true,
        }
    }

    /// Of heads alone, whatever the size of the bodies.
    pub(crate) fn heads() -> Self {
        Self {
            with_bodies: false,
            ..Self::whole()
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Leg>> {
        self.legs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was recorded until now.
    pub(crate) fn legs(&self) -> Vec<Leg> {
        self.lock().clone()
    }

    /// How many there were until now.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn tape(&self) -> Tape {
        match self.with_bodies {
            true => Tape::of(&[]),
            false => Tape::default(),
        }
    }

    /// Notes a request and returns its number.
    fn request(&self, request: Sent) -> usize {
        let mut legs = self.lock();
        legs.push(Leg {
            request,
            response: None,
        });
        legs.len() - 1
    }

    fn response(&self, leg: usize, head: &response::Parts, body: Tape) {
        if let Some(leg) = self.lock().get_mut(leg) {
            leg.request.spoken(head.version);
            let received = Received {
                status: head.status,
                headers: head.headers.clone(),
                body,
            };
            leg.response = Some(received);
        }
    }
}

/// Puts what the caller wants sent beside the request, before a scheme adds to it.
pub(crate) fn note_before<B>(mut request: Request<B>) -> Request<B> {
    let before = Before::of(request.headers(), request.uri());
    request.extensions_mut().insert(before);
    request
}

/// Puts what the scheme wants sent beside the request, before the cookie jar adds to it.
pub(super) fn note_before_jar<B>(mut request: Request<B>) -> Request<B> {
    note_before_jar_in(&mut request);
    request
}

/// The same in place.
pub(super) fn note_before_jar_in<B>(request: &mut Request<B>) {
    let before = BeforeJar(request.headers().clone());
    request.extensions_mut().insert(before);
}

/// Records what passes in the [`Record`] that it finds there.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordLayer;

impl<C> Layer<C> for RecordLayer {
    type Service = Recorder<C>;

    fn layer(&self, inner: C) -> Recorder<C> {
        Recorder { inner }
    }
}

/// See [`RecordLayer`].
#[derive(Clone, Debug)]
pub(super) struct Recorder<C> {
    inner: C,
}

type Recording<R, E> = Pin<Box<dyn Future<Output = Result<Response<Taped<R>>, E>> + Send>>;

impl<C, B, R> Service<Request<B>> for Recorder<C>
where
    C: Service<Request<Taped<B>>, Response = Response<R>>,
    C::Future: Send + 'static,
    B: Body<Data = Bytes>,
{
    type Response = Response<Taped<R>>;
    type Error = C::Error;
    type Future = Recording<R, C::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), C::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        let added = Added::to(&head);
        super::framing::complete(&mut head, &body);
        let record = head.extensions.remove::<Record>();
        let record = record.unwrap_or_else(Record::heads);
        let tape = record.tape();
        let leg = record.request(Sent::new(&head, added, tape.clone()));
        let sent = self
            .inner
            .call(Request::from_parts(head, Taped::new(body, tape)));
        Box::pin(async move {
            let (head, body) = sent.await?.into_parts();
            let tape = record.tape();
            record.response(leg, &head, tape.clone());
            Ok(Response::from_parts(head, Taped::new(body, tape)))
        })
    }
}
