//! [`Source`], where new tokens come from.

use std::future::Future;
use std::pin::Pin;

use crate::entry::Configuration;
use crate::key::Key;
use crate::refused::Refused;
use crate::token::Token;

/// A boxed future that another thread may drive.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where new tokens come from: one grant of one client.
///
/// It asks once and keeps nothing: waiting, sharing, storing and holding back after a failure are the
/// [`Manager`](crate::Manager)'s.
pub trait Source: Send + Sync + 'static {
    /// What its tokens are for.
    fn key(&self) -> &Key;

    /// The name that its tokens are stored by.
    fn name(&self) -> Option<&str> {
        None
    }

    /// What is kept with its tokens, so that they can be refreshed by whoever only knows their name. Nothing by
    /// default.
    fn configuration(&self) -> Option<Configuration> {
        None
    }

    /// Gets a token.
    ///
    /// If `held` has a refresh token, by refreshing and by nothing else: what the server says to that is the result,
    /// [`RefusedKind::InvalidGrant`](crate::RefusedKind::InvalidGrant) included, upon which it is called again with
    /// the refresh token taken out. Otherwise by the grant.
    fn obtain(&self, held: Option<Token>) -> BoxFuture<'static, Result<Token, Refused>>;

    /// Tells the server that `token` is no longer used (RFC 7009).
    fn revoke(&self, token: Token) -> BoxFuture<'static, Result<(), Refused>>;

    /// Whether its grant needs no person. If it does, the grant is never begun in the background.
    fn is_silent(&self) -> bool;
}
