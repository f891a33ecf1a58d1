//! Authentication layers for tower, client and server, whatever the scheme.
//!
//! The client layer wraps any service of HTTP requests:
//!
//! ```
//! use countersign_basic::Basic;
//! use countersign_tower::AuthLayer;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = ServiceBuilder::new()
//!     .layer(AuthLayer::new(Basic::new("Aladdin", "open sesame")?))
//!     // In place of a hyper client:
//!     .service(service_fn(|request: Request<_>| async move {
//!         assert_eq!(request.headers()["authorization"], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//!         drop::<countersign_tower::AuthBody<Full<bytes::Bytes>>>(request.into_body());
//!         Ok::<_, std::convert::Infallible>(Response::new(Full::<bytes::Bytes>::default()))
//!     }));
//! let response = client.oneshot(Request::get("https://example.com/").body(Full::default())?).await?;
//! assert_eq!(response.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! The server layer, here in axum, lets through what a verifier accepts and tells the handler who it is:
//!
//! ```
//! use axum::{Extension, Router, routing::get};
//! use countersign_basic::{BasicVerifier, MemoryAccounts};
//! use countersign_tower::{Verified, VerifyLayer};
//!
//! async fn hello(Extension(user): Extension<Verified<String>>) -> String {
//!     format!("hello {}", user.principal())
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let accounts = MemoryAccounts::new([("Aladdin", "open sesame")]);
//! let verifier = BasicVerifier::new("cave", accounts)?;
//! let app: Router = Router::new().route("/", get(hello)).layer(VerifyLayer::new(verifier));
//! # Ok(())
//! # }
//! ```
//!
//! # Order
//!
//! Redirect, retry, auth, cookies, client: [`RedirectLayer`] outermost, so that it never sees a credential; a retry above
//! auth, so that each try is signed anew. The client below must not follow redirects by itself.
#![forbid(unsafe_code)]

mod client;
mod fetch;
#[cfg(feature = "lanes")]
mod lanes;
#[cfg(feature = "proxy")]
mod proxy;
mod server;

pub use client::{Auth, AuthLayer, Redirect, RedirectLayer, Sending, ServiceTransport};
pub use countersign_core::{AuthBody, Failure, Override, Settings, Target, redirect::Policy};
pub use fetch::TowerFetch;
#[cfg(feature = "lanes")]
pub use lanes::{HyperLanes, LaneService};
#[cfg(feature = "proxy")]
pub use proxy::{Proxy, ProxyConnector, ProxyError, ProxyErrorKind, ProxyStream};
pub use server::{OnConnection, PerConnection, Verified, VerifyLayer, VerifyService, Verifying};

/// Waits, where there is a runtime that can.
fn sleep(duration: std::time::Duration) -> Option<countersign_core::Sleep> {
    tokio::runtime::Handle::try_current().ok()?;
    Some(Box::pin(tokio::time::sleep(duration)))
}
