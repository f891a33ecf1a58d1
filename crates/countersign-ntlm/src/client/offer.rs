//! What a refusal offers.

use countersign_core::challenge::{self, Challenges};
use http::header::WWW_AUTHENTICATE;
use http::response;

use super::exchange::unwrap;
use crate::carrier::{Carrier, decode};
use crate::message::MessageError;

const NO_BASE64: MessageError = MessageError::Malformed("it is no base64");

/// The second message inside of a challenge of `NTLM` or `Negotiate`, for [`message::Challenge`](crate::message::Challenge) to
/// read; `None` for other schemes and where there is none yet, as a server sends it after a first message only.
///
/// ```
/// use countersign_core::challenge;
/// use countersign_ntlm::{message::Challenge, offered_message};
///
/// let field = "NTLM TlRMTVNTUAACAAAABgAGADAAAAAFAoAAAQIDBAUGBwgAAAAAAAAAAAAAAAA2AAAATABBAEIA".parse()?;
/// for challenge in &challenge::parse([&field]) {
///     if let Some(message) = offered_message(challenge)? {
///         assert_eq!(Challenge::read(&message)?.target_name()?, "LAB");
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`MessageError`] if what is there is no base64, or no token of `Negotiate` with a message of NTLM inside.
pub fn offered_message(
    challenge: &challenge::Challenge<'_>,
) -> Result<Option<Vec<u8>>, MessageError> {
    let is_wrapped = challenge.is(Carrier::Negotiate.name());
    let token = challenge.token68();
    let Some(token) = token.filter(|_| is_wrapped || challenge.is(Carrier::Ntlm.name())) else {
        return Ok(None);
    };
    let token = decode(token).ok_or(NO_BASE64)?;
    match is_wrapped {
        true => unwrap(token).map(|(message, _)| Some(message)),
        false => Ok(Some(token)),
    }
}

/// What one carrier's challenge says.
pub(super) enum Offer {
    /// There is none.
    Nothing,
    /// One that can begin.
    Bare,
    /// One with a token.
    Token(Vec<u8>),
    /// One that cannot be read, or is too large.
    Broken,
}

/// The first challenge of `carrier`; one with a token goes before one without.
pub(super) fn offer(refused: &response::Parts, carrier: Carrier) -> Offer {
    let fields = refused.headers.get_all(WWW_AUTHENTICATE);
    let challenges = challenge::parse(fields);
    let mut own = challenges
        .iter()
        .filter(|challenge| challenge.is(carrier.name()));
    let first = own.clone().find(|challenge| challenge.token68().is_some());
    match first.or_else(|| own.next()) {
        Some(found) if !found.params().is_empty() => Offer::Broken,
        Some(found) => found.token68().map_or(Offer::Bare, token),
        None if is_broken(refused, &challenges, carrier) => Offer::Broken,
        None => Offer::Nothing,
    }
}

fn token(token: &str) -> Offer {
    decode(token).map_or(Offer::Broken, Offer::Token)
}

/// Whether there is a field for the carrier that could not be read.
fn is_broken(refused: &response::Parts, challenges: &Challenges<'_>, carrier: Carrier) -> bool {
    let names = |field: &[u8]| {
        let name = carrier.name().as_bytes();
        field
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let mut fields = refused.headers.get_all(WWW_AUTHENTICATE).iter();
    challenges.limit_exceeded() || fields.any(|field| names(field.as_bytes()))
}
