//! The traits that a scheme implements on the client's side.

use http::{request, response};

use crate::begin::Begin;
use crate::error::Result;
use crate::lanes::{Connection, Identity};
use crate::origin::Origin;
use crate::payload::Payload;
use crate::touch::Touch;

/// A configured scheme, shared by every request of a client.
///
/// State that outlives a request (a nonce, a token, a clock offset) lives here, keyed by [`Cx::origin`].
pub trait Scheme: Send + Sync + 'static {
    /// What one request of this scheme goes through.
    type Exchange: Exchange;

    /// Begins an exchange. The only place that may wait.
    ///
    /// It is called once for a request, and again after [`Next::Restart`] with the refusal in [`Cx::refused`].
    ///
    /// # Errors
    ///
    /// A refusal that the scheme cannot answer is [`ErrorKind::Challenge`](crate::ErrorKind::Challenge): then the
    /// refusal is handed to the caller, or another scheme of a choice is asked.
    fn begin(&self, cx: Cx<'_>) -> Begin<Self::Exchange>;

    /// How strong it is beside others, for [`AnyOf`](crate::AnyOf).
    fn strength(&self) -> Strength {
        Strength::Revealing
    }

    /// Whether the user pinned a minimum in it, so that a choice must not fall back to a weaker scheme.
    fn pins(&self) -> bool {
        false
    }
}

/// How well a scheme protects its secret; a choice of schemes answers with the strongest that the server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Strength {
    /// The secret itself, or something as good as it, crosses the wire.
    Revealing,
    /// The connection is authenticated by a proof; the requests on it are not.
    Connection,
    /// Every request carries a proof of the secret.
    Request,
}

/// What a scheme sees when an exchange begins.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Cx<'a> {
    /// The head of the request as the caller made it.
    pub request: &'a request::Parts,
    /// The head of the answer that refused this request, after [`Next::Restart`].
    pub refused: Option<&'a response::Parts>,
    base: Option<&'a Origin>,
    proxy: Option<&'a Origin>,
}

impl<'a> Cx<'a> {
    /// What a driver (or a test of a scheme) hands to [`Scheme::begin`]; `base` is the origin of relative targets.
    pub fn new(request: &'a request::Parts, base: Option<&'a Origin>) -> Self {
        Self {
            request,
            refused: None,
            base,
            proxy: None,
        }
    }

    /// The same on its way to authenticate to a proxy.
    pub(crate) fn to_proxy(self, proxy: Option<&'a Origin>) -> Self {
        Self { proxy, ..self }
    }

    /// The same after a refusal.
    #[must_use]
    pub fn refused(self, refused: &'a response::Parts) -> Self {
        Self {
            refused: Some(refused),
            ..self
        }
    }

    pub(crate) fn base(&self) -> Option<&'a Origin> {
        self.base
    }

    /// The one that is authenticated to, the key of all state: the origin that the caller addresses, or the proxy of
    /// [`Settings::proxy`](crate::Settings::proxy). `None` where the target is relative and the driver was not told its
    /// origin: then the client has one origin only, and `None` is as good a key.
    pub fn origin(&self) -> Option<Origin> {
        self.proxy
            .cloned()
            .or_else(|| Origin::of(&self.request.uri))
            .or_else(|| self.base.cloned())
    }

    /// Whether [`origin`](Self::origin) is a proxy's, of which the request's URI says nothing.
    pub fn is_to_proxy(&self) -> bool {
        self.proxy.is_some()
    }

    pub(crate) fn proxy(&self) -> Option<&'a Origin> {
        self.proxy
    }
}

/// One user-visible request and the legs it takes to have it accepted. It never does I/O.
pub trait Exchange: Send + 'static {
    /// The scheme's name, for people: `"basic"`.
    fn name(&self) -> &'static str;

    /// Whether what it sends on the next leg could be used again by whoever reads it on the wire.
    ///
    /// Such a leg needs TLS, a loopback peer, or the user's `allow_cleartext()`.
    fn reveals(&self) -> bool {
        false
    }

    /// Whether the legs must share one connection. It is asked before each leg.
    fn binding(&self) -> Binding {
        Binding::Request
    }

    /// Gives it the connection that its next legs go over, after [`binding`](Self::binding) asked for one; and another
    /// one if that was lost before a leg was sent, on which a handshake starts anew.
    fn bound(&mut self, connection: &Connection) {
        let _ = connection;
    }

    /// How likely it is that the next leg is refused.
    fn plan(&self) -> Leg {
        Leg::Last
    }

    /// Whether [`prepare`](Self::prepare) needs the body's bytes; then the driver gathers a stream, up to a limit.
    fn reads_body(&self, request: &request::Parts) -> bool {
        let _ = request;
        false
    }

    /// What the user can do where the body is too large to be held in memory, as it ends "raise the limit, or ".
    fn body_advice(&self) -> Option<&'static str> {
        None
    }

    /// Whether it may add, change or take out this part of a request. What it changes of anything else is
    /// [`ErrorKind::Undeclared`](crate::ErrorKind::Undeclared), and the leg is not sent.
    fn touches(&self, part: Touch<'_>) -> bool {
        part.is_authorization()
    }

    /// Adds the credentials to the next leg.
    ///
    /// # Errors
    ///
    /// Then nothing is sent, and the error is the caller's.
    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()>;

    /// Sees the head of the answer and says what comes next.
    ///
    /// # Errors
    ///
    /// Then the answer is dropped and the error is the caller's.
    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let _ = response;
        Ok(Next::Done)
    }

    /// Sees the body of the answer, only after [`Next::Read`] or [`Next::Look`].
    ///
    /// # Errors
    ///
    /// As for [`receive`](Self::receive).
    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        let _ = body;
        Ok(())
    }

    /// Sees the head of the answer last of all, when it is the caller's; what it found out may go into its extensions.
    fn conclude(&mut self, response: &mut response::Parts) {
        let _ = response;
    }
}

/// What the legs of an exchange are bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Binding {
    /// Each leg stands alone; any connection will do.
    Request,
    /// All legs go over one connection, in this identity's name, which nobody else uses meanwhile.
    Connection(Identity),
}

/// How likely the next leg is refused, and so what the driver keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Leg {
    /// No other leg follows: nothing is kept.
    Last,
    /// Probably accepted: the head is kept, and the body if it is in memory.
    Tentative,
    /// Probably refused, without a credential: the body is kept, gathered up to the limit, or probed for with `HEAD`
    /// where the user asked for that; else the request fails before its first byte.
    Doubtful,
    /// Carries a credential that cannot suffice: the body is held back.
    Probe,
}

/// What follows after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// The answer is the caller's.
    Done,
    /// The answer is the caller's if [`Exchange::receive_body`] agrees with its body.
    Read,
    /// The answer is the caller's; [`Exchange::receive_body`] sees its body before, unless that is over the limit.
    Look,
    /// One more leg.
    Again,
    /// [`Scheme::begin`] once more, seeing this refusal.
    Restart,
}
