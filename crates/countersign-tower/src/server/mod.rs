//! The server's side: lets through what a verifier accepts.

mod case;
mod connection;
mod future;
mod layer;
mod refuse;
mod verified;

pub use connection::{OnConnection, PerConnection};
pub use future::Verifying;
pub use layer::{VerifyLayer, VerifyService};
pub use verified::Verified;
