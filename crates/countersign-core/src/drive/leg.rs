//! How one leg is made of what the caller gave: its head, its credentials, its body.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Uri, request};
use http_body::Body;

use super::{Settings, target};
use crate::body::AuthBody;
use crate::error::Result;
use crate::payload::Payload;
use crate::scheme::Exchange;
use crate::touch::{Untouched, mixed};

/// Lets `exchange` add its credentials, for whichever target, and refuses to show them to the world.
pub(crate) fn prepare(
    exchange: &mut dyn Exchange,
    head: &mut request::Parts,
    payload: &mut Payload,
    settings: &Settings,
) -> Result<()> {
    settings.check_target(&head.uri)?;
    settings.check_cleartext(&head.uri, exchange.reveals())?;
    if settings.is_for_proxy() {
        target::swap_request(head);
    }
    let before = Untouched::of(exchange, head, payload);
    exchange.prepare(head, payload)?;
    before.check(&Untouched::of(exchange, head, payload), exchange.name())?;
    if settings.is_for_proxy() {
        target::swap_request(head);
    }
    Ok(())
}

/// A leg without its body. One that carries no credential must not have an effect, so it asks by `HEAD`.
pub(super) fn hold_back(head: &mut request::Parts, has_credential: bool) {
    head.headers.remove(TRANSFER_ENCODING);
    head.headers.remove(EXPECT);
    if has_credential {
        head.headers
            .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    } else {
        head.method = Method::HEAD;
        head.headers.remove(CONTENT_LENGTH);
        head.headers.remove(CONTENT_TYPE);
    }
}

/// The body of a leg: what the scheme put in its place, or the caller's own, encoded if the scheme wants that.
pub(super) fn body<B: Body + Unpin>(
    head: &mut request::Parts,
    payload: Payload,
    own: impl FnOnce() -> AuthBody<B>,
) -> AuthBody<B> {
    if let Some(bytes) = payload.replacement() {
        correct_length(head, Some(bytes.len() as u64));
        return AuthBody::from(bytes.clone());
    }
    match payload.into_encoding() {
        None => own(),
        Some((encode, length)) => {
            correct_length(head, length);
            own().encoded(encode)
        }
    }
}

/// `Content-Length` for a body that a scheme changed; where the length is not known, HTTP's own framing tells it.
fn correct_length(head: &mut request::Parts, length: Option<u64>) {
    head.headers.remove(TRANSFER_ENCODING);
    match length {
        Some(length) if head.headers.contains_key(CONTENT_LENGTH) => {
            head.headers
                .insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        _ => drop(head.headers.remove(CONTENT_LENGTH)),
    }
}

/// Tells whether a scheme changed the target. Cloning a relative URI allocates, and a keyed hash takes longer than most
/// signatures; who chooses the target has nothing to gain from a collision.
pub(super) fn fingerprint(uri: &Uri) -> u64 {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    mixed(0, target.as_bytes())
}
