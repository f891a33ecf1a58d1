//! HTTP authentication for Rust, client and server, as reqwest and tower middleware: one facade for all of it.
//!
//! A *scheme* says who you are; a *driver* carries it. Any scheme works with any driver, and its verifier with any
//! tower server. Each is behind a feature of its own; `full` is all of them, and none is on by default.
//!
//! | feature | module | client | server |
//! |---|---|---|---|
//! | `apikey` | `apikey` | `ApiKey`: header, query, cookie | `ApiKeyVerifier` |
//! | `basic` | `basic` | `Basic`: RFC 7617 | `BasicVerifier` |
//! | `bearer` | `bearer` | `Bearer`: RFC 6750 | `BearerVerifier` |
//! | `digest` | `digest` | `Digest`: RFC 7616, RFC 2069 | `DigestVerifier` |
//! | `oauth1` | `oauth1` | `OAuth1`: RFC 5849, and `Flow` for its three legs | `OAuth1Verifier` |
//! | `oauth2` | `oauth2` | `OAuth2`: RFC 6749, RFC 7636, RFC 8628, RFC 7009, RFC 8707, RFC 9207 | by `BearerVerifier` |
//! | `oauth2` | `token` | `Manager`, `Tokens`: tokens kept valid, in memory or in files | |
//! | `oauth2-browser` | `oauth2::browser` | `Browser`: a person consents in the system's browser | |
//! | `hawk` | `hawk` | `Hawk`: header and bewit | `HawkVerifier` |
//! | `sigv4` | `sigv4` | `SigV4`: AWS Signature Version 4 | `SigV4Verifier` |
//! | `edgegrid` | `edgegrid` | `EdgeGrid`: Akamai EdgeGrid | `EdgeGridVerifier` |
//! | `jwt` | `jwt` | `Jwt`: RFC 7519 as bearer token; `Asap` | `JwtVerifier`, `AsapVerifier` |
//! | `ntlm` | `ntlm` | `Ntlm`: MS-NLMP, MS-NTHT, over the drivers' lanes | `NtlmVerifier` |
//! | `cookies` | `cookies` | `Jar`: RFC 6265bis, as `CookieMiddleware` and `CookieLayer` | |
//! | `reqwest` | `reqwest` | `AuthMiddleware`, `RedirectMiddleware` | |
//! | `tower` | `tower` | `AuthLayer`, `RedirectLayer` | `VerifyLayer` |
//! | `proxy` | `tower` | `Proxy`: forwarding and `CONNECT` tunnels below a hyper client | |
//!
//! # With reqwest
//!
//! ```
//! # #[cfg(all(feature = "digest", feature = "reqwest", feature = "tower"))] {
//! use countersign::digest::{Digest, DigestVerifier, MemoryAccounts};
//!
//! # use countersign::tower::{Verified, VerifyLayer};
//! # use axum::{Extension, Router, routing::get};
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! # let accounts = MemoryAccounts::new("cave").password("Aladdin", "open sesame")?;
//! # let verifier = DigestVerifier::builder("cave", accounts).build()?;
//! # let hello = |Extension(user): Extension<Verified<String>>| async move { format!("hello {}", user.principal()) };
//! # let app: Router = Router::new().route("/", get(hello)).layer(VerifyLayer::new(verifier));
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let url = format!("http://{}/", listener.local_addr()?);
//! # let server = tokio::spawn(async { axum::serve(listener, app).await });
//! let digest = Digest::new("Aladdin", "open sesame")?;
//! let client = countersign::reqwest::client(reqwest::Client::builder(), digest)?;
//! let response = client.get(url).send().await?;
//! assert_eq!(response.text().await?, "hello Aladdin");
//! # server.abort();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! # }
//! ```
//!
//! # With tower
//!
//! The server's layer lets through what a verifier accepts, and the client's layer wraps any service of HTTP requests:
//! hyper-util's client, tonic's channel, or, as here, the server itself.
//!
//! ```
//! # #[cfg(all(feature = "basic", feature = "tower"))] {
//! use axum::{Extension, Router, body::Body, routing::get};
//! use countersign::basic::{Basic, BasicVerifier, MemoryAccounts};
//! use countersign::tower::{AuthLayer, Verified, VerifyLayer};
//! use http::Request;
//! use tower::{ServiceBuilder, ServiceExt};
//!
//! async fn hello(Extension(user): Extension<Verified<String>>) -> String {
//!     format!("hello {}", user.principal())
//! }
//!
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let verifier = BasicVerifier::new("cave", MemoryAccounts::new([("Aladdin", "open sesame")]))?;
//! let server: Router = Router::new().route("/", get(hello)).layer(VerifyLayer::new(verifier));
//!
//! let client = ServiceBuilder::new()
//!     .layer(AuthLayer::new(Basic::new("Aladdin", "open sesame")?))
//!     .service(server);
//! let response = client.oneshot(Request::get("https://example.com/").body(Body::empty())?).await?;
//! assert_eq!(response.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! # }
//! ```
//!
//! # Chosen at run time
//!
//! [`Auth`] is any scheme: made of one, of [`Parameters`], or read from the `auth` object of a Postman collection. Of
//! several, [`Auth::any_of`] answers the strongest challenge that the server offers. [`verifier`] is the server's side
//! of the same parameters.
//!
//! ```
//! # #[cfg(all(feature = "basic", feature = "digest"))] {
//! use countersign::{Auth, basic::Basic, digest::Digest};
//!
//! let digest = Digest::new("Aladdin", "open sesame")?;
//! let auth = Auth::any_of([digest.into(), Basic::new("Aladdin", "open sesame")?.into()]);
//! # }
//! # Ok::<(), countersign::Error>(())
//! ```
//!
//! # Inherited
//!
//! A client has a default, which a [`Group`] of requests or one request overrides by a [`Choice`]; `NoAuth` switches it
//! off. The crate `countersign-postman` reads all that from a Postman collection.
#![forbid(unsafe_code)]

mod auth;
mod inherit;

#[cfg(feature = "oauth2")]
pub use auth::grant;
pub use auth::{Auth, AuthObject, AuthType, Options, Parameters, verifier};
#[doc(inline)]
pub use countersign_core::*;
pub use inherit::{Choice, Group};

#[cfg(feature = "apikey")]
#[doc(inline)]
pub use countersign_apikey as apikey;
#[cfg(feature = "basic")]
#[doc(inline)]
pub use countersign_basic as basic;
#[cfg(feature = "bearer")]
#[doc(inline)]
pub use countersign_bearer as bearer;
#[cfg(feature = "cookies")]
#[doc(inline)]
pub use countersign_cookies as cookies;
#[cfg(feature = "digest")]
#[doc(inline)]
pub use countersign_digest as digest;
#[cfg(feature = "edgegrid")]
#[doc(inline)]
pub use countersign_edgegrid as edgegrid;
#[cfg(feature = "hawk")]
#[doc(inline)]
pub use countersign_hawk as hawk;
#[cfg(feature = "jwt")]
#[doc(inline)]
pub use countersign_jwt as jwt;
#[cfg(feature = "ntlm")]
#[doc(inline)]
pub use countersign_ntlm as ntlm;
#[cfg(feature = "oauth1")]
#[doc(inline)]
pub use countersign_oauth1 as oauth1;
#[cfg(feature = "oauth2")]
#[doc(inline)]
pub use countersign_oauth2 as oauth2;
#[cfg(feature = "reqwest")]
#[doc(inline)]
pub use countersign_reqwest as reqwest;
#[cfg(feature = "sigv4")]
#[doc(inline)]
pub use countersign_sigv4 as sigv4;
#[cfg(feature = "oauth2")]
#[doc(inline)]
pub use countersign_token as token;
#[cfg(feature = "tower")]
#[doc(inline)]
pub use countersign_tower as tower;

/// The examples of the README are tests too; the first one would leave this machine, so it is only compiled.
#[cfg(doctest)]
#[cfg(feature = "full")]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
