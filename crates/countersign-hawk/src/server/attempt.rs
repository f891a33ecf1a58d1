//! [`Attempt`], a header that only its key can settle.

use countersign_core::canonical::uri::request_target;
use countersign_core::verify::{Reason, Verdict};
use countersign_core::{Payload, Result, Use, Used};
use http::request;

use super::answer::Proof;
use super::{Caller, PayloadRule, Server, refuse};
use crate::algorithm::Algorithm;
use crate::calculation::{Covered, Kind, Rest, content_type, payload_hash, timestamp_mac};
use crate::client::NAME;
use crate::credentials::{AnswerProof, App, Credentials};
use crate::message::{Authorization, Challenge};

/// What is judged, apart from the request that it came with.
pub(super) struct Attempt {
    caller: Caller,
    ts: u64,
    nonce: String,
    hash: Option<String>,
    mac: Box<[u8]>,
    app: Option<App>,
    covered: Covered,
    body: Result<(), Reason>,
}

impl Attempt {
    pub(super) fn new(
        server: &Server,
        claim: &Authorization<'_>,
        request: &request::Parts,
        body: &Payload,
    ) -> Result<Self, Reason> {
        let host = server.host(request)?;
        let target = request_target(&request.uri);
        let method = request.method.as_str();
        Ok(Self {
            caller: caller(claim),
            ts: claim.ts,
            nonce: claim.nonce.to_owned(),
            hash: claim.hash.map(str::to_owned),
            mac: claim.mac.into(),
            app: app(claim)?,
            covered: Covered::new(claim.ts, claim.nonce, method, &target, &host),
            body: server.check_body(claim, request, body),
        })
    }

    /// In the order in which each step is worth something: the nonce is spent last.
    pub(super) async fn judge(self, server: &Server) -> Result<Verdict<Caller>> {
        let known = server.keys.find(&self.caller.id).await?;
        // Costs the same where there is no such key.
        let right = self.is_signed_by(known.as_ref().unwrap_or(&server.nobody));
        let Some(credentials) = known.filter(|_| right) else {
            return Ok(refuse(Reason::Rejected));
        };
        let now = server.sources.unix_time();
        if server.is_stale(self.ts) {
            return stale(&credentials, now);
        }
        if let Err(reason) = self.body {
            return Ok(refuse(reason));
        }
        match self.spend(server, now).await? {
            Used::First => Ok(self.accept(server, &credentials)),
            Used::Full => Ok(refuse(Reason::Unavailable)),
            _ => Ok(refuse(Reason::Rejected)),
        }
    }

    fn is_signed_by(&self, credentials: &Credentials) -> bool {
        let rest = Rest {
            hash: self.hash.as_deref(),
            ext: self.caller.ext.as_deref(),
            app: self.app.as_ref(),
        };
        let mac = self.covered.mac(credentials.keyed(), Kind::Header, &rest);
        let bound = credentials.bound_to();
        let algorithm = self.hash.as_deref().and_then(hashed_with);
        mac.is(&self.mac)
            && (bound.is_none() || bound == self.app.as_ref())
            && algorithm.is_none_or(|algorithm| algorithm == credentials.algorithm())
    }

    async fn spend(&self, server: &Server, now: u64) -> Result<Used> {
        let mut ts = itoa::Buffer::new();
        // No part can hold a line feed.
        let nonce = [&self.caller.id, &self.nonce, ts.format(self.ts)].join("\n");
        let used = Use {
            nonce: nonce.as_bytes(),
            count: 0,
            now,
            expires: self.ts.saturating_add(server.skew),
        };
        server.guard.record(used).await
    }

    fn accept(self, server: &Server, credentials: &Credentials) -> Verdict<Caller> {
        if server.proof == AnswerProof::None {
            return Verdict::accept(NAME, self.caller);
        }
        let proof = Proof {
            keyed: credentials.keyed().clone(),
            covered: self.covered,
            app: self.app,
            ext: server.answer_ext.clone(),
            body: server.proof == AnswerProof::Body,
        };
        Verdict::accept_with(NAME, self.caller, proof)
    }
}

impl Server {
    pub(super) fn wants_body(&self, claim: &Authorization<'_>) -> bool {
        match self.payload {
            PayloadRule::Required => true,
            PayloadRule::Optional => claim.hash.is_some(),
            PayloadRule::Ignored => false,
        }
    }

    fn check_body(
        &self,
        claim: &Authorization<'_>,
        request: &request::Parts,
        body: &Payload,
    ) -> Result<(), Reason> {
        if !self.wants_body(claim) {
            return Ok(());
        }
        let bytes = body.bytes().ok_or(Reason::Unavailable)?;
        let right = match claim.hash {
            None => bytes.is_empty(),
            Some(hash) => {
                let content_type = content_type(&request.headers).ok_or(Reason::Malformed)?;
                hashed_with(hash)
                    .is_some_and(|algorithm| payload_hash(algorithm, content_type, bytes).is(hash))
            }
        };
        right.then_some(()).ok_or(Reason::Rejected)
    }
}

/// The algorithm whose hashes have this length in base64; the one of the key is not known yet.
fn hashed_with(hash: &str) -> Option<Algorithm> {
    match hash.len() {
        28 => Some(Algorithm::Sha1),
        44 => Some(Algorithm::Sha256),
        _ => None,
    }
}

fn caller(claim: &Authorization<'_>) -> Caller {
    Caller {
        app: claim.app.map(str::to_owned),
        dlg: claim.dlg.map(str::to_owned),
        ..Caller::new(claim.id, claim.ext.as_deref())
    }
}

/// A `dlg` without an `app` is not signed, so it must not be there.
fn app(claim: &Authorization<'_>) -> Result<Option<App>, Reason> {
    match (claim.app, claim.dlg) {
        (None, Some(_)) => Err(Reason::Malformed),
        (app, dlg) => Ok(app.map(|id| App {
            id: id.into(),
            dlg: dlg.map(Into::into),
        })),
    }
}

/// Tells the server's time to whoever has the key.
fn stale(credentials: &Credentials, now: u64) -> Result<Verdict<Caller>> {
    let tsm = timestamp_mac(credentials.keyed(), now);
    let challenge = Challenge {
        ts: now,
        tsm: tsm.as_str().to_owned(),
    };
    Ok(Verdict::challenge(Reason::Rejected, [challenge.write()?]))
}
