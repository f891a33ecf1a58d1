//! [`OAuth2Exchange`], what one request goes through.

use std::sync::Arc;

use countersign_core::canonical::query::{self, RawPair};
use countersign_core::placement::Placed;
use countersign_core::{Error, Exchange, Leg, Next, Payload, Result, Touch};
use countersign_token::Held;
use http::{StatusCode, request, response};

use super::OAuth2;

/// The exchange of [`OAuth2`].
#[derive(Debug)]
pub struct OAuth2Exchange {
    pub(super) scheme: OAuth2,
    pub(super) placed: Placed,
    /// The token, where it can be renewed.
    pub(super) held: Option<Arc<Held>>,
    pub(super) restarted: bool,
}

/// A request has its token in one place only: RFC 6750 section 2.
fn drop_others(request: &mut request::Parts) -> Result<()> {
    let is_token = |pair: RawPair<'_>| pair.is_named("access_token");
    if query::pairs(request.uri.query().unwrap_or_default()).any(is_token) {
        let others = query::retain(&request.uri, |pair| !is_token(pair));
        request.uri = others.map_err(|error| {
            Error::configuration("the URL's access_token cannot be taken out").with_source(error)
        })?;
    }
    Ok(())
}

impl Exchange for OAuth2Exchange {
    fn name(&self) -> &'static str {
        "oauth2"
    }

    fn reveals(&self) -> bool {
        true
    }

    fn plan(&self) -> Leg {
        match self.restarted {
            true => Leg::Last,
            false => Leg::Tentative,
        }
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.placed.reads_body()
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        part.is_parameter("access_token") || self.placed.touches(part)
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        drop_others(request)?;
        self.placed.put(request, body, self.name())
    }

    /// A second refusal is the caller's answer.
    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let Some(held) = &self.held else {
            return Ok(Next::Done);
        };
        if response.status != StatusCode::UNAUTHORIZED {
            held.accepted();
        }
        match !self.restarted && self.scheme.renews(held, response) {
            true => Ok(Next::Restart),
            false => Ok(Next::Done),
        }
    }
}
