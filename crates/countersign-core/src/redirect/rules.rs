//! What a redirect makes of a request (RFC 9110 section 15.4). No I/O.

use std::sync::Arc;

use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, LOCATION, PROXY_AUTHORIZATION, REFERER,
    TRANSFER_ENCODING,
};
use http::{Method, StatusCode, Uri, request, response};
use url::Url;

use super::added::Added;
use crate::drive::CrossedOrigin;
use crate::origin::Origin;

/// Which redirects are followed, and how far credentials may go with them.
#[derive(Clone, Debug)]
pub struct Policy {
    max_hops: usize,
    trusted: Arc<[Origin]>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_hops: 10,
            trusted: Arc::new([]),
        }
    }
}

impl Policy {
    /// Follows at most this many redirects of one request, then hands the redirect to the caller. 10 by default.
    #[must_use]
    pub fn max_hops(self, max_hops: usize) -> Self {
        Self { max_hops, ..self }
    }

    /// Authenticates also at these origins when a redirect leads there, as if the caller had addressed them. None by
    /// default.
    #[must_use]
    pub fn trust(self, origins: impl IntoIterator<Item = Origin>) -> Self {
        Self {
            trusted: origins.into_iter().collect(),
            ..self
        }
    }
}

/// What became of a request after a redirect.
pub(super) struct Hop {
    pub(super) head: request::Parts,
    pub(super) keeps_body: bool,
}

/// The next request, or `None` where the answer is no redirect that can be followed.
pub(super) fn next_hop(
    policy: &Policy,
    hops: usize,
    head: &request::Parts,
    response: &response::Parts,
    added: &Added,
) -> Option<Hop> {
    if hops >= policy.max_hops {
        return None;
    }
    let keeps_body = keeps_body(response.status, &head.method)?;
    let target = target(head, response, added)?;
    let uri: Uri = target.as_str().parse().ok()?;
    let mut next = head.clone();
    let crosses = crosses(policy, &head.uri, &uri);
    if crosses && added.is_echoed_in(&target) {
        return None;
    }
    if crosses {
        next.extensions.insert(CrossedOrigin);
        drop_credentials(&mut next.headers);
    }
    if !keeps_body {
        drop_body(&mut next);
    }
    next.uri = uri;
    Some(Hop {
        head: next,
        keeps_body,
    })
}

fn keeps_body(status: StatusCode, method: &Method) -> Option<bool> {
    match status {
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => Some(*method != Method::POST),
        StatusCode::SEE_OTHER => Some(matches!(*method, Method::GET | Method::HEAD)),
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => Some(true),
        _ => None,
    }
}

/// Where it leads: over HTTP, without user information, and without the parameters that a scheme had added.
fn target(head: &request::Parts, response: &response::Parts, added: &Added) -> Option<Url> {
    let mut locations = response.headers.get_all(LOCATION).iter();
    let location = locations
        .next()?
        .to_str()
        .ok()
        .filter(|_| locations.next().is_none())?;
    let mut target = Url::parse(&head.uri.to_string())
        .ok()?
        .join(location)
        .ok()?;
    if !matches!(target.scheme(), "http" | "https") {
        return None;
    }
    target.set_username("").ok()?;
    target.set_password(None).ok()?;
    target.set_fragment(None);
    added.remove_from(&mut target);
    Some(target)
}

fn crosses(policy: &Policy, from: &Uri, to: &Uri) -> bool {
    let (from, to) = (Origin::of(from), Origin::of(to));
    from.is_none() || from != to && !to.is_some_and(|to| policy.trusted.contains(&to))
}

/// Drops what the caller itself may have put in to identify it, and whatever it marked as sensitive.
fn drop_credentials(headers: &mut HeaderMap) {
    let sensitive = headers.iter().filter(|(_, value)| value.is_sensitive());
    let mut names: Vec<HeaderName> = sensitive.map(|(name, _)| name.clone()).collect();
    names.extend([AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, REFERER]);
    names.iter().for_each(|name| drop(headers.remove(name)));
    headers.remove("cookie2");
    headers.remove(http::header::HOST);
}

fn drop_body(next: &mut request::Parts) {
    if next.method != Method::HEAD {
        next.method = Method::GET;
    }
    for name in [
        CONTENT_TYPE,
        CONTENT_LENGTH,
        CONTENT_ENCODING,
        CONTENT_LANGUAGE,
        CONTENT_LOCATION,
        TRANSFER_ENCODING,
    ] {
        next.headers.remove(name);
    }
}
