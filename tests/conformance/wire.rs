//! [`Wire`].

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, Request};
use url::Position;

/// Fields that HTTP itself and reqwest put in: no scheme's work.
const FRAMING: [&str; 4] = ["accept", "content-length", "host", "transfer-encoding"];

/// A request as it came over the wire, so that two can be compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Wire {
    method: String,
    host: String,
    target: String,
    /// Each with its value; of credentials the parts between commas, whose order is free (RFC 9110, section 11.4).
    fields: BTreeSet<(String, Vec<String>)>,
    body: Bytes,
}

impl Wire {
    /// What is expected.
    pub(crate) fn of(sent: &Request<Bytes>) -> Self {
        let uri = sent.uri();
        Self {
            method: sent.method().to_string(),
            host: uri.authority().unwrap().to_string(),
            target: uri.path_and_query().unwrap().to_string(),
            fields: fields(sent.headers()),
            body: sent.body().clone(),
        }
    }

    /// What came.
    pub(crate) fn received(request: &wiremock::Request) -> Self {
        let host = request.headers["host"].to_str().unwrap();
        Self {
            method: request.method.to_string(),
            host: host.to_owned(),
            target: request.url[Position::BeforePath..].to_owned(),
            fields: fields(&request.headers),
            body: request.body.clone().into(),
        }
    }
}

fn fields(headers: &HeaderMap) -> BTreeSet<(String, Vec<String>)> {
    let own = headers
        .iter()
        .filter(|(name, _)| !FRAMING.contains(&name.as_str()));
    own.map(|(name, value)| {
        let value = value.to_str().unwrap();
        let value = match name.as_str() {
            "authorization" => parts(value),
            _ => vec![value.to_owned()],
        };
        (name.to_string(), value)
    })
    .collect()
}

fn parts(credentials: &str) -> Vec<String> {
    let Some((scheme, parameters)) = credentials.split_once(' ') else {
        return vec![credentials.to_owned()];
    };
    let mut parts: Vec<_> = parameters.split(", ").map(str::to_owned).collect();
    parts.sort_unstable();
    parts.insert(0, scheme.to_owned());
    parts
}
