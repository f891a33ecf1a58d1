//! How an answer is checked: section "Response Payload Validation" of the specification.

use countersign_core::{Error, ErrorKind, Next, Result};
use http::{HeaderMap, response};

use super::exchange::HawkExchange;
use crate::calculation::{Kind, Rest, content_type, payload_hash};
use crate::credentials::AnswerProof;
use crate::message::{SERVER_AUTHORIZATION, ServerAuthorization};

/// The body that an answer has to have.
pub(super) struct AwaitedBody {
    content_type: Box<[u8]>,
    hash: Box<str>,
}

impl HawkExchange {
    pub(super) fn check(&mut self, response: &response::Parts) -> Result<Next> {
        let Some(proof) = proof(&response.headers)? else {
            return match self.config.proof {
                AnswerProof::None => Ok(Next::Done),
                _ => Err(unproved("the answer has no Server-Authorization")),
            };
        };
        if !self.is_proved_by(&proof) {
            return Err(unproved(
                "the answer's Server-Authorization has a wrong mac",
            ));
        }
        if self.config.proof != AnswerProof::Body {
            return Ok(Next::Done);
        }
        let content_type = content_type(&response.headers);
        let (Some(hash), Some(content_type)) = (proof.hash, content_type) else {
            return Err(unproved(
                "the answer's Server-Authorization does not cover its body",
            ));
        };
        self.awaited = Some(Box::new(AwaitedBody {
            content_type: content_type.into(),
            hash: hash.into(),
        }));
        Ok(Next::Read)
    }

    fn is_proved_by(&self, proof: &ServerAuthorization<'_>) -> bool {
        let credentials = &self.config.credentials;
        let rest = Rest {
            hash: proof.hash,
            ext: proof.ext.as_deref(),
            app: credentials.bound_to(),
        };
        self.sent.as_ref().is_some_and(|sent| {
            sent.mac(credentials.keyed(), Kind::Response, &rest)
                .is(proof.mac)
        })
    }

    pub(super) fn check_body(&self, body: &[u8]) -> Result<()> {
        let algorithm = self.config.credentials.algorithm();
        let right = self.awaited.as_ref().is_some_and(|awaited| {
            payload_hash(algorithm, &awaited.content_type, body).is(&*awaited.hash)
        });
        match right {
            true => Ok(()),
            false => Err(unproved(
                "the answer's body is not the one that its Server-Authorization covers",
            )),
        }
    }
}

/// The one proof of an answer, if it has any.
fn proof(headers: &HeaderMap) -> Result<Option<ServerAuthorization<'_>>> {
    let mut values = headers.get_all(SERVER_AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match ServerAuthorization::read(value) {
            Some(proof) => Ok(Some(proof)),
            None => Err(unproved("the answer's Server-Authorization cannot be read")),
        },
        (Some(_), Some(_)) => Err(unproved(
            "the answer has several Server-Authorization headers",
        )),
    }
}

fn unproved(why: &'static str) -> Error {
    Error::new(ErrorKind::ServerAuthentication, why)
}
