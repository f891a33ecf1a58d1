//! One request being verified, served and its answer signed.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use countersign_core::verify::{Verdict, VerifiedBody, Verify};
use countersign_core::{AuthBody, Begin, Drain, Supply};
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use tower_service::Service;

use super::case::{Case, Then};
use super::layer::VerifyLayer;

pin_project! {
    /// One request being verified and served.
    pub struct Verifying<V: Verify, B, C: Service<Request<VerifiedBody<B>>>, R> {
        case: Case<V, B>,
        inner: C,
        #[pin]
        step: Step<V::Principal, C::Future, B, R>,
    }
}

pin_project! {
    #[project = StepNow]
    enum Step<P, F, B, R> {
        Read,
        Verify { begin: Begin<Verdict<P>> },
        Refuse { rest: Drain<AuthBody<B>>, answer: Option<Response<AuthBody<R>>> },
        Serve { #[pin] served: F },
        Sign { served: Response<Supply<R>> },
    }
}

impl<V, B, C, R> Verifying<V, B, C, R>
where
    V: Verify,
    C: Service<Request<VerifiedBody<B>>>,
    B: Body + Unpin,
{
    pub(super) fn new(layer: VerifyLayer<V>, request: Request<B>, inner: C) -> Self {
        Self {
            case: Case::new(layer, request),
            inner,
            step: Step::Read,
        }
    }
}

impl<V, B, C, R> Future for Verifying<V, B, C, R>
where
    V: Verify,
    C: Service<Request<VerifiedBody<B>>, Response = Response<R>>,
    B: Body + Unpin,
    R: Body + Unpin,
{
    type Output = Result<Response<AuthBody<R>>, C::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let then = match this.step.as_mut().project() {
                StepNow::Read => ready!(this.case.poll_read(cx)),
                StepNow::Verify { begin } => this.case.judged(ready!(Pin::new(begin).poll(cx))),
                StepNow::Refuse { rest, answer } => {
                    ready!(rest.poll(cx));
                    return answer
                        .take()
                        .map_or(Poll::Pending, |answer| Poll::Ready(Ok(answer)));
                }
                StepNow::Serve { served } => {
                    let served = ready!(served.poll(cx));
                    if let Some(refused) = this.case.refused_body() {
                        return Poll::Ready(Ok(refused));
                    }
                    let served = served?.map(Supply::new);
                    this.step.set(Step::Sign { served });
                    continue;
                }
                StepNow::Sign { served } => return this.case.poll_sign(cx, served).map(Ok),
            };
            match then {
                Then::Verify(begin) => this.step.set(Step::Verify { begin }),
                Then::Answer(answer) => return Poll::Ready(Ok(answer)),
                Then::Refuse(rest, answer) => {
                    this.step.set(Step::Refuse {
                        rest,
                        answer: Some(answer),
                    });
                }
                Then::Serve(request) => {
                    let served = this.inner.call(request);
                    this.step.set(Step::Serve { served });
                }
            }
        }
    }
}

impl<V: Verify, B, C: Service<Request<VerifiedBody<B>>>, R> fmt::Debug for Verifying<V, B, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifying")
    }
}
