//! Where credentials come from, in AWS's own order: the environment, the shared profile files (and a process that they
//! name), the container's endpoint, the instance's.
//!
//! ```no_run
//! use countersign_sigv4::SigV4;
//! use countersign_sigv4::providers::Chain;
//! # fn fetch() -> impl countersign_core::Fetch { countersign_tower::TowerFetch::new(tower::service_fn(
//! #     |_| async { Ok::<_, std::convert::Infallible>(http::Response::new(String::new())) })) }
//!
//! # fn main() -> countersign_core::Result<()> {
//! // `fetch()` is a `TowerFetch` over a bare client, or a `ReqwestFetch`.
//! let s3 = SigV4::builder("eu-central-1", "s3").provider(Chain::new(fetch()))?;
//! # Ok(())
//! # }
//! ```
//!
//! A scheme asks its provider once for all requests that wait and keeps what it gives until shortly before it expires
//! ([`CredentialsProvider`](crate::CredentialsProvider)). What calls STS (`AssumeRole`, web identities) or a single
//! sign-on is not built in: a profile that asks for it is an error that says so, and a
//! [`CredentialsProvider`](crate::CredentialsProvider) of your own has its place in [`Chain::or`].

mod answer;
mod chain;
mod container;
mod environment;
mod instance;
mod process;
mod profile;
mod variables;

pub use chain::Chain;
pub use container::Container;
pub use environment::Environment;
pub use instance::Instance;
pub use process::Process;
pub use profile::Profile;
pub use variables::Variables;

use countersign_core::{Error, ErrorKind};

/// A provider of which nothing is set up here.
fn absent(what: &'static str) -> Error {
    Error::configuration(what)
}

/// A source of credentials that failed.
fn failed(what: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Fetch, what)
}
