//! Authentication for reqwest, as reqwest-middleware, whatever the scheme.
//!
//! [`client`] builds the safe stack in one call:
//!
//! ```
//! use countersign_basic::Basic;
//! use wiremock::matchers::basic_auth;
//! use wiremock::{Mock, MockServer, ResponseTemplate};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = MockServer::start().await;
//! # Mock::given(basic_auth("Aladdin", "open sesame"))
//! #     .respond_with(ResponseTemplate::new(200)).mount(&server).await;
//! let basic = Basic::new("Aladdin", "open sesame")?;
//! let client = countersign_reqwest::client(reqwest::Client::builder(), basic)?;
//! let response = client.get(server.uri()).send().await?;
//! assert_eq!(response.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! # By hand
//!
//! The order is redirect, retry, auth, cookies, client: a retry above auth is signed anew, and the redirect middleware
//! never sees a credential. The inner client must not follow redirects itself, or it would carry to other hosts
//! whatever it does not know for a credential; one that did is an error of the request.
//!
//! ```
//! use countersign_basic::Basic;
//! use countersign_reqwest::{AuthMiddleware, RedirectMiddleware};
//! use reqwest_middleware::ClientBuilder;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let inner = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
//! let client = ClientBuilder::new(inner)
//!     .with(RedirectMiddleware::default())
//!     .with(AuthMiddleware::new(Basic::new("Aladdin", "open sesame")?))
//!     .build();
//! # Ok(())
//! # }
//! ```
//!
//! # Cookies
//!
//! They stand below auth, so that a cookie which came with a challenge goes with the answer to it. The jar of
//! `countersign-cookies` is a middleware for that, which also sends what else there is: an API key in a cookie, the caller's
//! own.
//!
//! ```
//! use countersign_apikey::ApiKey;
//! use countersign_cookies::{CookieMiddleware, Jar};
//! use reqwest_middleware::ClientBuilder;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let jar = Jar::new();
//! let safe = countersign_reqwest::client(reqwest::Client::builder(), ApiKey::cookie("key", "s3cret")?)?;
//! let client = ClientBuilder::from_client(safe).with(CookieMiddleware::new(jar.clone())).build();
//! # Ok(())
//! # }
//! ```
//!
//! reqwest's own jar (`cookie_store`, `cookie_provider`) stands there as well, but gives nothing to a request that has a
//! `Cookie` already.
//!
//! # What reqwest adds later
//!
//! Default headers, `Accept`, `Host` and `Content-Length` are added below every middleware; a scheme cannot sign what
//! it does not see, so set such a header on the request itself.
//!
//! # Errors
//!
//! A request that could not be authenticated fails with `reqwest_middleware::Error::Middleware`; [`auth_error`] finds
//! the [`Error`](countersign_core::Error) in it.
#![forbid(unsafe_code)]

mod auth;
mod convert;
mod fetch;
mod lanes;
mod redirect;
mod service;
mod transport;

pub use auth::{AuthMiddleware, auth_error, client};
pub use countersign_core::{Override, Settings, Target, redirect::Policy};
pub use fetch::ReqwestFetch;
pub use lanes::{LaneMiddleware, ReqwestLanes};
pub use redirect::RedirectMiddleware;
/// reqwest-middleware's own types, in the version that this crate stands on.
pub use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
pub use service::ReqwestService;
