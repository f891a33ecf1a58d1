//! NTLM over HTTP, client and server: MS-NLMP and MS-NTHT.
//!
//! NTLM authenticates a connection and not a request, so a client needs a driver with *lanes*: connections of their own, each
//! in one user's name (`ReqwestLanes`, `HyperLanes`). What goes over one is a handshake of two legs, the first of them
//! without the request's body, and from then on each request alone. Here the legs are walked by hand:
//!
//! ```
//! use countersign_core::{Binding, Connection, Cx, Exchange, Next, Payload, Scheme};
//! use countersign_ntlm::Ntlm;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let ntlm = Ntlm::new("DOMAIN\\user", "open sesame")?;
//! let (mut head, ()) = http::Request::post("https://www.example.org/").body(())?.into_parts();
//! let mut exchange = ntlm.begin(Cx::new(&head, None)).await?;
//! assert!(matches!(exchange.binding(), Binding::Connection(_)));
//! exchange.bound(&Connection::default());
//! exchange.prepare(&mut head, &mut Payload::default())?;
//! assert!(head.headers["authorization"].to_str()?.starts_with("NTLM TlRMTVNTUAABAAAA"));
//!
//! let challenge = "NTLM TlRMTVNTUAACAAAAAAAAADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAABwAHAA4AAAACgBhSgAAAA8CAAgATABBAEIAWgAHAAgAAABtxkcX2gEAAAAA";
//! let refused = http::Response::builder().status(401).header("www-authenticate", challenge);
//! let (refused, ()) = refused.body(())?.into_parts();
//! assert_eq!(exchange.receive(&refused)?, Next::Again);
//! exchange.prepare(&mut head, &mut Payload::default())?;
//! assert!(head.headers["authorization"].to_str()?.starts_with("NTLM TlRMTVNTUAADAAAA"));
//! # Ok(())
//! # }
//! ```
//!
//! It speaks NTLMv2, with a MIC where the server names its time, with the service that is meant, and bound to the TLS channel
//! where the lane knows the server's certificate ([`ChannelBinding`]). NTLMv1 is there behind the feature `v1` and the switch
//! `Ntlm::allow_v1`; the response by the LM hash is not.
//!
//! A server gives [`NtlmVerifier`] to a layer, and serves by `PerConnection`, so that the verifier knows the connections:
//!
//! ```
//! use countersign_core::verify::{Verdict, Verify};
//! use countersign_core::{Connection, Payload};
//! use countersign_ntlm::{MemoryAccounts, NtlmVerifier};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let accounts = MemoryAccounts::new().password("user", "open sesame")?;
//! let verifier = NtlmVerifier::builder("DOMAIN", accounts).require_mic(true).build()?;
//!
//! let (mut head, ()) = http::Request::get("/").body(())?.into_parts();
//! head.extensions.insert(Connection::default());
//! let verdict = verifier.verify(&head, &Payload::default()).await?;
//! let Verdict::Refuse(refusal) = verdict else { panic!("it has no credentials") };
//! assert_eq!(refusal.reason.status(), 401);
//! assert_eq!(refusal.challenges[0], "NTLM");
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod binding;
mod calculation;
mod carrier;
mod client;
mod credentials;
pub mod message;
mod server;
mod spnego;
mod time;

#[cfg(test)]
mod tests;

pub use binding::ChannelBinding;
pub use client::{Ntlm, NtlmExchange, offered_message};
pub use credentials::NtHash;
pub use server::{
    Account, Accounts, MemoryAccounts, NtlmUser, NtlmVerifier, NtlmVerifierBuilder, Query,
};
