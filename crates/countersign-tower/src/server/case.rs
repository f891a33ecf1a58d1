//! One request before its verifier: what is read, judged, let through or refused.

use std::task::{Context, Poll, ready};

use countersign_core::verify::{
    Accepted, Answer, BodyVerdict, Decode, Reason, Refusal, Verdict, VerifiedBody, Verify,
};
use countersign_core::{AuthBody, Begin, Drain, Error, Gathered, Supply};
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, EXPECT, ORIGIN};
use http::{Method, Request, Response, StatusCode, request, response};
use http_body::Body;

use super::layer::VerifyLayer;
use super::refuse::{plain, refused, too_large};
use super::verified::Verified;

pub(super) struct Case<V, B> {
    layer: VerifyLayer<V>,
    head: request::Parts,
    supply: Supply<B>,
    answer: Option<Box<dyn Answer>>,
    /// What becomes of a body that is verified while it streams.
    body: Option<BodyVerdict>,
}

/// What follows.
pub(super) enum Then<P, B, R> {
    Verify(Begin<Verdict<P>>),
    Serve(Request<VerifiedBody<B>>),
    Refuse(Drain<AuthBody<B>>, Response<AuthBody<R>>),
    Answer(Response<AuthBody<R>>),
}

impl<V: Verify, B: Body + Unpin> Case<V, B> {
    pub(super) fn new(layer: VerifyLayer<V>, request: Request<B>) -> Self {
        let (mut head, body) = request.into_parts();
        head.extensions.remove::<Verified<V::Principal>>();
        Self {
            layer,
            head,
            supply: Supply::new(body),
            answer: None,
            body: None,
        }
    }

    /// Reads the body if the verifier wants it, and asks the verifier.
    pub(super) fn poll_read<R>(&mut self, cx: &mut Context<'_>) -> Poll<Then<V::Principal, B, R>> {
        if self.layer.allow_preflight && is_preflight(&self.head) {
            return Poll::Ready(Then::Serve(self.take_request(None)));
        }
        if self.layer.verifier().reads_body(&self.head) {
            match ready!(self.supply.poll_gather(cx, self.layer.max_body)) {
                Gathered::Whole => {}
                Gathered::TooLarge => return Poll::Ready(Then::Answer(too_large())),
                Gathered::Failed(_) => {
                    return Poll::Ready(Then::Answer(plain(StatusCode::BAD_REQUEST)));
                }
            }
        }
        let payload = self.supply.payload();
        Poll::Ready(Then::Verify(
            self.layer.verifier().verify(&self.head, &payload),
        ))
    }

    /// A verifier that cannot decide lets nothing through.
    pub(super) fn judged<R>(
        &mut self,
        verdict: Result<Verdict<V::Principal>, Error>,
    ) -> Then<V::Principal, B, R> {
        let verdict = verdict.unwrap_or_else(|error| {
            tracing::error!(%error, "the verifier could not decide");
            Verdict::refuse(Reason::Unavailable)
        });
        match verdict {
            Verdict::Refuse(refusal) => self.refuse(refusal),
            Verdict::Accept(accepted) => Then::Serve(self.accept(accepted)),
        }
    }

    fn accept(&mut self, accepted: Accepted<V::Principal>) -> Request<VerifiedBody<B>> {
        self.head.extensions.insert(Verified::new(&accepted));
        self.answer = accepted.answer;
        self.take_request(accepted.decode)
    }

    /// A client that waits for `100 Continue` has sent nothing that would have to be read away.
    fn refuse<R>(&mut self, refusal: Refusal) -> Then<V::Principal, B, R> {
        match refusal.advice {
            Some(advice) => tracing::info!(reason = ?refusal.reason, "refused: {advice}"),
            None => tracing::debug!(reason = ?refusal.reason, "refused"),
        }
        let (bytes, time) = self.layer.linger;
        let bytes = if self.head.headers.contains_key(EXPECT) {
            0
        } else {
            bytes
        };
        let rest = Drain::new(self.supply.take(false), bytes, crate::sleep(time));
        Then::Refuse(rest, refused(refusal))
    }

    fn take_request(&mut self, decode: Option<Box<dyn Decode>>) -> Request<VerifiedBody<B>> {
        let empty = Request::new(()).into_parts().0;
        let mut head = std::mem::replace(&mut self.head, empty);
        let body = self.supply.take(false);
        let body = match decode {
            None => VerifiedBody::new(body),
            Some(decode) => {
                let (body, verdict) = VerifiedBody::decoded(&mut head, body, decode);
                self.body = Some(verdict);
                body
            }
        };
        Request::from_parts(head, body)
    }

    /// What the request is answered if its body turned out not to be the one that was signed, whatever the inner
    /// service made of it.
    pub(super) fn refused_body<R>(&self) -> Option<Response<AuthBody<R>>> {
        let reason = self.body.as_ref()?.refused()?;
        match Verdict::<V::Principal>::refuse(reason) {
            Verdict::Refuse(refusal) => Some(refused(refusal)),
            Verdict::Accept(_) => None,
        }
    }

    /// Lets the scheme sign the answer, over its body if it wants that.
    pub(super) fn poll_sign<R: Body + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        served: &mut Response<Supply<R>>,
    ) -> Poll<Response<AuthBody<R>>> {
        let (mut parts, mut body) =
            std::mem::replace(served, Response::new(Supply::spent())).into_parts();
        let Some(answer) = self.answer.take() else {
            return Poll::Ready(Response::from_parts(parts, body.take(false)));
        };
        if answer.reads_body(&parts) {
            match body.poll_gather(cx, self.layer.max_body) {
                Poll::Ready(Gathered::Whole) => {}
                Poll::Ready(_) => return Poll::Ready(plain(StatusCode::INTERNAL_SERVER_ERROR)),
                Poll::Pending => {
                    self.answer = Some(answer);
                    *served = Response::from_parts(parts, body);
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(
            sign(answer, &mut parts, &body)
                .map_or_else(plain, |()| Response::from_parts(parts, body.take(false))),
        )
    }
}

fn sign<R: Body + Unpin>(
    answer: Box<dyn Answer>,
    parts: &mut response::Parts,
    body: &Supply<R>,
) -> Result<(), StatusCode> {
    let payload = body.payload();
    answer
        .sign(parts, payload.bytes().unwrap_or_default())
        .map_err(|error| {
            tracing::error!(%error, "the answer could not be signed");
            StatusCode::INTERNAL_SERVER_ERROR
        })
}

/// A CORS preflight (Fetch standard, CORS-preflight request): no credentials, and what it asks for is named.
fn is_preflight(head: &request::Parts) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(ORIGIN)
        && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && !head.headers.contains_key(AUTHORIZATION)
}
