//! Bearer tokens (RFC 6750): whoever holds the token may use it, so it travels over TLS alone.
//!
//! The client sends its token in the header, unless told to put it into the query or a form:
//!
//! ```
//! use countersign_bearer::Bearer;
//! use countersign_core::{Payload, Sign};
//!
//! let bearer = Bearer::new("mF_9.B5f-4.1JqM")?;
//! let (mut head, ()) = http::Request::get("https://example.com/").body(())?.into_parts();
//! bearer.sign(&mut head, &mut Payload::default())?;
//! assert_eq!(head.headers["authorization"], "Bearer mF_9.B5f-4.1JqM");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server looks it up among [`Tokens`] and checks its scope:
//!
//! ```
//! use countersign_bearer::{BearerVerifier, Grant, MemoryTokens};
//! use countersign_core::{Payload, verify::{Verdict, Verify}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let tokens = MemoryTokens::new([("mF_9.B5f-4.1JqM", Grant::new("alice").scope("read write"))]);
//! let verifier = BearerVerifier::new("example", tokens)?.require_scope("read")?;
//! let (head, ()) = http::Request::get("/")
//!     .header("authorization", "Bearer mF_9.B5f-4.1JqM")
//!     .body(())?
//!     .into_parts();
//! let verdict = verifier.verify(&head, &Payload::default()).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal == "alice"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod client;
mod credentials;
mod message;
mod server;
mod store;

pub use credentials::Bearer;
pub use message::BearerError;
pub use server::BearerVerifier;
pub use store::{Grant, MemoryTokens, Tokens};
