//! [`Once`], a scheme without its retry.

use http::{request, response};

use crate::begin::Begin;
use crate::error::Result;
use crate::lanes::Connection;
use crate::payload::Payload;
use crate::scheme::{Binding, Cx, Exchange, Leg, Next, Scheme, Strength};
use crate::touch::Touch;

/// A scheme without its retry: a refusal is the caller's after one request. The scheme still learns from the
/// challenge, so the next request can answer it.
#[derive(Clone, Debug)]
pub struct Once<S>(pub S);

/// The exchange of [`Once`].
#[derive(Debug)]
pub struct OnceExchange<X>(X);

impl<S: Scheme> Scheme for Once<S> {
    type Exchange = OnceExchange<S::Exchange>;

    fn begin(&self, cx: Cx<'_>) -> Begin<Self::Exchange> {
        self.0.begin(cx).map(OnceExchange)
    }

    fn strength(&self) -> Strength {
        self.0.strength()
    }

    fn pins(&self) -> bool {
        self.0.pins()
    }
}

impl<X: Exchange> Exchange for OnceExchange<X> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn reveals(&self) -> bool {
        self.0.reveals()
    }

    fn binding(&self) -> Binding {
        self.0.binding()
    }

    fn bound(&mut self, connection: &Connection) {
        self.0.bound(connection);
    }

    fn plan(&self) -> Leg {
        Leg::Last
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.0.reads_body(request)
    }

    fn body_advice(&self) -> Option<&'static str> {
        self.0.body_advice()
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.0.touches(part)
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.0.prepare(request, body)
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        self.0.receive(response).map(|next| match next {
            Next::Again | Next::Restart => Next::Done,
            kept => kept,
        })
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.0.receive_body(body)
    }

    fn conclude(&mut self, response: &mut response::Parts) {
        self.0.conclude(response);
    }
}
