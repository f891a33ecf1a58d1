//! The heart of countersign: a scheme is a state machine that never touches the network, and one loop runs it.
//!
//! Users of a client need a scheme crate and a driver (`countersign-reqwest`, `countersign-tower`), or the facade
//! `countersign`, which re-exports what is here. Who writes a scheme needs this crate alone:
//!
//! ```
//! use countersign_core::{Payload, Result, Sign};
//! use http::{HeaderValue, request};
//!
//! /// Sends a fixed word.
//! #[derive(Clone)]
//! struct Password(HeaderValue);
//!
//! impl Sign for Password {
//!     fn name(&self) -> &'static str {
//!         "password"
//!     }
//!     fn reveals(&self) -> bool {
//!         true
//!     }
//!     fn sign(&self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
//!         countersign_core::add_header(request, http::header::AUTHORIZATION, self.0.clone(), self.name());
//!         Ok(())
//!     }
//! }
//!
//! let (mut head, _) = http::Request::new(()).into_parts();
//! Password(HeaderValue::from_static("Word swordfish")).sign(&mut head, &mut Payload::default())?;
//! assert_eq!(head.headers["authorization"], "Word swordfish");
//! # Ok::<(), countersign_core::Error>(())
//! ```
#![forbid(unsafe_code)]

mod add;
mod begin;
mod body;
pub mod canonical;
pub mod challenge;
mod choice;
mod clock;
mod drive;
mod error;
mod fetch;
mod fingerprint;
mod flight;
pub mod lanes;
mod mac;
mod offsets;
mod origin;
mod payload;
pub mod placement;
mod preview;
mod random;
pub mod redirect;
mod replay;
mod scheme;
mod secret;
mod sign;
mod touch;
mod uuid;
pub mod verify;

pub use add::{add_header, add_parameter, remove_header};
pub use begin::Begin;
pub use body::{AuthBody, Encode, Gathered, Source, Supply};
pub use choice::{Any, AnyOf, Choosing, Once, OnceExchange};
pub use clock::{Clock, FixedClock, Sources, SystemClock};
pub use drive::{Drain, Drive, Override, Settings, Sleep, Target, Transport};
pub use error::{BoxError, Erased, Error, ErrorKind, Failure, Result};
pub use fetch::{Fetch, FetchLimits};
pub use fingerprint::Fingerprint;
pub use flight::Flight;
pub use lanes::{Connection, Identity, PeerCertificate};
pub use mac::{HmacSha256, sha256_padded};
pub use offsets::Offsets;
pub use origin::{Origin, Scope};
pub use payload::Payload;
pub use preview::{Added, Part, Preview, preview};
pub use random::{Random, SystemRandom};
pub use replay::{MemoryGuard, ReplayGuard, Use, Used};
pub use scheme::{Binding, Cx, Exchange, Leg, Next, Scheme, Strength};
pub use secret::Secret;
pub use sign::{Sign, Signing};
pub use touch::Touch;
pub use uuid::Uuid;
