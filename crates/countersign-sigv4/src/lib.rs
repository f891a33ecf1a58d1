//! AWS Signature Version 4, client and server: a keyed hash over the method, the path, the query, the host, chosen
//! headers and the body, as the AWS General Reference and the documentation of Amazon S3 specify it.
//!
//! The client signs in the `Authorization` header, or presigns the URL ([`SigV4Builder::presigned`]):
//!
//! ```
//! use countersign_core::{Payload, Sign};
//! use countersign_sigv4::{Credentials, SigV4};
//!
//! let key = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! let sigv4 = SigV4::new(key, "us-east-1", "execute-api")?;
//! let (mut head, ()) = http::Request::get("https://api.example/pets?limit=2").body(())?.into_parts();
//! sigv4.sign(&mut head, &mut Payload::whole(Default::default()))?;
//! assert!(head.headers["authorization"].to_str()?.contains("SignedHeaders=host;x-amz-date, "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server finds the secrets of its [`AccessKeys`] and is pinned to one region and service:
//!
//! ```
//! use countersign_core::verify::{Verdict, Verify};
//! use countersign_core::{Payload, Sign};
//! use countersign_sigv4::{Credentials, MemoryKeys, SigV4, SigV4Verifier};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! let keys = MemoryKeys::new([key.clone()]);
//! let verifier = SigV4Verifier::builder("us-east-1", "execute-api", keys).build()?;
//!
//! let request = http::Request::get("/pets?limit=2").header("host", "api.example");
//! let (mut head, ()) = request.body(())?.into_parts();
//! let mut body = Payload::whole(Default::default());
//! SigV4::new(key, "us-east-1", "execute-api")?.sign(&mut head, &mut body)?;
//! let verdict = verifier.verify(&head, &body).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal == "AKIDEXAMPLE"));
//! # Ok(())
//! # }
//! ```
//! # Bodies
//!
//! The signature covers the body by its hash, so the body is held in memory. A stream that is too long for that needs one
//! of these: signed chunks, which S3 takes and the server verifies while they stream
//! ([`SigV4Builder::chunked`]); its hash, which the caller sets as `x-amz-content-sha256`; or leaving it unsigned
//! ([`SigV4Builder::unsigned_payload`]). That holds for multipart forms as for any other body.
//!
//! ```
//! use countersign_sigv4::{Checksum, Chunked, Credentials, SigV4};
//!
//! # fn main() -> countersign_core::Result<()> {
//! let key = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! let chunked = Chunked::signed().size(1 << 20).checksum(Checksum::Crc32c);
//! let s3 = SigV4::builder("eu-central-1", "s3").chunked(chunked).credentials(key)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Credentials, regions, refusals
//!
//! Credentials stay, or come from a [`CredentialsProvider`]: [`providers`] has those of AWS's own tools. Region and
//! service are given, or follow from each request's host ([`SigV4::infer_from_host`]). A service that refuses a signature
//! often says what it expected: [`SigV4::diagnose_refusals`] tells where that parts from ours. A clock that is wrong is
//! corrected by the server's ([`SigV4::correct_clock`]).
#![forbid(unsafe_code)]

mod canonical;
mod chunked;
mod client;
mod credentials;
mod endpoint;
mod hex;
mod key;
mod message;
mod payload;
pub mod providers;
mod scope;
mod server;
mod sha256;
mod time;

pub use canonical::PathStyle;
pub use chunked::{Checksum, Chunked};
pub use client::{
    ContentSha256, CredentialsProvider, Diagnosis, Explanation, ManagedSigV4, Parting, SigV4,
    SigV4Builder, SigV4Exchange,
};
pub use credentials::Credentials;
pub use endpoint::Endpoint;
pub use server::{AccessKeys, KeyQuery, MemoryKeys, SigV4Verifier, SigV4VerifierBuilder};

#[cfg(test)]
mod tests;
