//! HTTP Basic authentication (RFC 7617): user name and password, readable by whoever sees the request.
//!
//! The client sends its credentials with every request, or waits until a server asks ([`Basic::reactive`]):
//!
//! ```
//! use countersign_basic::Basic;
//! use countersign_core::{Payload, Sign};
//!
//! let basic = Basic::new("Aladdin", "open sesame")?;
//! let (mut head, ()) = http::Request::get("https://example.com/").body(())?.into_parts();
//! basic.sign(&mut head, &mut Payload::default())?;
//! assert_eq!(head.headers["authorization"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server checks them against [`Accounts`]:
//!
//! ```
//! use countersign_basic::{BasicVerifier, MemoryAccounts};
//! use countersign_core::{Payload, verify::{Verdict, Verify}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = BasicVerifier::new("treasure", MemoryAccounts::new([("Aladdin", "open sesame")]))?;
//! let (head, ()) = http::Request::get("/")
//!     .header("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
//!     .body(())?
//!     .into_parts();
//! let verdict = verifier.verify(&head, &Payload::default()).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal == "Aladdin"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod client;
mod credentials;
mod message;
mod server;
mod user_info;

pub use client::{Reactive, ReactiveExchange};
pub use credentials::Basic;
pub use server::{Accounts, BasicVerifier, MemoryAccounts};
