//! [`Attempt`], a signature that only the consumer's key can settle.

use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Fingerprint, Result, Secret, Use, Used};
use http::request;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::consumer::{Consumer, ConsumerQuery, Proof};
use super::head::{Head, WINDOW, check_window};
use super::{Server, Signer};
use crate::address::Address;
use crate::base_string::{BaseString, Parameters};
use crate::client::NAME;
use crate::key::Key;
use crate::message::Claim;
use crate::method::SignatureMethod;

/// What is judged, apart from the request that it came with.
pub(super) struct Attempt {
    claim: Claim,
    method: SignatureMethod,
    base_string: Vec<u8>,
}

impl Attempt {
    pub(super) fn new(
        server: &Server,
        request: &request::Parts,
        head: Head<'_>,
    ) -> Result<Self, Reason> {
        let address = Address::incoming(request, &server.scheme);
        let address = address.map_err(|_| Reason::Malformed)?;
        let query = request.uri.query().unwrap_or_default();
        let header = head.claimed.header.iter();
        let header: Vec<_> = header.map(|(name, value)| (&**name, &**value)).collect();
        let parameters = Parameters::new(query, head.form, &header);
        let parameters = parameters.map_err(|_| Reason::Malformed)?;
        let base_string = BaseString::new(&request.method, address, parameters).text();
        Ok(Self {
            claim: head.claimed.claim,
            method: head.method,
            base_string,
        })
    }

    /// The nonce is spent last, and only by a right signature.
    pub(super) async fn judge(self, server: &Server) -> Result<Verdict<Signer>> {
        let query = ConsumerQuery::new(&self.claim.consumer_key, self.claim.token.as_deref());
        let known = server.consumers.find(query).await?;
        let right = self.is_signed_by(server, known.as_ref())?;
        let now = server.sources.unix_time();
        let time = self.claim.timestamp.unwrap_or(now);
        if !right || check_window(now, time).is_err() {
            return Ok(server.refuse(Reason::Rejected));
        }
        match self.spend(server, now, time).await? {
            Used::First => Ok(Verdict::accept(NAME, self.signer())),
            Used::Full => Ok(server.refuse(Reason::Unavailable)),
            _ => Ok(server.refuse(Reason::Rejected)),
        }
    }

    /// With a shared secret it costs the same whether the consumer is known or not.
    fn is_signed_by(&self, server: &Server, known: Option<&Consumer>) -> Result<bool> {
        let known = known.filter(|known| {
            known.method == self.method
                && (known.token_secret.is_some() || self.claim.token.is_none())
        });
        match known.map(|known| (&known.proof, known.token_secret.as_ref())) {
            Some((Proof::Secret(secret), token)) => self.is_keyed_by(server, secret, token),
            #[cfg(feature = "rsa")]
            Some((Proof::Key(key), _)) => {
                Ok(key.verifies(self.method, &self.base_string, &self.claim.signature))
            }
            None if self.method.is_rsa() => Ok(false),
            None => self
                .is_keyed_by(server, &server.nobody, None)
                .map(|_| false),
        }
    }

    fn is_keyed_by(
        &self,
        server: &Server,
        consumer: &Secret,
        token: Option<&Secret>,
    ) -> Result<bool> {
        let given = self.claim.signature.as_bytes();
        let expected = Key::shared(self.method, consumer, token)?;
        let expected = expected.sign(&self.base_string, &server.sources)?;
        match self.method {
            // Of unlike lengths, so compared by their hashes.
            SignatureMethod::Plaintext => Ok(Fingerprint::of(expected) == Fingerprint::of(given)),
            _ => Ok(expected.as_slice().ct_eq(given).into()),
        }
    }

    async fn spend(&self, server: &Server, now: u64, time: u64) -> Result<Used> {
        let Some(nonce) = &self.claim.nonce else {
            return Ok(Used::First);
        };
        let used = Use {
            nonce: &self.unique(nonce, time),
            count: 0,
            now,
            expires: time.saturating_add(WINDOW),
        };
        server.guard.record(used).await
    }

    /// A nonce is unique for its consumer, token and time, and is remembered by a hash of these, of whatever length
    /// they are.
    fn unique(&self, nonce: &str, time: u64) -> [u8; 32] {
        let token = self.claim.token.as_deref().unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [&self.claim.consumer_key, token, nonce] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.update(time.to_be_bytes());
        hash.finalize().into()
    }

    fn signer(self) -> Signer {
        Signer {
            consumer_key: self.claim.consumer_key,
            token: self.claim.token,
            callback: self.claim.callback,
            verifier: self.claim.verifier,
        }
    }
}
