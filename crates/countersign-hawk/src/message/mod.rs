//! The fields on the wire, which client and server share.

mod attributes;
mod authorization;
mod bewit;
mod challenge;
mod server_authorization;

pub(crate) use authorization::Authorization;
pub(crate) use bewit::Bewit;
pub(crate) use challenge::{Challenge, HAWK, REFUSED};
pub(crate) use server_authorization::{SERVER_AUTHORIZATION, ServerAuthorization};

use countersign_core::{Error, Result};

/// What `ext` may hold: printable ASCII, for a bewit without `\`.
pub(crate) fn checked_ext(ext: &str) -> Result<Option<Box<str>>> {
    if !ext.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Error::configuration(
            "the Hawk ext holds something else than printable ASCII, which no header can carry",
        ));
    }
    Ok(Some(ext).filter(|ext| !ext.is_empty()).map(Into::into))
}
