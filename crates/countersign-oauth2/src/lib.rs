//! OAuth 2.0 (RFC 6749), the client.
#![forbid(unsafe_code)]

mod authorization;
#[cfg(feature = "browser")]
pub mod browser;
mod client;
mod credentials;
mod device;
mod message;

pub use authorization::{
    Authorization, AuthorizationError, Authorized, Handler, RedirectError, ResponseMode, UserAgent,
};
pub use client::{GrantSource, OAuth2, OAuth2Exchange};
pub use credentials::{Builder, ClientAuthentication, Grant, Parameter, Pkce};
pub use device::Verification;
pub use message::TokenError;
