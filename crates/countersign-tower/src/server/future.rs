//! One request being verified, served and its answer signed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use countersign_core::verify::{Answer, Reason, Verdict, Verify};
use countersign_core::{AuthBody, Begin, Error, Gathered, Supply};
use http::header::{ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, ORIGIN};
use http::{Method, Request, Response, StatusCode, request, response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::layer::VerifyLayer;
use super::refuse::{plain, refused, too_large};
use super::verified::Verified;

pin_project! {
    /// One request being verified and served.
    pub struct Verifying<V: Verify, B, C: Service<Request<AuthBody<B>>>, R> {
        layer: VerifyLayer<V>,
        head: Option<request::Parts>,
        supply: Supply<B>,
        inner: C,
        answer: Option<Box<dyn Answer>>,
        #[pin]
        step: Step<V::Principal, C::Future, R>,
    }
}

pin_project! {
    #[project = StepNow]
    enum Step<P, F, R> {
        Read,
        Verify { begin: Begin<Verdict<P>> },
        Serve { #[pin] served: F },
        Sign { parts: Option<response::Parts>, body: Supply<R> },
    }
}

impl<V, B, C, R> Verifying<V, B, C, R>
where
    V: Verify,
    C: Service<Request<AuthBody<B>>>,
    B: Body + Unpin,
{
    pub(super) fn new(layer: VerifyLayer<V>, request: Request<B>, inner: C) -> Self {
        let (mut head, body) = request.into_parts();
        head.extensions.remove::<Verified<V::Principal>>();
        let supply = Supply::new(body);
        Self {
            layer,
            head: Some(head),
            supply,
            inner,
            answer: None,
            step: Step::Read,
        }
    }
}

impl<V, B, C, R> Future for Verifying<V, B, C, R>
where
    V: Verify,
    C: Service<Request<AuthBody<B>>, Response = Response<R>>,
    B: Body + Unpin,
    R: Body + Unpin,
{
    type Output = Result<Response<AuthBody<R>>, C::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.step.as_mut().project() {
                StepNow::Read => {
                    let Some(head) = &*this.head else {
                        return Poll::Pending;
                    };
                    if this.layer.allow_preflight && is_preflight(head) {
                        let request = Request::from_parts(head.clone(), this.supply.take(false));
                        let served = this.inner.call(request);
                        this.step.set(Step::Serve { served });
                        continue;
                    }
                    if this.layer.verifier().reads_body(head) {
                        match ready!(this.supply.poll_gather(cx, this.layer.max_body)) {
                            Gathered::Whole => {}
                            Gathered::TooLarge => return Poll::Ready(Ok(too_large())),
                            Gathered::Failed(_) => {
                                return Poll::Ready(Ok(plain(StatusCode::BAD_REQUEST)));
                            }
                        }
                    }
                    let begin = this.layer.verifier().verify(head, &this.supply.payload());
                    this.step.set(Step::Verify { begin });
                }
                StepNow::Verify { begin } => {
                    let accepted = match verdict(ready!(Pin::new(begin).poll(cx))) {
                        Verdict::Refuse(refusal) => return Poll::Ready(Ok(refused(refusal))),
                        Verdict::Accept(accepted) => accepted,
                    };
                    let Some(mut head) = this.head.take() else {
                        return Poll::Pending;
                    };
                    head.extensions.insert(Verified::new(&accepted));
                    *this.answer = accepted.answer;
                    let served = this
                        .inner
                        .call(Request::from_parts(head, this.supply.take(false)));
                    this.step.set(Step::Serve { served });
                }
                StepNow::Serve { served } => {
                    let (parts, body) = ready!(served.poll(cx))?.into_parts();
                    this.step.set(Step::Sign {
                        parts: Some(parts),
                        body: Supply::new(body),
                    });
                }
                StepNow::Sign { parts, body } => {
                    let reads = match (&*this.answer, &*parts) {
                        (Some(answer), Some(parts)) => answer.reads_body(parts),
                        _ => false,
                    };
                    let gathered = match reads {
                        true => ready!(body.poll_gather(cx, this.layer.max_body)),
                        false => Gathered::Whole,
                    };
                    let Some(parts) = parts.take() else {
                        return Poll::Pending;
                    };
                    return Poll::Ready(Ok(match gathered {
                        Gathered::Whole => signed(this.answer.take(), parts, body),
                        _ => plain(StatusCode::INTERNAL_SERVER_ERROR),
                    }));
                }
            }
        }
    }
}

/// A verifier that cannot decide lets nothing through.
fn verdict<P>(result: Result<Verdict<P>, Error>) -> Verdict<P> {
    result.unwrap_or_else(|error| {
        tracing::error!(%error, "the verifier could not decide");
        Verdict::refuse(Reason::Unavailable)
    })
}

fn signed<R: Body + Unpin>(
    answer: Option<Box<dyn Answer>>,
    mut parts: response::Parts,
    body: &mut Supply<R>,
) -> Response<AuthBody<R>> {
    let Some(answer) = answer else {
        return Response::from_parts(parts, body.take(false));
    };
    let payload = body.payload();
    match answer.sign(&mut parts, payload.bytes().unwrap_or_default()) {
        Ok(()) => Response::from_parts(parts, body.take(false)),
        Err(error) => {
            tracing::error!(%error, "the answer could not be signed");
            plain(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// A CORS preflight (Fetch standard, CORS-preflight request): no credentials, and what it asks for is named.
fn is_preflight(head: &request::Parts) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(ORIGIN)
        && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && !head.headers.contains_key(AUTHORIZATION)
}

impl<V: Verify, B, C: Service<Request<AuthBody<B>>>, R> fmt::Debug for Verifying<V, B, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifying")
    }
}
