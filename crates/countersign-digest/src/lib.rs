//! HTTP Digest authentication, client and server: RFC 7616, and RFC 2069 for peers that know no better.
//!
//! A client gives [`Digest`] to a driver. Here its legs are walked by hand:
//!
//! ```
//! use countersign_core::{Cx, Exchange, Next, Payload, Scheme};
//! use countersign_digest::{Algorithm, Digest};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let digest = Digest::new("Mufasa", "Circle of Life")?.min_algorithm(Algorithm::Sha256);
//! let request = http::Request::get("https://www.example.org/dir/index.html").body(())?;
//! let (mut head, ()) = request.into_parts();
//! let mut exchange = digest.begin(Cx::new(&head, None)).await?;
//! exchange.prepare(&mut head, &mut Payload::default())?;
//! assert!(!head.headers.contains_key("authorization"));
//!
//! let challenge = r#"Digest realm="www", nonce="n1", algorithm=SHA-256, qop="auth""#;
//! let refused = http::Response::builder().status(401).header("www-authenticate", challenge);
//! let (refused, ()) = refused.body(())?.into_parts();
//! assert_eq!(exchange.receive(&refused)?, Next::Again);
//! exchange.prepare(&mut head, &mut Payload::default())?;
//! let sent = head.headers["authorization"].to_str()?;
//! assert!(sent.starts_with(r#"Digest username="Mufasa", realm="www", nonce="n1""#));
//! # Ok(())
//! # }
//! ```
//!
//! A server gives [`DigestVerifier`] to a layer, with the accounts it knows:
//!
//! ```
//! use countersign_core::Payload;
//! use countersign_core::verify::{Verdict, Verify};
//! use countersign_digest::{DigestVerifier, MemoryAccounts};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let accounts = MemoryAccounts::new("www").password("Mufasa", "Circle of Life")?;
//! let verifier = DigestVerifier::builder("www", accounts).build()?;
//!
//! let (head, ()) = http::Request::get("/dir/index.html").body(())?.into_parts();
//! let verdict = verifier.verify(&head, &Payload::default()).await?;
//! let Verdict::Refuse(refusal) = verdict else { panic!("it has no credentials") };
//! assert_eq!(refusal.reason.status(), 401);
//! let first = refusal.challenges[0].to_str()?;
//! assert!(first.starts_with(r#"Digest realm="www", qop="auth", algorithm=SHA-256, nonce="#));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod algorithm;
mod calculation;
mod client;
mod credentials;
mod hash;
mod message;
mod server;
mod state;

pub use algorithm::Algorithm;
pub use client::{Digest, DigestExchange};
pub use credentials::Preset;
pub use message::Qop;
pub use server::{
    Account, Accounts, DigestVerifier, DigestVerifierBuilder, MemoryAccounts, Query, User,
};
