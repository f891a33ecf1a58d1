//! OAuth 2.0 (RFC 6749), the client's side: settings in, requests with a valid token out.
//!
//! ```
//! use countersign_core::{Cx, Exchange, Payload, Scheme};
//! use countersign_oauth2::OAuth2;
//! # use countersign_core::{Begin, Fetch};
//! # struct Server;
//! # impl Fetch for Server {
//! #     fn fetch(&self, _: http::Request<bytes::Bytes>) -> Begin<http::Response<bytes::Bytes>> {
//! #         Begin::ready(http::Response::new(r#"{"access_token":"2YotnFZFEjr1zCsicMWpAA"}"#.into()))
//! #     }
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> countersign_core::Result<()> {
//! # let fetch = Server;
//! // `fetch` reaches the server's endpoints: `ReqwestFetch`, `TowerFetch`, or one of your own.
//! let api = OAuth2::client_credentials("https://login.example/token", "shop", "s3cret")
//!     .scope("orders:read")
//!     .build(fetch)?;
//!
//! // A driver does this for every request.
//! let (mut head, ()) = http::Request::get("https://api.example/").body(()).unwrap().into_parts();
//! let mut exchange = api.begin(Cx::new(&head, None)).await?;
//! exchange.prepare(&mut head, &mut Payload::default())?;
//! assert_eq!(head.headers["authorization"], "Bearer 2YotnFZFEjr1zCsicMWpAA");
//! # Ok(())
//! # }
//! ```
//!
//! The token is fetched once, renewed before it ends, and renewed once more when the server refuses it. How it is kept is
//! the work of `countersign-token`: give [`Builder::build_with`] a store to keep it between runs, or [`OAuth2::new`] a
//! manager of your own.
//!
//! # Grants
//!
//! A person consents in the browser. With the feature `browser`, `browser::Browser` opens it and listens for the redirect;
//! without it, a [`Handler`] or a [`UserAgent`] of your own does:
//!
//! ```
//! use countersign_oauth2::{Handler, OAuth2};
//!
//! # async fn show_and_wait(_: String) -> Result<String, countersign_oauth2::AuthorizationError> { unreachable!() }
//! let builder = OAuth2::authorization_code("https://login.example/authorize", "https://login.example/token", "shop")
//!     .scope("openid orders:read")
//!     .redirect_uri("com.example.shop:/oauth")
//!     .user_agent(Handler::new(|url| async { show_and_wait(url).await }));
//! ```
//!
//! A person consents on another device:
//!
//! ```
//! use countersign_oauth2::OAuth2;
//!
//! let builder = OAuth2::device("https://login.example/device", "https://login.example/token", "shop")
//!     .scope("orders:read")
//!     .on_user_code(|code| println!("Open {} and enter {}", code.uri, code.user_code));
//! ```
//!
//! A refresh token or an access token from elsewhere, and any other grant by its form:
//!
//! ```
//! use countersign_core::placement::Placement;
//! use countersign_oauth2::OAuth2;
//!
//! let refreshed = OAuth2::refresh_token("https://login.example/token", "shop", "tGzv3JOkF0XG5Qx2TlKWIA");
//! let fixed = OAuth2::access_token("2YotnFZFEjr1zCsicMWpAA", &Placement::Header("Bearer".into()))?;
//! let exchanged = OAuth2::custom(
//!     "https://login.example/token",
//!     "urn:ietf:params:oauth:grant-type:token-exchange",
//!     [("subject_token", "eyJ..."), ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")],
//! );
//! # Ok::<(), countersign_core::Error>(())
//! ```
//!
//! [`OAuth2::implicit`] and [`OAuth2::password`] are there for servers that have nothing else; see the warnings at
//! [`Grant`].
//!
//! # What a server may do
//!
//! Answers are read leniently: a lifetime in quotes, a scope as an array, no `token_type`, a form in place of JSON, an error
//! in an answer of status 200; [`Builder::strict`] takes none but the specification's. No endpoint's redirect is followed,
//! no answer above 1 MiB is read, and no error shows a secret that the server repeats. A token of a type that asks for more
//! than the token itself (`mac`, `DPoP`) is not sent as a bearer's. A refusal is a [`TokenError`], an answer that is of no
//! use an [`AnswerError`], a redirect that is no answer a [`RedirectError`]; all are found among the sources of the error
//! that the request fails with.
//!
//! # What is not here yet
//!
//! Addresses are given one by one, as no metadata is read (RFC 8414). Assertions (RFC 7523) are sent, and not made: as a
//! grant by [`OAuth2::custom`], for the client by [`Builder::token_parameter`] beside [`ClientAuthentication::None`]. There
//! is no introspection (RFC 7662), and no proof of possession (RFC 9449): a `DPoP` token is a typed error.
//!
//! A resource server checks tokens with `countersign-bearer` or `countersign-jwt`, so this crate has no server's side.
#![forbid(unsafe_code)]

mod authorization;
#[cfg(feature = "browser")]
pub mod browser;
mod client;
mod credentials;
mod device;
mod message;

pub use authorization::{
    Authorization, AuthorizationError, Authorized, Handler, RedirectError, ResponseMode, UserAgent,
};
pub use client::{GrantSource, OAuth2, OAuth2Exchange};
pub use credentials::{Builder, ClientAuthentication, Grant, Parameter, Pkce};
pub use device::Verification;
pub use message::{AnswerError, TokenError};
