//! The three messages: MS-NLMP, section 2.2.1.
//!
//! Reading is strict and borrows: whatever a length or an offset says is checked before it is followed, and a field lies
//! behind the fixed part of its message or has no bytes at all.
//!
//! ```
//! use countersign_ntlm::message::{Challenge, MessageError};
//!
//! let mut message = *b"NTLMSSP\0\x02\0\0\0\0\0\0\0\0\0\0\0\x05\x02\0\0\x01\x02\x03\x04\x05\x06\x07\x08";
//! assert_eq!(Challenge::read(&message)?.server_challenge(), [1, 2, 3, 4, 5, 6, 7, 8]);
//! message[12] = 4; // a target name of four bytes, at offset 0
//! assert!(matches!(Challenge::read(&message), Err(MessageError::Malformed(_))));
//! # Ok::<(), MessageError>(())
//! ```

mod authenticate;
mod av;
mod challenge;
mod client_challenge;
mod error;
mod flags;
mod negotiate;
mod read;
mod text;
mod write;

pub use authenticate::Authenticate;
pub use av::{AvPairs, TargetInfo, av_id};
pub use challenge::Challenge;
pub use client_challenge::ClientChallenge;
pub use error::MessageError;
pub use flags::Flags;
pub use negotiate::Negotiate;

pub(crate) use authenticate::{MIC, Parts};
pub(crate) use av::MIC_PROVIDED;
pub(crate) use challenge::Offer;
pub(crate) use client_challenge::ANSWER_HEAD;
pub(crate) use read::kind;
pub(crate) use text::{utf16, utf16_upper};

/// The longest message that is read, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024;

const SIGNATURE: [u8; 8] = *b"NTLMSSP\0";

/// The version that is named: Windows 10, NTLM revision 15. It has no meaning but for people (section 2.2.2.10).
pub(crate) const VERSION: [u8; 8] = [10, 0, 0x63, 0x45, 0, 0, 0, 15];
