//! One leg: a request on the wire and its answer.

use countersign::Preview;
use countersign::canonical::{query, uri};
use http::header::{COOKIE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, Version, request};

use super::tape::Tape;

/// One leg.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) request: Sent,
    pub(crate) response: Option<Received>,
}

/// A request as it went on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) added: Added,
    body: Tape,
    /// Whether `Host` is there only as the client puts it.
    pub(crate) owns_host: bool,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(super) body: Tape,
}

/// What a scheme and the cookie jar added to a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Added {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Pairs of the query, as they stand there.
    pub(crate) pairs: Vec<String>,
    /// Headers of the caller that the scheme put its own in place of.
    replaced: Vec<HeaderName>,
    /// Headers of the caller that the scheme took out.
    removed: Vec<HeaderName>,
    by_scheme: bool,
    /// Whether cookies of the jar are in it.
    by_jar: bool,
}

/// A request's head before a scheme added to it.
#[derive(Clone, Debug)]
pub(super) struct Before {
    headers: HeaderMap,
    uri: Uri,
}

/// A request's headers before the cookie jar added to them.
#[derive(Clone, Debug)]
pub(super) struct BeforeJar(pub(super) HeaderMap);

impl Before {
    pub(super) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        Self {
            headers: headers.clone(),
            uri: uri.clone(),
        }
    }

    /// What `headers` and `uri` have beyond this.
    fn added(&self, new_headers: &HeaderMap, uri: &Uri) -> Added {
        let is_new = |(name, value): &(&HeaderName, &HeaderValue)| {
            !self.headers.get_all(*name).iter().any(|old| old == value)
        };
        let new = new_headers.iter().filter(is_new);
        let headers: Vec<_> = new
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let names = headers.iter().map(|(name, _)| name);
        let replaced = names
            .filter(|name| self.headers.contains_key(*name))
            .cloned()
            .collect();
        let gone = |name: &&HeaderName| !new_headers.contains_key(*name);
        let removed = self.headers.keys().filter(gone).cloned().collect();
        let old = self.uri.query().unwrap_or_default();
        let pairs: Vec<String> = query::pairs(uri.query().unwrap_or_default())
            .filter(|pair| !query::pairs(old).any(|old| old == *pair))
            .map(|pair| pair.as_str().to_owned())
            .collect();
        Added {
            by_scheme: !headers.is_empty() || !pairs.is_empty(),
            headers,
            pairs,
            replaced,
            removed,
            by_jar: false,
        }
    }
}

impl Added {
    /// What was added to a request that has a [`Before`] in its extensions.
    pub(super) fn to(head: &request::Parts) -> Self {
        let Some(before) = head.extensions.get::<Before>() else {
            return Self::default();
        };
        let all = before.added(&head.headers, &head.uri);
        let Some(BeforeJar(signed)) = head.extensions.get() else {
            return all;
        };
        Self {
            headers: all.headers,
            by_jar: signed.get(COOKIE) != head.headers.get(COOKIE),
            ..before.added(signed, &head.uri)
        }
    }

    /// Whether this header was added.
    pub(crate) fn has(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        self.headers
            .iter()
            .any(|(known, added)| known == name && added == value)
    }

    /// What the scheme did to headers that were there.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = String> {
        let replaced = self.replaced.iter();
        let replaced =
            replaced.map(|name| format!("the scheme put its own {name} in place of the request's"));
        let removed = self.removed.iter();
        replaced.chain(removed.map(|name| format!("the scheme took out the request's {name}")))
    }

    /// That the cookie jar added something.
    pub(crate) fn remark_of_jar(&self) -> Option<&'static str> {
        self.by_jar.then_some("the jar put its cookies into cookie")
    }

    /// Whether the scheme added something.
    pub(crate) fn has_credentials(&self) -> bool {
        self.by_scheme
    }
}

impl Sent {
    /// As it is about to be sent. `Host` stands last, where the client puts it.
    pub(super) fn new(head: &request::Parts, added: Added, body: Tape) -> Self {
        let mut sent = Self {
            method: head.method.clone(),
            uri: head.uri.clone(),
            headers: head.headers.clone(),
            added,
            body,
            owns_host: !head.headers.contains_key(HOST),
        };
        let host = uri::authority(&sent.uri).filter(|_| sent.owns_host);
        if let Some(host) = host.and_then(|host| HeaderValue::from_str(&host).ok()) {
            sent.headers.insert(HOST, host);
        }
        sent
    }

    /// As [`new`](Self::new) for a request that is not sent.
    pub(crate) fn offline(preview: Preview) -> Self {
        let (mut head, body) = preview.request.into_parts();
        let added = Added::to(&head);
        super::framing::complete(&mut head, &http_body_util::Full::new(body.clone()));
        Self::new(&head, added, Tape::of(&body))
    }

    /// Notes the version in which it was answered: from HTTP/2 on there is no `Host`.
    pub(super) fn spoken(&mut self, version: Version) {
        if version >= Version::HTTP_2 && self.owns_host {
            self.headers.remove(HOST);
        }
    }

    /// The body as far as it was sent.
    pub(crate) fn body(&self) -> Vec<u8> {
        self.body.bytes()
    }
}

impl Received {
    /// The body as far as it was read.
    pub(crate) fn body(&self) -> Vec<u8> {
        self.body.bytes()
    }
}
