//! What becomes of an answer: one more leg, another exchange, or the caller's.

use std::task::{Context, Poll, ready};

use http::{Response, StatusCode, response};
use http_body::Body;

use super::{Answer, Call, not_replayable, too_large};
use crate::body::{AuthBody, Gathered, Supply};
use crate::drive::drain::{DRAIN_TIME, Drain};
use crate::drive::pass::SentUri;
use crate::drive::target;
use crate::drive::transport::Transport;
use crate::error::{Error, ErrorKind, Result};
use crate::lanes::persists;
use crate::scheme::{Next, Scheme};

impl<S: Scheme, B: Body + Unpin, R: Body + Unpin> Call<S, B, R> {
    /// What the scheme makes of an answer.
    pub(in crate::drive) fn answered(
        &mut self,
        response: Response<R>,
    ) -> Result<Answer<S::Exchange, R>> {
        let (mut parts, body) = response.into_parts();
        let Some(running) = &mut self.running else {
            return Ok(Answer::Final(Response::from_parts(
                parts,
                AuthBody::new(body),
            )));
        };
        self.bound.check()?;
        if self.settings.is_for_proxy() {
            target::swap_response(&mut parts);
        }
        let next = running.get().receive(&parts)?;
        tracing::debug!(
            leg = self.legs,
            status = parts.status.as_u16(),
            ?next,
            "answered"
        );
        let more = self.legs < self.settings.max_legs && self.head.is_some();
        match next {
            // The body is still here, and the server has not refused it.
            Next::Done if self.held_back && parts.status != StatusCode::UNAUTHORIZED && more => {
                self.probed = true;
                self.again(parts, body)
            }
            Next::Again if more => {
                self.asked |= self.held_back;
                self.again(parts, body)
            }
            Next::Restart if more => Ok(self.restart(parts, body)),
            Next::Read | Next::Look if !self.held_back => {
                self.looks = next == Next::Look;
                Ok(Answer::Read(parts, body))
            }
            _ => self.last(parts, body),
        }
    }

    /// An answer that is the caller's; never one to a request whose body was not sent.
    pub(super) fn last(&self, parts: response::Parts, body: R) -> Result<Answer<S::Exchange, R>> {
        if self.held_back && parts.status != StatusCode::UNAUTHORIZED {
            return Err(not_replayable().with_refusal(parts));
        }
        Ok(Answer::Final(Response::from_parts(
            parts,
            AuthBody::new(body),
        )))
    }

    fn restart(&mut self, parts: response::Parts, body: R) -> Answer<S::Exchange, R> {
        self.refused = Some(Box::new((parts, body)));
        self.begin().map_or(Answer::Leg, Answer::Begin)
    }

    pub(super) fn again(
        &self,
        parts: response::Parts,
        refused: R,
    ) -> Result<Answer<S::Exchange, R>> {
        if self.supply.is_spent() {
            return Err(not_replayable().with_refusal(parts));
        }
        Ok(Answer::Drain(refused))
    }

    pub(in crate::drive) fn drain<T: Transport<B>>(&self, body: R, transport: &T) -> Drain<R> {
        Drain::answer(body, transport.sleep(DRAIN_TIME))
    }

    /// Reads an answer's body whole and lets the scheme check it.
    pub(in crate::drive) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        supply: &mut Supply<R>,
    ) -> Poll<Result<AuthBody<R>>> {
        match ready!(supply.poll_gather(cx, self.settings.max_body)) {
            Gathered::Whole => {}
            Gathered::TooLarge if self.looks => return Poll::Ready(Ok(supply.take(false))),
            Gathered::TooLarge => return Poll::Ready(Err(too_large(None))),
            Gathered::Failed(_) => {
                return Poll::Ready(Err(Error::new(ErrorKind::Body, "the answer's body failed")));
            }
        }
        let payload = supply.payload();
        let bytes = payload.bytes().unwrap_or_default();
        let checked = self
            .running
            .as_mut()
            .map(|running| running.get().receive_body(bytes));
        Poll::Ready(checked.unwrap_or(Ok(())).map(|()| supply.take(false)))
    }

    /// Makes an answer the caller's.
    pub(in crate::drive) fn finish(
        &mut self,
        response: Response<AuthBody<R>>,
    ) -> Response<AuthBody<R>> {
        let (mut parts, body) = response.into_parts();
        let lane = self.bound.settle(|| persists(&parts));
        if let Some(running) = &mut self.running {
            running.get().conclude(&mut parts);
        }
        if self.running.is_some() && self.settings.is_for_proxy() {
            target::swap_response(&mut parts);
        }
        if let Some(uri) = self.sent_uri.take() {
            parts.extensions.insert(SentUri(uri));
        }
        Response::from_parts(parts, body.over(lane))
    }
}
