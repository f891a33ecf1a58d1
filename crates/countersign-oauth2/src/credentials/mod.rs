//! What the user configures; secrets are [`Secret`](countersign_core::Secret), `Debug` is redacted.

mod builder;
mod client;
mod grant;
mod key;
mod parameter;
mod setup;
mod url;

pub use builder::Builder;
pub use client::ClientAuthentication;
pub use grant::{Grant, Pkce};
pub use parameter::Parameter;
pub(crate) use parameter::Place;
pub(crate) use setup::Setup;
