//! [`Transport`], the client below a driver.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;

use crate::body::AuthBody;
use crate::error::Failure;

/// A future that is ready when some time has passed.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The client below a driver: sends one leg.
///
/// `B` is the caller's body type. A driver is this trait for one client; everything else is in [`Drive`](crate::Drive).
pub trait Transport<B> {
    /// The body of its answers.
    type Body: Body + Unpin;
    /// Its own failures.
    type Error;
    /// One leg under way.
    type Future: Future<Output = Result<Response<Self::Body>, Failure<Self::Error>>>;

    /// Sends one leg.
    fn send(&mut self, request: Request<AuthBody<B>>) -> Self::Future;

    /// Waits, to bound the time that a refused answer is drained for. `None` where there is no timer; then only the
    /// number of bytes is bounded.
    fn sleep(&self, duration: Duration) -> Option<Sleep>;
}
