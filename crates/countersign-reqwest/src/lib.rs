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
//! They stand below auth, so that a cookie which came with a challenge goes with the answer to it. reqwest's own jar
//! (`cookie_store`, `cookie_provider`) does so, but gives nothing to a request that has a `Cookie` already: one that the
//! caller set, or an API key in a cookie. Where both are to be sent, put the jar into a middleware in place of the client:
//!
//! ```
//! use std::sync::Arc;
//!
//! use countersign_apikey::ApiKey;
//! use countersign_reqwest::AuthMiddleware;
//! use http::header::{COOKIE, HeaderValue, SET_COOKIE};
//! use reqwest::{Request, Response, cookie::{CookieStore, Jar}};
//! use reqwest_middleware::{ClientBuilder, Middleware, Next, Result};
//!
//! struct Cookies(Arc<Jar>);
//!
//! #[async_trait::async_trait]
//! impl Middleware for Cookies {
//!     async fn handle(
//!         &self,
//!         mut request: Request,
//!         extensions: &mut http::Extensions,
//!         next: Next<'_>,
//!     ) -> Result<Response> {
//!         let url = request.url().clone();
//!         let kept = self.0.cookies(&url);
//!         let all: Vec<_> = request.headers().get_all(COOKIE).iter().chain(&kept).map(HeaderValue::as_bytes).collect();
//!         if !all.is_empty() {
//!             let mut all = HeaderValue::from_bytes(&all.join(&b"; "[..])).map_err(reqwest_middleware::Error::middleware)?;
//!             all.set_sensitive(true);
//!             request.headers_mut().insert(COOKIE, all);
//!         }
//!         let response = next.run(request, extensions).await?;
//!         self.0.set_cookies(&mut response.headers().get_all(SET_COOKIE).iter(), &url);
//!         Ok(response)
//!     }
//! }
//!
//! # fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
//! let inner = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
//! let client = ClientBuilder::new(inner)
//!     .with(AuthMiddleware::new(ApiKey::cookie("key", "s3cret")?))
//!     .with(Cookies(Arc::new(Jar::default())))
//!     .build();
//! # Ok(())
//! # }
//! ```
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
