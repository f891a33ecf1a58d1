//! OAuth 1.0a, client and server, and the three legs by which a client gets its token: RFC 5849, with the signature
//! methods HMAC and RSA over SHA-1, SHA-256 and SHA-512, PLAINTEXT, and the body hash extension.
//!
//! The client signs in the `Authorization` header, in a form or in the query ([`Placement`]):
//!
//! ```
//! use countersign_core::{Payload, Sign};
//! use countersign_oauth1::{Credentials, OAuth1};
//!
//! let credentials = Credentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44")?;
//! let oauth = OAuth1::new(credentials.token("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00")?)?;
//! let (mut head, ()) = http::Request::get("https://api.example/photos?size=original").body(())?.into_parts();
//! oauth.sign(&mut head, &mut Payload::default())?;
//! assert!(head.headers["authorization"].to_str()?.starts_with("OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server finds secrets and public keys in its [`Consumers`], and takes each nonce once:
//!
//! ```
//! use countersign_core::verify::{Verdict, Verify};
//! use countersign_core::{Payload, Sign};
//! use countersign_oauth1::{Consumer, Credentials, MemoryConsumers, OAuth1, OAuth1Verifier, SignatureMethod};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let consumer = Consumer::new(SignatureMethod::HmacSha1, "kd94hf93k423kf44")?;
//! let consumers = MemoryConsumers::new().consumer("dpf43f3p2l4k3l03", consumer);
//! // Where clients come by `http`: `.scheme(http::uri::Scheme::HTTP)`, as the scheme is signed.
//! let verifier = OAuth1Verifier::builder("photos", consumers).build()?;
//!
//! let request = http::Request::get("/photos?size=original").header("host", "api.example");
//! let (mut received, ()) = request.body(())?.into_parts();
//! # let (mut head, ()) = http::Request::get("https://api.example/photos?size=original").body(())?.into_parts();
//! # OAuth1::new(Credentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44")?)?.sign(&mut head, &mut Payload::default())?;
//! # received.headers.insert("authorization", head.headers["authorization"].clone());
//! let verdict = verifier.verify(&received, &Payload::default()).await?;
//! assert!(matches!(verdict, Verdict::Accept(found) if found.principal.consumer_key == "dpf43f3p2l4k3l03"));
//! # Ok(())
//! # }
//! ```
//!
//! [`Flow`] gets token credentials. With the feature `rsa` there are [RSA keys](SignatureMethod::RsaSha1).
#![forbid(unsafe_code)]

mod address;
mod base_string;
mod client;
mod credentials;
mod flow;
mod form;
mod key;
mod message;
mod method;
mod parameter;
#[cfg(feature = "rsa")]
mod rsa;
mod server;

pub use client::{Explanation, OAuth1, OAuth1Builder, Placement};
pub use credentials::Credentials;
pub use flow::{Endpoints, Flow, TemporaryCredentials, TokenCredentials};
pub use method::SignatureMethod;
#[cfg(feature = "rsa")]
pub use rsa::{KeyReader, PrivateKey, PublicKey};
pub use server::{
    Consumer, ConsumerQuery, Consumers, MemoryConsumers, OAuth1Verifier, OAuth1VerifierBuilder,
    Signer,
};
