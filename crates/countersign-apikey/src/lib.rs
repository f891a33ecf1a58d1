//! API keys: a fixed value under a fixed name, in a header, the query or a cookie.
//!
//! The client sends one key or several:
//!
//! ```
//! use countersign_apikey::ApiKey;
//! use countersign_core::{Payload, Sign};
//!
//! let keys = ApiKey::header("X-Api-Key", "s3cret")?.and(ApiKey::query("app", "a&b")?)?;
//! let (mut head, ()) = http::Request::get("https://example.com/?x=1").body(())?.into_parts();
//! keys.sign(&mut head, &mut Payload::default())?;
//! assert_eq!(head.headers["x-api-key"], "s3cret");
//! assert_eq!(head.uri, "https://example.com/?x=1&app=a%26b");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server looks a key up among [`Keys`]. Where a key may come in one place or another, several verifiers make one
//! by [`any_of`](countersign_core::verify::any_of):
//!
//! ```
//! use countersign_apikey::{ApiKeyVerifier, MemoryKeys, Place};
//! use countersign_core::{Payload, verify::{AnyVerifier, Verdict, Verify, any_of}};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let keys = MemoryKeys::new([("s3cret", "billing")]);
//! let header = ApiKeyVerifier::new("example", Place::Header, "X-Api-Key", keys.clone())?;
//! let cookie = ApiKeyVerifier::new("example", Place::Cookie, "key", keys)?;
//! let verifier = any_of([AnyVerifier::new(header), AnyVerifier::new(cookie)]);
//!
//! let (head, ()) = http::Request::get("/").header("cookie", "a=b; key=s3cret").body(())?.into_parts();
//! let verdict = verifier.verify(&head, &Payload::default()).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal == "billing"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod client;
mod credentials;
mod message;
mod server;
mod store;

pub use credentials::ApiKey;
pub use message::Place;
pub use server::ApiKeyVerifier;
pub use store::{Keys, MemoryKeys};
