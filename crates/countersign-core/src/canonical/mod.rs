//! The forms that signing schemes share: percent-encoding, query, form, host, request target, header values, hexadecimal.
//!
//! Every function works on the bytes that go on the wire and changes nothing that its name does
//! not say. Writers put their output into a [`Sink`], so a canonical form can go straight into a
//! hash without standing in memory first.
//!
//! ```
//! use countersign_core::canonical::{percent, query};
//!
//! let uri: http::Uri = "https://api.example/v1?b=2&a=1".parse()?;
//! let keyed = query::append(&uri, "key", "a&b")?;
//! assert_eq!(keyed, "https://api.example/v1?b=2&a=1&key=a%26b");
//!
//! let mut hashed = 0;
//! let pairs = query::canonical_pairs("b=2&a=1", percent::Plus::Literal)?;
//! query::write_sorted(pairs, &mut |bytes: &[u8]| hashed += bytes.len());
//! assert_eq!(hashed, "a=1&b=2".len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod bytes;
pub mod form;
pub mod header;
pub mod hex;
pub mod host;
pub mod percent;
pub mod query;
mod sink;
pub mod uri;

pub use sink::Sink;
