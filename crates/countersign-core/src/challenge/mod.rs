//! Challenges and credentials as HTTP writes them: RFC 9110, section 11.
//!
//! Both are an authentication scheme followed by one token68 or by a list of parameters. A client
//! reads challenges leniently ([`parse`]), since servers in the field bend the grammar; a server
//! reads credentials strictly ([`parse_credentials`]). Neither reads half a challenge, works on
//! text it had to guess, or takes more than linear time.
//!
//! ```
//! use countersign_core::challenge::{self, Param};
//! use http::HeaderValue;
//!
//! let line = HeaderValue::from_static(r#"Basic realm="simple", Digest realm="r", nonce=n1"#);
//! let challenges = challenge::parse([&line]);
//! let digest = challenges.iter().find(|c| c.is("digest")).unwrap();
//! assert_eq!(digest.text("nonce"), Some("n1"));
//!
//! let answer = challenge::write("Digest", &[Param::quoted("username", r#"a"b"#)])?;
//! assert_eq!(answer, r#"Digest username="a\"b""#);
//! # Ok::<(), challenge::WriteError>(())
//! ```

mod challenges;
mod credentials;
mod error;
mod lex;
mod offered;
mod params;
mod read;
mod write;

pub use challenges::{Challenges, parse};
pub use credentials::{Challenge, Credentials, parse_credentials, parse_params};
pub use error::{ParseError, WriteError};
pub use lex::is_token68;
pub use offered::Offered;
pub use params::{Param, Params};
pub use write::{write, write_params, write_token68};

/// How many challenges are read from one response.
pub const MAX_CHALLENGES: usize = 32;
/// How many parameters one challenge may have.
pub const MAX_PARAMS: usize = 64;
/// How many bytes one value, or one token68, may have.
pub const MAX_VALUE: usize = 8 * 1024;
/// How many bytes all header lines that are read together may have.
pub const MAX_TOTAL: usize = 16 * 1024;
