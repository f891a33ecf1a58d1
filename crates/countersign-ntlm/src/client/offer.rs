//! What a refusal offers.

use countersign_core::challenge::{self, Challenges};
use http::header::WWW_AUTHENTICATE;
use http::response;

use crate::carrier::{Carrier, decode};

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
