//! [`Once`], a scheme without its retry.

use http::{StatusCode, request, response};

use crate::begin::Begin;
use crate::challenge::Offered;
use crate::error::{ErrorKind, Result};
use crate::lanes::Connection;
use crate::payload::Payload;
use crate::scheme::{Binding, Cx, Exchange, Leg, Next, Scheme, Strength};
use crate::touch::Touch;

/// A scheme without its retry: a refusal is the caller's after one request, with the challenges in its extensions as
/// [`Offered`]. The scheme still learns from them, so the next request can answer.
///
/// ```
/// use countersign_core::challenge::Offered;
///
/// /// What a server that refused a request wants: `Digest realm="cave", …`.
/// fn wanted<B>(refusal: &http::Response<B>) -> Vec<String> {
///     let offered = refusal.extensions().get::<Offered>();
///     let challenges = offered.map(Offered::challenges).unwrap_or_default();
///     let realm = |one: &countersign_core::challenge::Challenge<'_>| one.text("realm").unwrap_or("no realm").to_owned();
///     challenges.iter().map(|one| format!("{} of {}", one.scheme(), realm(one))).collect()
/// }
/// ```
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
        match self.0.receive(response) {
            Ok(Next::Again | Next::Restart) => Ok(Next::Done),
            // A challenge that cannot be answered is one to look at.
            Err(error) if error.kind() == ErrorKind::Challenge => Ok(Next::Done),
            kept => kept,
        }
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.0.receive_body(body)
    }

    fn conclude(&mut self, response: &mut response::Parts) {
        self.0.conclude(response);
        if response.status == StatusCode::UNAUTHORIZED
            && let Some(offered) = Offered::of(&response.headers)
        {
            response.extensions.insert(offered);
        }
    }
}
