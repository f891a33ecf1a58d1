//! [`Drive`], the one loop: it begins an exchange, sends its legs and hands the last answer to the caller.

mod bound;
mod call;
mod drain;
mod leg;
mod pass;
mod settings;
mod target;
mod transport;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;

use crate::begin::Begin;
use crate::body::{AuthBody, Supply};
use crate::error::Failure;
use crate::lanes::Hold;
use crate::scheme::{Exchange, Scheme};
use call::{Answer, Call};
pub(crate) use drain::DRAIN_TIME;
pub use drain::Drain;
pub(crate) use leg::prepare;
pub use pass::Override;
pub(crate) use pass::{CrossedOrigin, SentUri};
pub use settings::{Settings, Target};
pub use transport::{Sleep, Transport};

pin_project! {
    /// One request under way: a future that any client can run, without a box.
    ///
    /// It yields the last answer; a refusal that cannot be answered is an answer too. Dropping it at any point
    /// is safe.
    pub struct Drive<S: Scheme, B: Body, T: Transport<B>> {
        call: Call<S, B, T::Body>,
        transport: T,
        #[pin]
        step: Step<S::Exchange, T::Future, T::Body>,
    }
}

pin_project! {
    #[project = StepNow]
    enum Step<X, F, R: Body> {
        Start,
        Begin { begin: Begin<Running<X>> },
        Bind { lane: Begin<Hold> },
        Supply,
        Send { #[pin] leg: F },
        Read { parts: Option<http::response::Parts>, body: Supply<R> },
        Drain { drain: Drain<R> },
    }
}

/// The exchange of the configured scheme, or of the one that took its place for this request.
enum Running<X> {
    Own(X),
    Other(Box<dyn Exchange>),
}

impl<X: Exchange> Running<X> {
    fn get(&mut self) -> &mut dyn Exchange {
        match self {
            Self::Own(exchange) => exchange,
            Self::Other(exchange) => &mut **exchange,
        }
    }
}

impl<S, B, T> Drive<S, B, T>
where
    S: Scheme,
    B: Body + Unpin,
    T: Transport<B>,
{
    /// Authenticates `request` with `scheme` (or with the [`Override`] in its extensions) through `transport`.
    pub fn new(scheme: Arc<S>, settings: Arc<Settings>, request: Request<B>, transport: T) -> Self {
        let call = Call::new(scheme, settings, request);
        Self {
            call,
            transport,
            step: Step::Start,
        }
    }
}

impl<S, B, T> Future for Drive<S, B, T>
where
    S: Scheme,
    B: Body + Unpin,
    T: Transport<B>,
{
    type Output = Result<Response<AuthBody<T::Body>>, Failure<T::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let next = match this.step.as_mut().project() {
                // Not before it is polled: others may wait for what this request finds out.
                StepNow::Start => this.call.begin().map_or(Answer::Leg, Answer::Begin),
                StepNow::Begin { begin } => this.call.begun(ready!(Pin::new(begin).poll(cx)))?,
                StepNow::Bind { lane } => {
                    this.call.hold(ready!(Pin::new(lane).poll(cx))?);
                    Answer::Leg
                }
                StepNow::Supply => {
                    if let Some(lane) = this.call.lane()? {
                        this.step.set(Step::Bind { lane });
                        continue;
                    }
                    ready!(this.call.poll_supply(cx))?;
                    let leg = this.transport.send(this.call.next_leg()?);
                    this.step.set(Step::Send { leg });
                    continue;
                }
                StepNow::Send { leg } => match ready!(leg.poll(cx)) {
                    Ok(response) => this.call.answered(response)?,
                    Err(_) if this.call.may_rebind()? => Answer::Leg,
                    Err(failure) => return Poll::Ready(Err(failure)),
                },
                StepNow::Read { parts, body } => {
                    let read = ready!(this.call.poll_read(cx, body))?;
                    let parts = parts.take();
                    parts.map_or(Answer::Leg, |parts| {
                        Answer::Final(Response::from_parts(parts, read))
                    })
                }
                StepNow::Drain { drain } => {
                    ready!(drain.poll(cx));
                    Answer::Leg
                }
            };
            match next {
                Answer::Final(response) => return Poll::Ready(Ok(this.call.finish(response))),
                Answer::Leg => this.step.set(Step::Supply),
                Answer::Begin(begin) => this.step.set(Step::Begin { begin }),
                Answer::Read(parts, body) => {
                    this.step.set(Step::Read {
                        parts: Some(parts),
                        body: Supply::new(body),
                    });
                }
                Answer::Drain(body) => {
                    let drain = this.call.drain(body, &*this.transport);
                    this.step.set(Step::Drain { drain });
                }
            }
        }
    }
}

impl<S: Scheme, B: Body, T: Transport<B>> fmt::Debug for Drive<S, B, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drive")
            .field("legs", &self.call.legs())
            .finish_non_exhaustive()
    }
}
