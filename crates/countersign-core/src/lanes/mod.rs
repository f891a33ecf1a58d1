//! Connections of their own, for handshakes that authenticate a connection and not a request.
//!
//! A *lane* is one connection to one origin in one identity's name. One exchange holds it at a time, until its last answer
//! was read; a few stand side by side for the same origin and identity, and who finds them all taken waits in turn.
//!
//! The loop acquires a lane from [`Settings::lanes`](crate::Settings::lanes) when an exchange asks for one, and sends it
//! along in the extensions of each leg. A piece at the bottom of the client, just above the connections, finds it there
//! and sends the leg over it: [`Lane::take`], the leg, [`Lane::put`]. Where that piece is missing the exchange fails. The body
//! of the last answer holds the lane on its way to the caller.

mod certificate;
mod connection;
mod http1;
mod identity;
mod lane;
mod persists;
mod pool;
mod source;
mod station;
#[cfg(test)]
mod tests;

pub use certificate::PeerCertificate;
pub use connection::Connection;
pub use http1::{needs_http1, refuses_http1};
pub use identity::Identity;
pub use lane::Lane;
pub use persists::persists;
pub use pool::Lanes;
pub(crate) use source::{Hold, LaneSource};
