//! What a refusal most likely comes from, by what is seen of it in this exchange. Without evidence nothing is said.

mod clock;
mod expiry;
mod offer;
mod space;

use std::time::Duration;

use countersign::{AuthType, Parameters};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::send::{Leg, Received, Sent};

/// What is known of a refused request.
pub(crate) struct Evidence<'a> {
    /// The legs, as they went out and were answered.
    pub(crate) legs: &'a [Leg],
    /// The type of authentication.
    pub(crate) kind: AuthType,
    /// Its parameters, where they are known.
    pub(crate) parameters: Option<&'a Parameters>,
    /// The time that signatures were made for, since 1970.
    pub(crate) now: Duration,
}

impl Evidence<'_> {
    fn last(&self) -> Option<(&Sent, &Received)> {
        let leg = self.legs.last()?;
        Some((&leg.request, leg.response.as_ref()?))
    }

    /// What went out with credentials.
    fn signed(&self) -> impl Iterator<Item = &Sent> {
        let sent = self.legs.iter().map(|leg| &leg.request);
        sent.filter(|sent| sent.added.has_credentials())
    }
}

/// The most likely cause of a refusal, with its evidence; none of any other answer.
pub(crate) fn cause(evidence: &Evidence<'_>) -> Option<String> {
    let (_, answer) = evidence.last()?;
    let cause = match answer.status {
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => offer::of_proxy(answer),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => offer::missing(evidence)
            .or_else(|| offer::unanswered(evidence))
            .or_else(|| expiry::ended(evidence))
            .or_else(|| clock::apart(evidence))
            .or_else(|| space::around(evidence)),
        _ => None,
    };
    cause.map(|cause| format!("likely cause: {cause}"))
}

/// The value of `Authorization`, behind its first word, which is told beside it.
fn authorization(sent: &Sent) -> Option<(&str, &str)> {
    let value = sent.headers.get(header::AUTHORIZATION)?;
    let text = value.to_str().ok()?;
    Some(text.split_once(' ').unwrap_or((text, "")))
}

/// All values of a header.
fn values<'a>(answer: &'a Received, name: &HeaderName) -> impl Iterator<Item = &'a HeaderValue> {
    answer.headers.get_all(name).iter()
}
