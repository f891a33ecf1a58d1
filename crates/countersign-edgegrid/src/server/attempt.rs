//! [`Attempt`], a signature that only its key can settle.

use countersign_core::canonical::host;
use countersign_core::canonical::uri::request_target;
use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Payload, Result, Use, Used};
use http::{Method, request};

use super::{Server, WINDOW, refuse};
use crate::calculation::{Covered, Data, content_hash};
use crate::client::NAME;
use crate::credentials::Credentials;
use crate::message::Authorization;
use crate::time::Timestamp;

/// What is judged, apart from the request that it came with.
pub(super) struct Attempt {
    client_token: String,
    access_token: String,
    time: Timestamp,
    nonce: String,
    signature: String,
    data: Data,
    covers_body: bool,
}

impl Attempt {
    pub(super) fn new(
        server: &Server,
        claim: &Authorization<'_>,
        request: &request::Parts,
        body: &Payload,
    ) -> Result<Self, Reason> {
        if !server.is_fresh(claim) {
            return Err(Reason::Rejected);
        }
        let body = match server.wants_body(request) {
            true => body.bytes().ok_or(Reason::Unavailable)?,
            false => b"",
        };
        Ok(Self {
            client_token: claim.client_token.to_owned(),
            access_token: claim.access_token.to_owned(),
            time: claim.time.clone(),
            nonce: claim.nonce.to_owned(),
            signature: claim.signature.to_owned(),
            data: data(server, claim, request, body)?,
            covers_body: server.covers(&request.method, body),
        })
    }

    /// The nonce is spent last, and only if all else is right.
    pub(super) async fn judge(self, server: &Server) -> Result<Verdict<String>> {
        let tokens = (&*self.client_token, &*self.access_token);
        let known = server.tokens.find(tokens.0, tokens.1).await?;
        let right = self.is_signed_by(server, known.as_ref());
        let now = server.sources.unix_time();
        if !right || !self.covers_body || now > self.expires() {
            return Ok(refuse(Reason::Rejected));
        }
        match self.spend(server, now).await? {
            Used::First => Ok(Verdict::accept(NAME, self.client_token)),
            Used::Full => Ok(refuse(Reason::Unavailable)),
            _ => Ok(refuse(Reason::Rejected)),
        }
    }

    /// Costs the same whether the credentials are known or not.
    fn is_signed_by(&self, server: &Server, known: Option<&Credentials>) -> bool {
        let key = known.unwrap_or(&server.nobody).key();
        let expected = key.at(&self.time.text).sign(&self.data);
        let equal = expected.is(&self.signature);
        let same = |known: &Credentials| {
            known.client_token() == self.client_token && known.access_token() == self.access_token
        };
        equal & known.is_some_and(same)
    }

    async fn spend(&self, server: &Server, now: u64) -> Result<Used> {
        // No part can hold a semicolon.
        let nonce = [
            &*self.client_token,
            &self.access_token,
            &self.time.text,
            &self.nonce,
        ]
        .join(";");
        let used = Use {
            nonce: nonce.as_bytes(),
            count: 0,
            now,
            expires: self.expires(),
        };
        server.guard.record(used).await
    }

    /// The last second in which it is accepted.
    fn expires(&self) -> u64 {
        self.time.unix.saturating_add(WINDOW)
    }
}

fn data(
    server: &Server,
    claim: &Authorization<'_>,
    request: &request::Parts,
    body: &[u8],
) -> Result<Data, Reason> {
    let host = match &server.host {
        Some(host) => host,
        None => host::incoming(request).map_err(|_| Reason::Malformed)?,
    };
    let covered = Covered {
        method: request.method.as_str(),
        scheme: server.scheme.as_str(),
        host,
        target: &request_target(&request.uri),
        headers: &request.headers,
        signed: &server.signed,
        hash: content_hash(&request.method, body, server.max_body),
    };
    Ok(covered.data(claim.unsigned.as_bytes()))
}

impl Server {
    /// Whether the signature covers the whole body, if it has to.
    fn covers(&self, method: &Method, body: &[u8]) -> bool {
        let covered = match method {
            &Method::POST => self.max_body,
            _ => 0,
        };
        self.uncovered || body.len() <= covered
    }
}
