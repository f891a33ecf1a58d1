//! Tokens that are valid whenever they are needed: fetched once for any number of callers, refreshed ahead of their end,
//! given up when a server refuses them, and kept safely between runs and between processes.
//!
//! A [`Manager`] keeps the token of one [`Source`] in a [`Store`]; [`Tokens`] is all that is in a store. The source is
//! what speaks a protocol: `countersign-oauth2` has one for OAuth 2.0.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use countersign_token::{BoxFuture, Key, Manager, MemoryStore, Refused, Source, Token};
//!
//! /// Issues tokens itself.
//! struct Mint(Key);
//!
//! impl Source for Mint {
//!     fn key(&self) -> &Key {
//!         &self.0
//!     }
//!     fn obtain(&self, _: Option<Token>) -> BoxFuture<'static, Result<Token, Refused>> {
//!         Box::pin(async {
//!             let token = Token::new("2YotnFZFEjr1", SystemTime::now());
//!             Ok(token.expires_in(Duration::from_secs(3600)))
//!         })
//!     }
//!     fn revoke(&self, _: Token) -> BoxFuture<'static, Result<(), Refused>> {
//!         Box::pin(async { Ok(()) })
//!     }
//!     fn is_silent(&self) -> bool {
//!         true
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let mint = Mint(Key::builder().server("https://login.example").client_id("shop").build());
//! let manager = Manager::new(mint, MemoryStore::new());
//! let held = manager.token().await?;
//! assert_eq!(held.token().access.expose(), b"2YotnFZFEjr1");
//! # Ok::<(), Refused>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod entry;
mod id;
mod key;
mod manager;
mod refused;
mod settings;
mod share;
mod source;
mod store;
mod token;
mod tokens;
mod wire;

pub use entry::{Configuration, Entry};
pub use id::Id;
pub use key::{About, Key, KeyBuilder};
pub use manager::{Held, Manager};
pub use refused::{Refused, RefusedKind};
pub use settings::{Change, Settings, Windows};
pub use share::{Existing, Sharing};
pub use source::{BoxFuture, Source};
pub use store::{FileStore, Lease, MemoryStore, Store, StoreError, StoreErrorKind};
pub use token::Token;
pub use tokens::Tokens;
