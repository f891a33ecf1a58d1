//! [`HawkExchange`], the legs of one request.

use std::fmt;
use std::sync::Arc;

use countersign_core::canonical::host::{self, HostError};
use countersign_core::canonical::uri::{default_port, request_target};
use countersign_core::{
    Error, ErrorKind, Exchange, Leg, Next, Offsets, Origin, Payload, Result, add_header,
};
use http::header::AUTHORIZATION;
use http::{StatusCode, request, response};

use super::NAME;
use super::answer::AwaitedBody;
use super::config::{Config, FRESH, PayloadHash};
use super::place::Place;
use crate::algorithm::Base64;
use crate::calculation::{self, Covered, Kind, Rest, content_type, payload_hash};
use crate::host::Host;
use crate::message::{Authorization, Challenge};

/// One request of [`Hawk`](crate::Hawk): one leg, or two if the first was refused for its time.
pub struct HawkExchange {
    pub(super) config: Arc<Config>,
    place: Place,
    offset: i64,
    corrected: bool,
    pub(super) sent: Option<Covered>,
    pub(super) awaited: Option<Box<AwaitedBody>>,
}

impl HawkExchange {
    pub(super) fn new(config: Arc<Config>, place: Place) -> Self {
        let offset = config.offsets.get(|| place.origin());
        Self {
            config,
            place,
            offset,
            corrected: false,
            sent: None,
            awaited: None,
        }
    }

    fn timestamp(&self) -> u64 {
        let now = || {
            self.config
                .sources
                .unix_time()
                .saturating_add_signed(self.offset)
        };
        self.config.timestamp.unwrap_or_else(now)
    }

    /// The port that is meant where the host names none.
    fn own_port(&self, request: &request::Parts) -> Option<u16> {
        let base = self.place.base().map(Origin::scheme);
        request.uri.scheme_str().or(base).and_then(default_port)
    }

    /// The hash of the body, if it is to be signed.
    fn hash(&self, request: &request::Parts, body: &Payload) -> Result<Option<Base64>> {
        let wanted = match self.config.payload {
            PayloadHash::Omit => false,
            PayloadHash::NonEmpty => !body.is_empty(),
            PayloadHash::Always => true,
        };
        if !wanted {
            return Ok(None);
        }
        let body = body.bytes().ok_or_else(not_in_memory)?;
        let content_type = content_type(&request.headers).ok_or_else(several_types)?;
        let algorithm = self.config.credentials.algorithm();
        Ok(Some(payload_hash(algorithm, content_type, body)))
    }

    /// Learns from a refusal; true if the request should be sent once more.
    fn learn(&mut self, response: &response::Parts) -> bool {
        if self.corrected || self.config.timestamp.is_some() {
            return false;
        }
        let Some(challenge) = Challenge::read(&response.headers) else {
            return false;
        };
        let tsm = calculation::timestamp_mac(self.config.credentials.keyed(), challenge.ts);
        let clock = self.config.sources.unix_time();
        let offset = Offsets::between(challenge.ts, clock, self.config.max_offset)
            .filter(|offset| tsm.is(&challenge.tsm) && *offset != self.offset);
        let Some(offset) = offset else { return false };
        self.corrected = true;
        self.offset = offset;
        self.config.offsets.set(self.place.origin(), offset);
        true
    }
}

impl Exchange for HawkExchange {
    fn name(&self) -> &'static str {
        NAME
    }

    fn plan(&self) -> Leg {
        match self.corrected || self.config.timestamp.is_some() {
            true => Leg::Last,
            false => Leg::Tentative,
        }
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.config.payload != PayloadHash::Omit
    }

    fn body_advice(&self) -> Option<&'static str> {
        Some("leave the payload hash out")
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let config = &self.config;
        let mut fresh = [0; FRESH];
        let (ts, nonce) = (self.timestamp(), config.nonce(&mut fresh)?);
        let text = host::outgoing(request, self.place.base()).map_err(no_host)?;
        let host = Host::read(&text, self.own_port(request)).ok_or_else(no_port)?;
        let target = request_target(&request.uri);
        let covered = Covered::new(ts, nonce, request.method.as_str(), &target, &host);
        let hash = self.hash(request, body)?;
        let app = config.credentials.bound_to();
        let rest = Rest {
            hash: hash.as_ref().map(Base64::as_str),
            ext: config.ext.as_deref(),
            app,
        };
        let value = Authorization {
            id: config.credentials.id(),
            ts,
            nonce,
            hash: rest.hash,
            ext: rest.ext.map(Into::into),
            mac: covered
                .mac(config.credentials.keyed(), Kind::Header, &rest)
                .as_bytes(),
            app: app.map(|app| &*app.id),
            dlg: app.and_then(|app| app.dlg.as_deref()),
        }
        .write()?;
        self.sent = Some(covered);
        add_header(request, AUTHORIZATION, value, NAME);
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        match response.status {
            StatusCode::UNAUTHORIZED if self.learn(response) => Ok(Next::Again),
            StatusCode::UNAUTHORIZED => Ok(Next::Done),
            _ => self.check(response),
        }
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.check_body(body)
    }
}

pub(super) fn no_host(error: HostError) -> Error {
    Error::configuration("the request has no host that can be signed").with_source(error)
}

fn no_port() -> Error {
    Error::configuration(
        "the request has no port that can be signed: give it an absolute URI, or the client a base origin",
    )
}

fn not_in_memory() -> Error {
    Error::new(
        ErrorKind::BodyNotReplayable,
        "the body is not in memory, so its hash cannot be signed: give it as bytes, or omit the hash",
    )
}

fn several_types() -> Error {
    Error::configuration("the request has several Content-Type headers: the hash covers one")
}

impl fmt::Debug for HawkExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HawkExchange")
            .field("plan", &self.plan())
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
