//! Schemes that are chosen at run time: one of them, one of several by the server's challenge, or one without its retry.

mod any;
mod any_of;
mod memory;
mod once;

pub use any::Any;
pub use any_of::{AnyOf, Choosing};
pub use once::{Once, OnceExchange};
