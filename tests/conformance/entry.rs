//! [`Entry`].

use bytes::Bytes;
use conformance::{Driver, Fetcher};
use countersign_core::{Any, ErrorKind};
use http::{Request, Uri};
use wiremock::ResponseTemplate;

use crate::wire::Wire;

/// How a request ends for its caller.
pub(crate) type End = Result<u16, ErrorKind>;

/// A scheme in one form.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Names the form in failures.
    pub(crate) name: &'static str,
    /// A client with this secret, whose own endpoint is reached so.
    pub(crate) client: fn(&str, Fetcher) -> Any,
    /// The right secret and a wrong one; the same twice where there is none.
    pub(crate) secrets: [&'static str; 2],
    /// What the caller sends.
    pub(crate) request: Request<Bytes>,
    /// What goes over the wire, and what is answered.
    pub(crate) legs: Vec<Leg>,
    /// How it ends: with the last answer, where nothing else is said.
    pub(crate) end: End,
    /// Whether the scheme authenticates a connection.
    pub(crate) on_a_connection: bool,
}

/// One request, and its answer.
#[derive(Clone)]
pub(crate) struct Leg {
    pub(crate) sent: Request<Bytes>,
    pub(crate) answer: ResponseTemplate,
}

impl Entry {
    pub(crate) fn new(
        name: &'static str,
        secrets: [&'static str; 2],
        request: Request<Bytes>,
        client: fn(&str, Fetcher) -> Any,
    ) -> Self {
        Self {
            name,
            client,
            secrets,
            request,
            legs: Vec::new(),
            end: Ok(200),
            on_a_connection: false,
        }
    }

    /// The request with these fields in addition, and the answer to it.
    pub(crate) fn leg(self, fields: &[(&'static str, &str)], answer: ResponseTemplate) -> Self {
        let mut sent = self.request.clone();
        for (name, value) in fields {
            sent.headers_mut().append(*name, value.parse().unwrap());
        }
        self.exactly(sent, answer)
    }

    /// The request with one credential in addition, which is accepted.
    pub(crate) fn accepted(self, name: &'static str, value: &str) -> Self {
        self.leg(&[(name, value)], ok())
    }

    /// The request at another target, which is accepted.
    pub(crate) fn accepted_at(self, target: &'static str) -> Self {
        let mut sent = self.request.clone();
        let mut parts = sent.uri().clone().into_parts();
        parts.path_and_query = Some(target.parse().unwrap());
        *sent.uri_mut() = Uri::from_parts(parts).unwrap();
        self.exactly(sent, ok())
    }

    /// The request as it is, and the challenges in the refusal of it.
    pub(crate) fn asked(self, challenges: &[&str]) -> Self {
        let add = |answer: ResponseTemplate, challenge: &&str| {
            answer.append_header("www-authenticate", *challenge)
        };
        let refusal = challenges.iter().fold(refusal(), add);
        self.leg(&[], refusal)
    }

    /// Exactly this request, and the answer to it.
    pub(crate) fn exactly(mut self, sent: Request<Bytes>, answer: ResponseTemplate) -> Self {
        self.legs.push(Leg { sent, answer });
        self
    }

    /// How it ends.
    pub(crate) fn ends(self, end: End) -> Self {
        Self { end, ..self }
    }

    /// The same, where the last answer leads to another origin: nothing goes there but what the caller sent.
    pub(crate) fn redirected(mut self) -> Self {
        let there = match self.is_over_tls() {
            true => "https://elsewhere.test/there",
            false => "http://elsewhere.test/there",
        };
        let mut sent = self.request.clone();
        *sent.uri_mut() = Uri::from_static(there);
        self.legs.last_mut().unwrap().answer =
            ResponseTemplate::new(307).insert_header("location", there);
        self.exactly(sent, ok())
    }

    pub(crate) fn on_a_connection(self) -> Self {
        Self {
            on_a_connection: true,
            ..self
        }
    }

    pub(crate) fn drivers(&self) -> &'static [Driver] {
        match self.on_a_connection {
            true => &Driver::WITH_LANES,
            false => &Driver::ALL,
        }
    }

    pub(crate) fn expected(&self) -> Vec<Wire> {
        self.legs.iter().map(|leg| Wire::of(&leg.sent)).collect()
    }

    pub(crate) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.legs.iter().filter_map(|leg| leg.sent.uri().host())
    }

    pub(crate) fn is_over_tls(&self) -> bool {
        self.request.uri().scheme() == Some(&http::uri::Scheme::HTTPS)
    }
}

pub(crate) fn ok() -> ResponseTemplate {
    ResponseTemplate::new(200)
}

pub(crate) fn refusal() -> ResponseTemplate {
    ResponseTemplate::new(401)
}

pub(crate) fn get(uri: &str) -> Request<Bytes> {
    Request::get(uri).body(Bytes::new()).unwrap()
}

pub(crate) fn post(uri: &str, content_type: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    let request = Request::post(uri).header("content-type", content_type);
    request.body(body.into()).unwrap()
}
