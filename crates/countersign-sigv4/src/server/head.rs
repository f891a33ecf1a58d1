//! [`Head`], what can be judged of a request without its body and without a key.

use countersign_core::Secret;
use countersign_core::verify::{Reason, authorization};
use http::request;

use super::Server;
use super::denial::Denial;
use crate::chunked::{Form, Trailers, X_AMZ_DECODED_CONTENT_LENGTH, X_AMZ_TRAILER};
use crate::client::MAX_EXPIRES;
use crate::key::ALGORITHM;
use crate::message::{self, Claim, CredentialScope, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN};
use crate::payload::{UNSIGNED, X_AMZ_CONTENT_SHA256};
use crate::scope::TERMINATOR;
use crate::time::Timestamp;

/// How far a request's time may be from the server's, either way, in seconds.
const WINDOW: u64 = 15 * 60;

/// Other signatures of AWS, which are not verified and must not pass for none.
const RELATED: [&str; 2] = ["AWS", "AWS4-ECDSA-P256-SHA256"];

/// A request whose claim is in order.
pub(super) struct Head<'a> {
    pub(super) request: &'a request::Parts,
    pub(super) claim: Claim<'a>,
    pub(super) time: Timestamp,
    /// The last second in which the signature is good.
    pub(super) expires: u64,
    pub(super) body: BodyRule<'a>,
}

/// How the signature covers the body.
#[derive(Clone, Copy)]
pub(super) enum BodyRule<'a> {
    /// By its hash, which is not said.
    Hashed,
    /// By the hash that is said.
    Said(&'a [u8]),
    /// Chunk by chunk, while it streams.
    Chunked(Form, u64),
    /// Not.
    Unsigned,
}

impl<'a> Head<'a> {
    pub(super) fn read(server: &Server, request: &'a request::Parts) -> Result<Self, Denial> {
        let claim = claim(request)?;
        if claim.presigned.is_some() && !server.presigned {
            return Err(Denial::presigned());
        }
        let credential = claim.credential().ok_or(Reason::Malformed)?;
        let time = time(request, &claim)?;
        server.check_scope(&credential, time)?;
        let expires = expires(&claim, time)?;
        check_window(server.sources.unix_time(), time, expires)?;
        check_signed_headers(request, &claim.signed_headers)?;
        let body = server.body_rule(request, claim.presigned.is_some())?;
        Ok(Self {
            request,
            claim,
            time,
            expires,
            body,
        })
    }

    pub(super) fn covers_body(&self) -> bool {
        matches!(self.body, BodyRule::Hashed | BodyRule::Said(_))
    }

    /// What follows a body in chunks.
    pub(super) fn trailers(&self, form: Form) -> Result<Trailers, Reason> {
        let announced = one(self.request, &X_AMZ_TRAILER)?;
        match (form.has_trailer(), announced) {
            (false, None) => Ok(Trailers::default()),
            (true, Some(names)) => str::from_utf8(names)
                .ok()
                .and_then(Trailers::announced)
                .ok_or(Reason::Malformed),
            _ => Err(Reason::Malformed),
        }
    }

    /// The session token, which its field or its parameter holds.
    pub(super) fn token(&self) -> Result<Option<Secret>, Reason> {
        let field = one(self.request, &X_AMZ_SECURITY_TOKEN)?.map(Secret::new);
        let param = self
            .claim
            .presigned
            .as_ref()
            .and_then(|claim| claim.token.as_deref());
        match (field, param) {
            (Some(_), Some(_)) => Err(Reason::Malformed),
            (field, param) => Ok(field.or(param.map(Secret::from))),
        }
    }
}

fn claim(request: &request::Parts) -> Result<Claim<'_>, Reason> {
    let field = authorization(request, ALGORITHM)?;
    for related in RELATED {
        if authorization(request, related)?.is_some() {
            return Err(Reason::Malformed);
        }
    }
    let query = request.uri.query().unwrap_or_default();
    let any = request.headers.contains_key(http::header::AUTHORIZATION);
    match (field, message::is_presigned(query)) {
        (_, true) if any => Err(Reason::Malformed),
        (_, true) => message::read_presigned(query).ok_or(Reason::Malformed),
        (Some(field), false) => message::read_authorization(field).ok_or(Reason::Malformed),
        (None, false) => Err(Reason::Missing),
    }
}

fn time(request: &request::Parts, claim: &Claim<'_>) -> Result<Timestamp, Reason> {
    let text = match &claim.presigned {
        Some(presigned) => presigned.date.as_bytes(),
        None => one(request, &X_AMZ_DATE)?.ok_or(Reason::Malformed)?,
    };
    Timestamp::parse(text).ok_or(Reason::Malformed)
}

fn expires(claim: &Claim<'_>, time: Timestamp) -> Result<u64, Reason> {
    let life = match &claim.presigned {
        None => WINDOW,
        Some(presigned) => {
            let digits = presigned.expires.bytes().all(|byte| byte.is_ascii_digit());
            let life = presigned.expires.parse::<u64>().ok().filter(|_| digits);
            let life = life.ok_or(Reason::Malformed)?;
            let allowed = (1..=u64::from(MAX_EXPIRES)).contains(&life);
            allowed.then_some(life).ok_or(Reason::Forbidden)?
        }
    };
    Ok(time.unix() + life)
}

fn check_window(now: u64, time: Timestamp, expires: u64) -> Result<(), Reason> {
    match now <= expires && time.unix() <= now.saturating_add(WINDOW) {
        true => Ok(()),
        false => Err(Reason::Forbidden),
    }
}

/// Lower case, sorted, each once and present; `host` and every `x-amz-*` field of the request are among them.
fn check_signed_headers(request: &request::Parts, names: &str) -> Result<(), Reason> {
    let sorted = || names.split(';').is_sorted_by(|left, right| left < right);
    let is_signed = |name: &str| names.split(';').any(|signed| signed == name);
    // Field names are lower case here, so a name in upper case is not present.
    let present = |name: &str| {
        name == "host"
            || request
                .headers
                .keys()
                .any(|present| present.as_str() == name)
    };
    let mut required = request
        .headers
        .keys()
        .map(|name| name.as_str())
        .filter(|name| name.starts_with("x-amz-"));
    let right =
        is_signed("host") && sorted() && names.split(';').all(present) && required.all(is_signed);
    right.then_some(()).ok_or(Reason::Forbidden)
}

impl Server {
    fn check_scope(&self, claimed: &CredentialScope<'_>, time: Timestamp) -> Result<(), Reason> {
        let right = claimed.day == time.day()
            && claimed.region == &*self.scope.region
            && claimed.service == &*self.scope.service
            && claimed.terminator == TERMINATOR;
        right.then_some(()).ok_or(Reason::Forbidden)
    }

    fn body_rule<'a>(
        &self,
        request: &'a request::Parts,
        presigned: bool,
    ) -> Result<BodyRule<'a>, Denial> {
        let unsigned_url = presigned && self.scope.is_s3();
        let said = one(request, &X_AMZ_CONTENT_SHA256)?;
        let takes_chunks = self.chunked && !presigned;
        if let Some(form) = said.filter(|_| takes_chunks).and_then(Form::read) {
            return self.chunks(request, form);
        }
        match said {
            None if unsigned_url => Ok(BodyRule::Unsigned),
            None => Ok(BodyRule::Hashed),
            Some(said) if said != UNSIGNED.as_bytes() => Ok(BodyRule::Said(said)),
            Some(_) if unsigned_url || self.unsigned_payload => Ok(BodyRule::Unsigned),
            Some(_) => Err(Denial::unsigned_payload()),
        }
    }

    /// A body in chunks; those that are not signed count as an unsigned body.
    fn chunks<'a>(&self, request: &'a request::Parts, form: Form) -> Result<BodyRule<'a>, Denial> {
        if !form.is_signed() && !self.unsigned_payload {
            return Err(Denial::unsigned_payload());
        }
        let length = one(request, &X_AMZ_DECODED_CONTENT_LENGTH)?.and_then(decimal);
        let length = length.ok_or(Reason::Malformed)?;
        Ok(BodyRule::Chunked(form, length))
    }
}

/// A length in decimal digits.
fn decimal(text: &[u8]) -> Option<u64> {
    let digits = text.iter().all(u8::is_ascii_digit);
    str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

/// The value of a field that may stand once.
fn one<'a>(
    request: &'a request::Parts,
    name: &http::header::HeaderName,
) -> Result<Option<&'a [u8]>, Reason> {
    let mut values = request.headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Reason::Malformed),
        (value, None) => Ok(value.map(|value| value.as_bytes())),
    }
}
