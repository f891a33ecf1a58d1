//! One JSON object, as scripts read it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use super::Report;
use super::offered::{self, OfferedObject};
use crate::exit::Failure;
use crate::redact::Redactor;
use crate::send::{Leg, Received, Sent};

#[derive(Serialize)]
struct Object {
    legs: Vec<LegObject>,
    outcome: &'static str,
    status: Option<u16>,
    error: Option<ErrorObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenges: Option<Vec<OfferedObject>>,
}

#[derive(Serialize)]
struct LegObject {
    request: RequestObject,
    response: Option<ResponseObject>,
}

/// A request as it went out.
#[derive(Serialize)]
pub(crate) struct RequestObject {
    method: String,
    url: String,
    headers: Vec<[String; 2]>,
    body: String,
}

#[derive(Serialize)]
struct ResponseObject {
    status: u16,
    headers: Vec<[String; 2]>,
    body: String,
}

/// Why there is no last answer.
#[derive(Serialize)]
pub(crate) struct ErrorObject {
    kind: String,
    message: String,
}

/// Prints it to standard output.
pub(super) fn print(report: &Report, redactor: &Redactor) {
    let object = Object {
        legs: report
            .legs()
            .iter()
            .map(|leg| self::leg(leg, redactor))
            .collect(),
        outcome: report.outcome(),
        status: report.status().map(|status| status.as_u16()),
        error: report
            .failure()
            .map(|failure| ErrorObject::of(failure, redactor)),
        challenges: report
            .offered()
            .map(|offered| offered::objects(offered, redactor)),
    };
    let text = serde_json::to_string(&object).unwrap_or_default();
    super::to_stdout(format!("{text}\n").as_bytes());
}

fn leg(leg: &Leg, redactor: &Redactor) -> LegObject {
    LegObject {
        request: RequestObject::of(&leg.request, redactor),
        response: leg
            .response
            .as_ref()
            .map(|response| self::response(response, redactor)),
    }
}

impl ErrorObject {
    /// Without the secrets that `redactor` knows.
    pub(crate) fn of(failure: &Failure, redactor: &Redactor) -> Self {
        Self {
            kind: failure.kind.clone(),
            message: redactor.text(&failure.to_string()),
        }
    }
}

impl RequestObject {
    /// Without the secrets that `redactor` knows.
    pub(crate) fn of(request: &Sent, redactor: &Redactor) -> Self {
        let is_added = |name: &HeaderName, value: &HeaderValue| request.added.has(name, value);
        Self {
            method: request.method.to_string(),
            url: redactor.url(&request.uri.to_string(), &request.added.pairs),
            headers: headers(&request.headers, is_added, redactor),
            body: STANDARD.encode(redactor.body(&request.body())),
        }
    }
}

fn response(response: &Received, redactor: &Redactor) -> ResponseObject {
    ResponseObject {
        status: response.status.as_u16(),
        headers: headers(&response.headers, |_, _| false, redactor),
        body: STANDARD.encode(redactor.bytes(&response.body())),
    }
}

fn headers(
    headers: &HeaderMap,
    is_added: impl Fn(&HeaderName, &HeaderValue) -> bool,
    redactor: &Redactor,
) -> Vec<[String; 2]> {
    let shown = |(name, value): (&HeaderName, &HeaderValue)| {
        [
            name.to_string(),
            redactor.header(name, value, is_added(name, value)),
        ]
    };
    headers.iter().map(shown).collect()
}
