//! How a request is signed.

use std::borrow::Cow;
use std::sync::Arc;

use countersign_core::canonical::percent::DecodeError;
use countersign_core::canonical::uri::{self, UriError, with_query};
use countersign_core::{Error, ErrorKind, Payload, Result, Secret, add_header};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderValue, request};

use super::identity::{Moment, not_a_value};
use super::{NAME, SigV4, earlier};
use crate::canonical::host::{self, HostError};
use crate::canonical::{CanonicalRequest, SignedHeaders};
use crate::chunked::{
    AWS_CHUNKED, Chain, Chunked, Encoder, X_AMZ_DECODED_CONTENT_LENGTH, X_AMZ_TRAILER, encoded_len,
};
use crate::hex::Hex;
use crate::key::StringToSign;
use crate::message::{self, Presigned, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN};
use crate::payload::{PayloadHash, X_AMZ_CONTENT_SHA256};

/// A request that has all but its signature.
pub(super) struct Unsigned {
    pub(super) moment: Arc<Moment>,
    pub(super) payload: PayloadHash,
    /// The query as it is signed, if that is not the one of the request.
    pub(super) query: Option<String>,
    /// How the body is sent in chunks, if it is.
    chunked: Option<Chunked>,
}

impl SigV4 {
    pub(super) fn sign_at(
        &self,
        request: &mut request::Parts,
        body: &mut Payload,
        unix: u64,
    ) -> Result<()> {
        let unsigned = self.prepare(request, body, unix)?;
        match unsigned.query {
            None => self.finish_header(request, body, &unsigned),
            Some(_) => self.finish_query(request, unsigned),
        }
    }

    fn finish_header(
        &self,
        request: &mut request::Parts,
        body: &mut Payload,
        unsigned: &Unsigned,
    ) -> Result<()> {
        let (line, signature) = self.authorization(request, unsigned)?;
        let value = HeaderValue::try_from(line).map_err(not_a_value)?;
        add_header(request, AUTHORIZATION, value, NAME);
        if let Some(chunked) = unsigned.chunked {
            body.encode(Encoder::new(chunked, self.chain(unsigned, signature)));
        }
        self.add_token(request, self.settings.more.unsigned_token)
    }

    /// The signatures of the chunks that follow the head.
    fn chain(&self, unsigned: &Unsigned, seed: Hex) -> Chain {
        let Moment { time, key, .. } = &*unsigned.moment;
        Chain::new(key.clone(), *time, &self.settings.scope, seed)
    }

    fn authorization(
        &self,
        request: &request::Parts,
        unsigned: &Unsigned,
    ) -> Result<(Vec<u8>, Hex)> {
        let host = host_of(request)?;
        let canonical = self.canonical(request, unsigned, &host)?;
        let signature = self.signature(&canonical, unsigned);
        let line = message::authorization(
            self.identity.credentials.access_key_id(),
            unsigned.moment.time.day(),
            &self.settings.scope,
            canonical.headers(),
            signature,
        );
        Ok((line, signature))
    }

    fn finish_query(&self, request: &mut request::Parts, unsigned: Unsigned) -> Result<()> {
        let signature = {
            let host = host_of(request)?;
            self.signature(&self.canonical(request, &unsigned, &host)?, &unsigned)
        };
        let token = self.token(self.settings.more.unsigned_token);
        let query = unsigned.query.unwrap_or_default();
        let query = message::finish_presigned(query, token, signature);
        request.uri = with_query(&request.uri, Some(&query)).map_err(no_place)?;
        Ok(())
    }

    fn signature(&self, canonical: &CanonicalRequest<'_>, unsigned: &Unsigned) -> Hex {
        let text = self.string_to_sign(canonical, unsigned);
        unsigned.moment.key.sign(&text)
    }

    pub(super) fn string_to_sign(
        &self,
        canonical: &CanonicalRequest<'_>,
        unsigned: &Unsigned,
    ) -> StringToSign<'_> {
        StringToSign {
            time: unsigned.moment.time,
            scope: &self.settings.scope,
            request: canonical.hash(),
        }
    }

    /// Adds all that is signed.
    pub(super) fn prepare(
        &self,
        request: &mut request::Parts,
        body: &Payload,
        unix: u64,
    ) -> Result<Unsigned> {
        let expires = self.settle_earlier(request)?;
        let chunked = self.settings.chunks(request, body);
        let payload = match chunked {
            Some(chunked) => announce(request, body, chunked)?,
            None => self.payload(request, body)?,
        };
        let moment = self.identity.at(unix, &self.settings.scope)?;
        let query = match self.settings.more.presigned {
            Some(default) => {
                Some(self.presigned_query(request, &moment, expires.unwrap_or(default))?)
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
            query,
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

    fn presigned_query(
        &self,
        request: &request::Parts,
        moment: &Moment,
        expires: u32,
    ) -> Result<String> {
        let host = host_of(request)?;
        let presigned = Presigned {
            id: self.identity.credentials.access_key_id(),
            scope: &self.settings.scope,
            time: moment.time,
            expires,
            token: self.token(!self.settings.more.unsigned_token),
        };
        let own = request.uri.query().unwrap_or_default();
        Ok(presigned.query(own, &self.signed_headers(request, &host)))
    }

    /// The session token, if its turn is now.
    fn token(&self, now: bool) -> Option<&str> {
        let token = self.identity.credentials.token().filter(|_| now);
        token.and_then(Secret::expose_str)
    }

    fn payload(&self, request: &request::Parts, body: &Payload) -> Result<PayloadHash> {
        let mut given = request.headers.get_all(X_AMZ_CONTENT_SHA256).iter();
        match (given.next(), given.next()) {
            (None, _) if self.settings.leaves_payload() => Ok(PayloadHash::UNSIGNED),
            (None, _) if body.is_empty() => Ok(PayloadHash::of(b"")),
            (None, _) => body.bytes().map(PayloadHash::of).ok_or_else(not_in_memory),
            (Some(value), None) => PayloadHash::given(value).ok_or_else(no_hash),
            (Some(_), Some(_)) => Err(no_hash()),
        }
    }

    /// The canonical request of what [`prepare`](Self::prepare) left.
    pub(super) fn canonical<'a>(
        &'a self,
        request: &'a request::Parts,
        unsigned: &'a Unsigned,
        host: &'a str,
    ) -> Result<CanonicalRequest<'a>> {
        let query = unsigned.query.as_deref().or(request.uri.query());
        CanonicalRequest::new(
            request.method.as_str(),
            self.settings.path,
            (uri::path(&request.uri), query.unwrap_or_default()),
            self.signed_headers(request, host),
            unsigned.payload.text(),
        )
        .map_err(broken_query)
    }

    fn signed_headers<'a>(&self, request: &'a request::Parts, host: &'a str) -> SignedHeaders<'a> {
        SignedHeaders::choose(&request.headers, host, |name| self.settings.signs(name))
    }
}

/// Says in the head that the body comes in chunks, how long it is and what follows it.
fn announce(request: &mut request::Parts, body: &Payload, chunked: Chunked) -> Result<PayloadHash> {
    let length = body.len().ok_or_else(no_length)?;
    let headers = &mut request.headers;
    let coding = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"") => AWS_CHUNKED.as_bytes().to_vec(),
        Some(own) => [own, b",", AWS_CHUNKED.as_bytes()].concat(),
    };
    let coding = HeaderValue::try_from(coding).map_err(not_a_value)?;
    headers.insert(CONTENT_ENCODING, coding);
    headers.insert(X_AMZ_DECODED_CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(checksum) = chunked.trailer() {
        let name = HeaderValue::from_static(checksum.trailer());
        headers.insert(X_AMZ_TRAILER, name);
    }
    // It is signed where it is given, so it has to be that of the chunks.
    if headers.contains_key(CONTENT_LENGTH) {
        let encoded = HeaderValue::from(encoded_len(chunked, length));
        headers.insert(CONTENT_LENGTH, encoded);
    }
    Ok(PayloadHash::streaming(chunked.form()))
}

pub(super) fn no_place(error: UriError) -> Error {
    Error::configuration("the request has no place for a signature in its query").with_source(error)
}

/// The host that is signed.
pub(super) fn host_of(request: &request::Parts) -> Result<Cow<'_, str>> {
    host::outgoing(request).map_err(no_host)
}

fn no_host(error: HostError) -> Error {
    Error::configuration(match error {
        HostError::Missing => {
            "the request has no host to sign: give it an absolute URI or a Host header"
        }
        HostError::Ambiguous => "the request has several Host headers, or one that is not ASCII",
    })
}

fn no_hash() -> Error {
    Error::configuration(
        "x-amz-content-sha256 is no SHA-256 in lower-case hexadecimal and not UNSIGNED-PAYLOAD",
    )
}

fn no_length() -> Error {
    Error::configuration(
        "S3 has to know the length of a body before its first chunk: give the stream an exact length",
    )
}

fn not_in_memory() -> Error {
    Error::new(
        ErrorKind::BodyNotReplayable,
        "the body is not in memory, so its hash cannot be signed: set x-amz-content-sha256, sign it in chunks \
         (SigV4Builder::chunked), or leave it unsigned (SigV4Builder::unsigned_payload)",
    )
}

fn broken_query(error: DecodeError) -> Error {
    Error::configuration("the query holds a broken percent-escape").with_source(error)
}
