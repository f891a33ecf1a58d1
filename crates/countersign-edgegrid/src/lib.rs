//! Akamai EdgeGrid (`EG1-HMAC-SHA256`), client and server: a keyed hash over the time, a nonce, the method, the scheme, the
//! host, the target, chosen headers and the beginning of a POST's body, as Akamai's page "Authenticate with EdgeGrid"
//! specifies it.
//!
//! A client gives [`EdgeGrid`] to a driver; [`EdgeRc`] reads its credentials from an `.edgerc` file:
//!
//! ```
//! use countersign_core::{Payload, Sign};
//! use countersign_edgegrid::{Credentials, EdgeGrid};
//!
//! let credentials = Credentials::new("akab-client", "c2VjcmV0", "akab-access")?;
//! let edgegrid = EdgeGrid::new(credentials);
//! let request = http::Request::get("https://akab-host.luna.akamaiapis.net/papi/v1/groups");
//! let (mut head, ()) = request.body(())?.into_parts();
//! edgegrid.sign(&mut head, &mut Payload::whole(Default::default()))?;
//! let sent = head.headers["authorization"].to_str()?;
//! assert!(sent.starts_with("EG1-HMAC-SHA256 client_token=akab-client;access_token=akab-access;"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A server gives [`EdgeGridVerifier`] to a layer, with the [`Tokens`] it knows:
//!
//! ```
//! use countersign_core::verify::{Verdict, Verify};
//! use countersign_core::{Payload, Sign};
//! use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifier, MemoryTokens};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let credentials = Credentials::new("akab-client", "c2VjcmV0", "akab-access")?;
//! let tokens = MemoryTokens::new([credentials.clone()]);
//! // Where clients come by `http`: `.scheme(http::uri::Scheme::HTTP)`, as the scheme is signed.
//! let verifier = EdgeGridVerifier::builder(tokens).build()?;
//!
//! let request = http::Request::get("https://api.example/papi/v1/groups");
//! let (mut head, ()) = request.body(())?.into_parts();
//! let mut body = Payload::whole(Default::default());
//! EdgeGrid::new(credentials).sign(&mut head, &mut body)?;
//! let verdict = verifier.verify(&head, &body).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal == "akab-client"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod calculation;
mod client;
mod credentials;
mod edgerc;
mod host;
mod key;
mod message;
mod server;
mod time;

pub use client::EdgeGrid;
pub use credentials::Credentials;
pub use edgerc::{EdgeRc, Section};
pub use server::{EdgeGridVerifier, EdgeGridVerifierBuilder, MemoryTokens, Tokens};

#[cfg(test)]
mod tests;
