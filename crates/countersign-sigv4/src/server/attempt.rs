//! [`Attempt`], a signature that only its key can settle.

use countersign_core::canonical::{host, uri};
use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Payload, Result, Secret, Use, Used};
use subtle::ConstantTimeEq;

use super::head::{BodyRule, Head};
use super::keys::KeyQuery;
use super::{Server, refuse};
use crate::canonical::{CanonicalRequest, Query, SignedHeaders};
use crate::chunked::{Chain, Decoder, Form, Trailers};
use crate::client::NAME;
use crate::credentials::Credentials;
use crate::hex::Hex;
use crate::key::{SigningKey, string_to_sign};
use crate::payload::PayloadHash;
use crate::sha256::Long;
use crate::time::Timestamp;

/// What is judged, apart from the request that it came with.
pub(super) struct Attempt {
    id: String,
    token: Option<Secret>,
    time: Timestamp,
    expires: u64,
    request: Hex,
    signature: String,
    chunks: Option<Chunks>,
}

/// A body that comes in chunks.
struct Chunks {
    form: Form,
    length: u64,
    trailers: Trailers,
}

impl Attempt {
    pub(super) fn new(server: &Server, head: &Head<'_>, body: &Payload) -> Result<Self, Reason> {
        let credential = head.claim.credential().ok_or(Reason::Malformed)?;
        let payload = payload(head.body, body)?;
        Ok(Self {
            id: credential.id.to_owned(),
            token: head.token()?,
            time: head.time,
            expires: head.expires,
            request: canonical_hash(server, head, &payload)?,
            signature: head.claim.signature.clone().into_owned(),
            chunks: chunks(head)?,
        })
    }

    /// The signature is spent last, and only if it is right.
    pub(super) async fn judge(self, server: &Server) -> Result<Verdict<String>> {
        let query = KeyQuery::new(&self.id, self.token.as_ref());
        let known = server.keys.find(query).await?;
        let secret = known.as_ref().map_or(&server.nobody, Credentials::secret);
        let key = SigningKey::derive(secret, self.time.day(), &server.scope);
        let now = server.sources.unix_time();
        let signed = self.signed_by(server, &key, known.as_ref());
        let Some(signature) = signed.filter(|_| now <= self.expires) else {
            return Ok(refuse(Reason::Forbidden));
        };
        match self.spend(server, now).await? {
            Used::First => Ok(self.accept(server, key, signature)),
            Used::Full => Ok(refuse(Reason::Unavailable)),
            _ => Ok(refuse(Reason::Forbidden)),
        }
    }

    fn accept(self, server: &Server, key: SigningKey, seed: Hex) -> Verdict<String> {
        let Some(Chunks {
            form,
            length,
            trailers,
        }) = self.chunks
        else {
            return Verdict::accept(NAME, self.id);
        };
        let chain = || Chain::new(key, self.time, &server.scope, seed);
        let chain = form.is_signed().then(chain);
        let decoder = Decoder::new(chain, trailers, length, server.max_chunk);
        Verdict::accept_decoding(NAME, self.id, decoder)
    }

    /// The signature, if it is right. Costs the same whether the key is known or not.
    fn signed_by(
        &self,
        server: &Server,
        key: &SigningKey,
        known: Option<&Credentials>,
    ) -> Option<Hex> {
        let text = string_to_sign(self.time, &server.scope, self.request);
        let expected = key.sign(&text);
        let equal = bool::from(expected.as_bytes().ct_eq(self.signature.as_bytes()));
        let now = server.sources.unix_time();
        let valid = known.is_some_and(|known| {
            known.token() == self.token.as_ref()
                && known.expires().is_none_or(|expires| now < expires)
        });
        (equal & valid).then_some(expected)
    }

    async fn spend(&self, server: &Server, now: u64) -> Result<Used> {
        let Some(guard) = &server.guard else {
            return Ok(Used::First);
        };
        let used = Use {
            nonce: self.signature.as_bytes(),
            count: 0,
            now,
            expires: self.expires,
        };
        guard.record(used).await
    }
}

fn payload(rule: BodyRule<'_>, body: &Payload) -> Result<PayloadHash, Reason> {
    let hash = || body.bytes().map(PayloadHash::of).ok_or(Reason::Unavailable);
    match rule {
        BodyRule::Unsigned => Ok(PayloadHash::Unsigned),
        BodyRule::Chunked(form, _) => Ok(PayloadHash::Streaming(form)),
        BodyRule::Hashed => hash(),
        BodyRule::Said(said) => match hash()? {
            hash if hash.text().as_bytes() == said => Ok(hash),
            _ => Err(Reason::Forbidden),
        },
    }
}

fn chunks(head: &Head<'_>) -> Result<Option<Chunks>, Reason> {
    let BodyRule::Chunked(form, length) = head.body else {
        return Ok(None);
    };
    let trailers = head.trailers(form)?;
    Ok(Some(Chunks {
        form,
        length,
        trailers,
    }))
}

fn canonical_hash(server: &Server, head: &Head<'_>, payload: &PayloadHash) -> Result<Hex, Reason> {
    let request = head.request;
    let host = host::incoming(request).map_err(|_| Reason::Malformed)?;
    let names = &head.claim.signed_headers;
    let is_signed = |name: &str| names.split(';').any(|signed| signed == name);
    let canonical = CanonicalRequest {
        method: request.method.as_str(),
        path: (server.path, uri::path(&request.uri)),
        query: Query::new(request.uri.query().unwrap_or_default()),
        headers: SignedHeaders::choose(&request.headers, host, is_signed),
        payload: payload.text(),
    };
    let mut text = Long::default();
    canonical.write(&mut text).map_err(|_| Reason::Malformed)?;
    Ok(text.hash())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_hash_that_is_said_has_to_be_that_of_the_body() {
        let (said, body) = (PayloadHash::of(b"a"), Payload::whole("a".into()));
        let rule = BodyRule::Said(said.text().as_bytes());
        assert_eq!(
            payload(rule, &body).map(|hash| hash.text() == said.text()),
            Ok(true)
        );
        let other = payload(rule, &Payload::whole("b".into()));
        assert_eq!(other.err(), Some(Reason::Forbidden));
        assert_eq!(
            payload(rule, &Payload::stream(None)).err(),
            Some(Reason::Unavailable)
        );
    }
}
