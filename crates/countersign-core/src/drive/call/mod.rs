//! One request's state between its legs: what is kept, what was refused, how often it was sent.

mod answered;

use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, Uri, request, response};
use http_body::Body;

use super::bound::Bound;
use super::pass::Way;
use super::{Running, Settings, leg};
use crate::begin::Begin;
use crate::body::{AuthBody, Gathered, Supply};
use crate::error::{Error, ErrorKind, Result};
use crate::lanes::Hold;
use crate::payload::Payload;
use crate::scheme::{Leg, Scheme};

pub(crate) struct Call<S: Scheme, B, R> {
    scheme: Arc<S>,
    settings: Arc<Settings>,
    way: Way,
    head: Option<request::Parts>,
    supply: Supply<B>,
    running: Option<Running<S::Exchange>>,
    /// In a box, as most requests need no room for it.
    refused: Option<Box<(response::Parts, R)>>,
    bound: Bound,
    sent_uri: Option<Uri>,
    legs: u8,
    held_back: bool,
    /// The body of the answer is read for the scheme to see, and is the caller's in any case.
    looks: bool,
    /// A leg without the body was accepted.
    probed: bool,
    /// A leg without the body was refused, with a challenge.
    asked: bool,
}

/// What follows an event.
pub(super) enum Answer<X, R> {
    Final(Response<AuthBody<R>>),
    Leg,
    Begin(Begin<Running<X>>),
    Read(response::Parts, R),
    Drain(R),
}

impl<S: Scheme, B: Body + Unpin, R: Body + Unpin> Call<S, B, R> {
    pub(super) fn new(scheme: Arc<S>, settings: Arc<Settings>, request: Request<B>) -> Self {
        let (mut head, body) = request.into_parts();
        let way = settings.way(&mut head);
        Self {
            scheme,
            settings,
            way,
            head: Some(head),
            supply: Supply::new(body),
            running: None,
            refused: None,
            bound: Bound::default(),
            sent_uri: None,
            legs: 0,
            held_back: false,
            looks: false,
            probed: false,
            asked: false,
        }
    }

    /// Begins an exchange, seeing what was refused; `None` where the request passes without one.
    pub(super) fn begin(&mut self) -> Option<Begin<Running<S::Exchange>>> {
        let mut cx = self.settings.cx(self.head.as_ref()?);
        if let Some(refused) = &self.refused {
            cx = cx.refused(&refused.0);
        }
        match &self.way {
            Way::Pass => None,
            Way::Own => Some(self.scheme.begin(cx).map(Running::Own)),
            Way::Other(scheme) => Some(scheme.begin(cx).map(Running::Other)),
        }
    }

    pub(super) fn begun(
        &mut self,
        begun: Result<Running<S::Exchange>>,
    ) -> Result<Answer<S::Exchange, R>> {
        let refused = self.refused.take().map(|refused| *refused);
        match (begun, refused) {
            (Ok(running), refused) => {
                self.running = Some(running);
                self.bound.restarted();
                refused.map_or(Ok(Answer::Leg), |(parts, body)| self.again(parts, body))
            }
            (Err(error), Some((parts, body))) if error.kind() == ErrorKind::Challenge => {
                tracing::debug!(%error, "the refusal is handed to the caller");
                self.last(parts, body)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// The lane to wait for before the next leg.
    pub(super) fn lane(&mut self) -> Result<Option<Begin<Hold>>> {
        let (Some(running), Some(head)) = (&mut self.running, &self.head) else {
            return Ok(None);
        };
        let origin = || self.settings.cx(head).origin();
        self.bound
            .acquire(running.get(), &self.settings, head, origin)
    }

    pub(super) fn hold(&mut self, lane: Hold) {
        self.bound.hold(lane);
    }

    /// Whether the leg that failed may go over another lane; nothing of it was sent.
    pub(super) fn may_rebind(&mut self) -> Result<bool> {
        if !self.bound.was_lost() {
            return Ok(false);
        }
        if self.supply.is_spent() {
            return Err(not_replayable());
        }
        // What was not sent does not count, nor does the leg before it: the handshake begins anew, once.
        self.legs = self.legs.saturating_sub(2);
        Ok(true)
    }

    /// Keeps as much of the body as the next leg asks for.
    pub(super) fn poll_supply(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let (Some(running), Some(head)) = (&mut self.running, &self.head) else {
            return Poll::Ready(Ok(()));
        };
        let exchange = running.get();
        let (plan, reads) = (exchange.plan(), exchange.reads_body(head));
        let doubtful = plan == Leg::Doubtful && !self.probed && !self.asked;
        // A body that is known to be empty is not held back: then the answer to the probe is the caller's.
        let probes = plan == Leg::Probe && !self.probed;
        self.held_back = probes && !self.supply.payload().is_empty();
        if self.held_back || (plan == Leg::Last && !reads) {
            return Poll::Ready(Ok(()));
        }
        let probe = doubtful && self.settings.probes_with_head();
        let gather = reads || (doubtful && !probe);
        let gathered = match self.supply.poll_gather(cx, self.settings.max_body) {
            Poll::Pending if gather => return Poll::Pending,
            Poll::Pending => Gathered::TooLarge,
            Poll::Ready(gathered) => gathered,
        };
        Poll::Ready(match gathered {
            Gathered::Whole => Ok(()),
            Gathered::TooLarge if reads => Err(too_large(exchange.body_advice())),
            Gathered::TooLarge if gather => Err(not_replayable()),
            Gathered::TooLarge => {
                self.held_back = probe;
                Ok(())
            }
            Gathered::Failed(_) => Err(Error::new(ErrorKind::Body, "the request's body failed")),
        })
    }

    /// The next leg, with its credentials.
    pub(super) fn next_leg(&mut self) -> Result<Request<AuthBody<B>>> {
        self.legs = self.legs.saturating_add(1);
        let plan = self.running.as_mut().map(|running| running.get().plan());
        let keep = plan.is_some_and(|plan| plan != Leg::Last) || self.bound.is_held();
        let head = match keep {
            true => self.head.clone(),
            false => self.head.take(),
        };
        let head = head.ok_or_else(not_replayable)?;
        match &mut self.running {
            None => Ok(Request::from_parts(head, self.supply.take(false))),
            Some(_) if self.held_back => self.bare_leg(head),
            Some(_) => self.full_leg(head, keep),
        }
    }

    /// A leg whose body is held back.
    fn bare_leg(&mut self, mut head: request::Parts) -> Result<Request<AuthBody<B>>> {
        let plan = self.running.as_mut().map(|running| running.get().plan());
        leg::hold_back(&mut head, plan == Some(Leg::Probe));
        self.prepare(&mut head, &mut Payload::whole(Bytes::new()))?;
        Ok(Request::from_parts(head, AuthBody::from(Bytes::new())))
    }

    fn full_leg(&mut self, mut head: request::Parts, keep: bool) -> Result<Request<AuthBody<B>>> {
        let mut payload = self.supply.payload();
        self.prepare(&mut head, &mut payload)?;
        let body = leg::body(&mut head, payload, || self.supply.take(keep));
        Ok(Request::from_parts(head, body))
    }

    fn prepare(&mut self, head: &mut request::Parts, payload: &mut Payload) -> Result<()> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        let (exchange, before) = (running.get(), leg::fingerprint(&head.uri));
        leg::prepare(exchange, head, payload, &self.settings)?;
        if leg::fingerprint(&head.uri) != before {
            self.sent_uri = Some(head.uri.clone());
        }
        tracing::debug!(scheme = exchange.name(), leg = self.legs, "sending");
        self.bound.attach(&mut head.extensions);
        Ok(())
    }
}

impl<S: Scheme, B, R> Call<S, B, R> {
    pub(super) fn legs(&self) -> u8 {
        self.legs
    }
}

fn too_large(advice: Option<&str>) -> Error {
    let advice = advice.map_or_else(String::new, |advice| format!(", or {advice}"));
    let message = format!(
        "the scheme needs the whole body and it is larger than max_body: raise the limit{advice}"
    );
    Error::new(ErrorKind::BodyTooLarge, message)
}

fn not_replayable() -> Error {
    Error::new(
        ErrorKind::BodyNotReplayable,
        "the request has to be sent again and its body cannot be kept: give it as bytes, raise max_body, \
         or set probe_with_head(true)",
    )
}
