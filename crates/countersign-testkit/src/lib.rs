//! What the tests of countersign share: laws that every scheme obeys, servers of scripted bytes, canaries.
//!
//! A scheme joins every law by one [`Case`], whose fields are all required:
//!
//! ```
//! use countersign_testkit::{Case, laws, toy};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let case: Case = toy::sound();
//! laws::accepts(&case).await;
//! laws::refuses_replay(&case).await;
//! # }
//! ```
//!
//! Everything here panics where a law is broken, as a test does.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod beside;
mod canary;
mod case;
pub mod laws;
pub mod logs;
mod needles;
mod peer;
mod server;
mod shape;
mod sources;
mod tamper;
mod tls;
pub mod toy;
mod wire;

pub use beside::{beside, postman, postman_vectors};
pub use canary::{Canary, MARK, TOKEN_MARK, assert_clean, find_mark};
pub use case::{Case, Keys, Nonce, Placement, Protects};
pub use peer::{Peer, judge};
pub use server::{Answer, RawServer, Seen, Then};
pub use shape::{Lie, Shape, ShapeExchange};
pub use sources::{Counting, pinned};
pub use tamper::{changed, tampered};
pub use tls::Certificates;
pub use wire::{RawRequest, RawResponse, exchange};
