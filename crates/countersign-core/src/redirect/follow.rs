//! [`Follow`], the one loop that follows redirects.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response, request};
use http_body::Body;
use pin_project_lite::pin_project;

use super::added::Added;
use super::rules::{Policy, next_hop};
use crate::body::{Gathered, Supply};
use crate::drive::{DRAIN_TIME, Drain, Transport};
use crate::error::{Error, ErrorKind, Failure};

pin_project! {
    /// One request that follows redirects through an authenticated client.
    ///
    /// A redirect that cannot be followed (too many, not HTTP, a body that is gone) is the caller's answer.
    pub struct Follow<B: Body, T: Transport<B>> {
        policy: Policy,
        head: request::Parts,
        supply: Supply<B>,
        hops: usize,
        added: Added,
        transport: T,
        #[pin]
        step: Step<T::Future, T::Body>,
    }
}

pin_project! {
    #[project = StepNow]
    enum Step<F, R: Body> {
        Supply,
        Send { #[pin] hop: F },
        Drain { drain: Drain<R> },
    }
}

impl<B: Body + Unpin, T: Transport<B>> Follow<B, T> {
    /// Sends `request` through `transport` and follows where `policy` allows.
    pub fn new(policy: Policy, request: Request<B>, transport: T) -> Self {
        let (head, body) = request.into_parts();
        let supply = Supply::new(body);
        Self {
            policy,
            head,
            supply,
            hops: 0,
            added: Added::default(),
            transport,
            step: Step::Supply,
        }
    }
}

impl<B: Body + Unpin, T: Transport<B>> Future for Follow<B, T> {
    type Output = Result<Response<T::Body>, Failure<T::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.step.as_mut().project() {
                StepNow::Supply => {
                    // Left pending, it has taken what is in memory; the rest is sent as it comes.
                    if let Poll::Ready(Gathered::Failed(_)) = this.supply.poll_gather(cx, 0) {
                        let message = "the request's body failed";
                        return Poll::Ready(Err(Error::new(ErrorKind::Body, message).into()));
                    }
                    let request = Request::from_parts(this.head.clone(), this.supply.take(true));
                    let hop = this.transport.send(request);
                    this.step.set(Step::Send { hop });
                }
                StepNow::Send { hop } => {
                    let (parts, body) = ready!(hop.poll(cx))?.into_parts();
                    this.added.learn(&this.head.uri, &parts);
                    let next = next_hop(this.policy, *this.hops, this.head, &parts, this.added);
                    match next.filter(|next| !next.keeps_body || !this.supply.is_spent()) {
                        None => return Poll::Ready(Ok(Response::from_parts(parts, body))),
                        Some(next) => {
                            *this.hops += 1;
                            if !next.keeps_body {
                                this.supply.clear();
                            }
                            *this.head = next.head;
                            let drain = Drain::answer(body, this.transport.sleep(DRAIN_TIME));
                            this.step.set(Step::Drain { drain });
                        }
                    }
                }
                StepNow::Drain { drain } => {
                    ready!(drain.poll(cx));
                    this.step.set(Step::Supply);
                }
            }
        }
    }
}

impl<B: Body, T: Transport<B>> fmt::Debug for Follow<B, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow")
            .field("hops", &self.hops)
            .finish_non_exhaustive()
    }
}
