//! A cookie jar for reqwest and tower clients, which they share, and which reads and writes the files of browsers, curl
//! and Postman.
//!
//! It obeys RFC 6265bis: whom a cookie is for and who may set it, with the public suffix list (of the crate `psl`, compiled
//! in), prefixes of names, and bounds on what a server may have kept. [`Jar`] is what is shared; a middleware
//! gives it to a client:
//!
//! ```
//! # #[cfg(feature = "tower")] {
//! use countersign_cookies::{CookieLayer, Jar};
//! use http::{Request, Response};
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let jar = Jar::new();
//! let client = ServiceBuilder::new()
//!     .layer(CookieLayer::new(jar.clone()))
//!     // In place of a hyper client:
//!     .service(service_fn(|request: Request<()>| async move {
//!         let known = request.headers().contains_key("cookie");
//!         let greeting = if known { "welcome back" } else { "hello" };
//!         Response::builder().header("set-cookie", "visited=yes; Secure").body(greeting)
//!     }));
//! let visit = || Request::get("https://example.com/").body(());
//! assert_eq!(client.clone().oneshot(visit()?).await?.body(), &"hello");
//! assert_eq!(client.clone().oneshot(visit()?).await?.body(), &"welcome back");
//! assert_eq!(jar.cookies()[0].name(), "visited");
//! # Ok::<(), http::Error>(())
//! # })?;
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Order
//!
//! Redirect, retry, auth, cookies, lanes, client. Below auth, each leg of a handshake takes along what the one before was
//! given; below redirects, each hop is given what its own URL is for. `CookieMiddleware` (feature `reqwest`) stands in a
//! reqwest-middleware stack, `CookieLayer` (feature `tower`) in one of tower. A `Cookie` that is there already, an API
//! key or the caller's own, stays and wins over a cookie of the same name. [`NoCookies`] in a request's extensions
//! switches the jar off for it.
//!
//! reqwest's own place for a jar is `cookie_provider`, and with the feature `provider` a [`Jar`] fits in there. reqwest then
//! leaves out the jar where a request has a `Cookie` already, so a middleware is the better place where there may be one.
//!
//! # Decided here
//!
//! - This machine (`localhost`, `127.0.0.0/8`, `::1`) counts as secure over plain `http`, as in browsers and in curl.
//! - `SameSite` is kept and changes nothing: see [`SameSite`].
//! - A partitioned cookie is sent in its own partition only: see [`Partition`].
//! - A tab in a cookie is refused, as curl does.
//! - A port and a scheme do not part cookies (RFC 6265bis section 8.5); only `Secure` does.
//! - A request with a relative URI has no cookies, as it does not say whose they would be.
#![forbid(unsafe_code)]

mod cookie;
mod file;
mod format;
mod header;
mod host;
mod jar;
mod partition;
#[cfg(feature = "provider")]
mod provider;
mod refusal;
#[cfg(feature = "reqwest")]
mod reqwest;
mod set_cookie;
mod skip;
mod store;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "reqwest")]
pub use self::reqwest::CookieMiddleware;
#[cfg(feature = "tower")]
pub use self::tower::{CookieLayer, Cookies, Learning};
pub use cookie::{Cookie, SameSite};
pub use file::FileError;
pub use format::{Format, FormatError, Place};
pub use jar::Jar;
pub use partition::Partition;
pub use refusal::Refusal;
pub use skip::NoCookies;
