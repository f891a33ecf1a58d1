//! The client's side: authentication and redirects over any HTTP service.

mod auth;
mod redirect;
mod transport;

pub use auth::{Auth, AuthLayer};
pub use redirect::{Redirect, RedirectLayer};
pub use transport::{Sending, ServiceTransport};
