//! The client: where tokens come from, and the scheme that sends them.

mod endpoint;
mod exchange;
mod grants;
mod scheme;
mod source;

pub(crate) use endpoint::{Endpoint, unfit};
pub use exchange::OAuth2Exchange;
pub use scheme::OAuth2;
pub use source::GrantSource;
