//! How a request is signed.

use std::borrow::Cow;
use std::sync::Arc;

use countersign_core::canonical::host;
use countersign_core::{Error, ErrorKind, Origin, Payload, Result, Secret, add_header};
use http::header::AUTHORIZATION;
use http::{HeaderValue, request};

use super::chunks::announce;
use super::identity::{Moment, not_a_value};
use super::target::PresignedTarget;
use super::{Explanation, NAME, SigV4, earlier};
use crate::chunked::{Chain, Chunked, Encoder};
use crate::hex::Hex;
use crate::message::{self, Presigned, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN};
use crate::payload::{PayloadHash, X_AMZ_CONTENT_SHA256};

/// When and where a request is signed.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    pub(super) unix: u64,
    /// The origin of a relative target.
    pub(super) base: Option<&'a Origin>,
}

/// A request that has all but its signature.
pub(super) struct Unsigned {
    pub(super) moment: Arc<Moment>,
    pub(super) payload: PayloadHash,
    /// The target of a presigned URL.
    pub(super) target: Option<PresignedTarget>,
    /// How the body is sent in chunks, if it is.
    chunked: Option<Chunked>,
}

impl SigV4 {
    /// Signs it; shows what was signed if that is asked for.
    pub(super) fn sign_at(
        &self,
        request: &mut request::Parts,
        body: &mut Payload,
        occasion: Occasion<'_>,
        explanation: Option<&mut Option<Explanation>>,
    ) -> Result<()> {
        let unsigned = self.prepare(request, body, occasion)?;
        let (signature, line) = {
            let host = host_of(request, occasion.base)?;
            self.seal(request, &unsigned, &host, |sealed| {
                if let Some(explanation) = explanation {
                    *explanation = Some(sealed.explanation());
                }
                let begun = &unsigned.moment.day.line;
                let line = || message::authorization(begun, sealed.names(), sealed.signature);
                let in_header = unsigned.target.is_none();
                (sealed.signature, in_header.then(line))
            })?
        };
        match line {
            Some(line) => self.finish_header(request, line)?,
            None => self.finish_query(request, unsigned.target, signature)?,
        }
        if let Some(chunked) = unsigned.chunked {
            body.encode(Encoder::new(
                chunked,
                self.chain(&unsigned.moment, signature),
            ));
        }
        Ok(())
    }

    fn finish_header(&self, request: &mut request::Parts, line: Vec<u8>) -> Result<()> {
        let value = HeaderValue::try_from(line).map_err(not_a_value)?;
        add_header(request, AUTHORIZATION, value, NAME);
        self.add_token(request, self.settings.more.unsigned_token)
    }

    fn finish_query(
        &self,
        request: &mut request::Parts,
        target: Option<PresignedTarget>,
        signature: Hex,
    ) -> Result<()> {
        let token = self.token(self.settings.more.unsigned_token);
        target.map_or(Ok(()), |target| {
            target.finish(&mut request.uri, token, signature)
        })
    }

    /// The signatures of the chunks that follow the head.
    fn chain(&self, moment: &Moment, seed: Hex) -> Chain {
        let key = moment.day.key.clone();
        Chain::new(key, moment.time, &self.settings.scope, seed)
    }

    /// Adds all that is signed.
    pub(super) fn prepare(
        &self,
        request: &mut request::Parts,
        body: &Payload,
        occasion: Occasion<'_>,
    ) -> Result<Unsigned> {
        let expires = self.settle_earlier(request)?;
        let chunked = self.settings.chunks(request, body);
        let payload = match chunked {
            Some(chunked) => announce(request, body, chunked)?,
            None => self.payload(request, body)?,
        };
        let moment = self.identity.at(occasion.unix, &self.settings.scope)?;
        let target = match self.settings.more.presigned {
            Some(usual) => {
                Some(self.target(request, &moment, expires.unwrap_or(usual), occasion)?)
            }
            None => {
                let sends_hash = chunked.is_some() || self.settings.sends_hash(body);
                let hash = sends_hash.then(|| payload.header()).flatten();
                self.add_headers(request, &moment, hash)?;
                None
            }
        };
        Ok(Unsigned {
            moment,
            payload,
            target,
            chunked,
        })
    }

    /// Refuses what is signed already, or takes that out and gives the life that the caller wanted.
    fn settle_earlier(&self, request: &mut request::Parts) -> Result<Option<u32>> {
        match self.settings.more.signs_anew {
            true => earlier::take_out(request),
            false => earlier::refuse(request).map(|()| None),
        }
    }

    fn add_headers(
        &self,
        request: &mut request::Parts,
        moment: &Moment,
        hash: Option<HeaderValue>,
    ) -> Result<()> {
        request.headers.insert(X_AMZ_DATE, moment.date.clone());
        if let Some(hash) = hash {
            request.headers.insert(X_AMZ_CONTENT_SHA256, hash);
        }
        self.add_token(request, !self.settings.more.unsigned_token)
    }

    fn add_token(&self, request: &mut request::Parts, now: bool) -> Result<()> {
        if let Some(token) = self.token(now) {
            let value = HeaderValue::from_str(token).map_err(not_a_value)?;
            add_header(request, X_AMZ_SECURITY_TOKEN, value, NAME);
        }
        Ok(())
    }

    fn target(
        &self,
        request: &request::Parts,
        moment: &Moment,
        expires: u32,
        occasion: Occasion<'_>,
    ) -> Result<PresignedTarget> {
        let host = host_of(request, occasion.base)?;
        let presigned = Presigned {
            begun: &moment.day.query,
            time: moment.time,
            expires,
            token: self.token(!self.settings.more.unsigned_token),
        };
        let headers = self.signed_headers(request, &host);
        let late = self.token(self.settings.more.unsigned_token);
        Ok(PresignedTarget::new(
            &request.uri,
            &presigned,
            &headers,
            late,
        ))
    }

    /// The session token, if its turn is now.
    fn token(&self, now: bool) -> Option<&str> {
        let token = self.identity.credentials.token().filter(|_| now);
        token.and_then(Secret::expose_str)
    }

    fn payload(&self, request: &request::Parts, body: &Payload) -> Result<PayloadHash> {
        let mut given = request.headers.get_all(X_AMZ_CONTENT_SHA256).iter();
        match (given.next(), given.next()) {
            (None, _) if self.settings.leaves_payload() => Ok(PayloadHash::Unsigned),
            (None, _) if body.is_empty() => Ok(PayloadHash::of(b"")),
            (None, _) => body.bytes().map(PayloadHash::of).ok_or_else(not_in_memory),
            (Some(value), None) => PayloadHash::given(value).ok_or_else(no_hash),
            (Some(_), Some(_)) => Err(no_hash()),
        }
    }
}

/// The host that is signed.
pub(super) fn host_of<'a>(
    request: &'a request::Parts,
    base: Option<&Origin>,
) -> Result<Cow<'a, str>> {
    host::outgoing(request, base).map_err(|error| {
        Error::configuration(format!("there is no host to sign: {error}")).with_source(error)
    })
}

fn no_hash() -> Error {
    Error::configuration(
        "x-amz-content-sha256 is no SHA-256 in lower-case hexadecimal and not UNSIGNED-PAYLOAD",
    )
}

/// What to do with a body that is not in memory.
pub(super) const WITHOUT_BODY: &str = "set x-amz-content-sha256 to its hash, send it in chunks (`chunked`), or leave it \
                                       unsigned (`unsigned_payload`)";

fn not_in_memory() -> Error {
    let message =
        format!("the body is not in memory, so its hash cannot be signed: {WITHOUT_BODY}");
    Error::new(ErrorKind::BodyNotReplayable, message)
}
