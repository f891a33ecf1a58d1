//! The table that the tour prints, without a secret in it.

use axum::body::HttpBody;
use axum::extract::Request;
use http::{HeaderMap, StatusCode, header};

/// One scheme through one driver.
pub(crate) struct Row {
    pub(crate) entry: &'static str,
    pub(crate) driver: &'static str,
    pub(crate) legs: Vec<String>,
    pub(crate) accepted: StatusCode,
    pub(crate) refused: StatusCode,
    pub(crate) open: bool,
}

pub(crate) fn print_head() {
    println!(
        "{:<20} {:<8} {:<4} {:<44} {:<6} wrong secret",
        "scheme", "driver", "legs", "added", "result"
    );
}

impl Row {
    /// Whether the right secret was let in and the wrong one was not.
    pub(crate) fn is_right(&self) -> bool {
        let refused: &[StatusCode] = match self.open {
            true => &[StatusCode::OK],
            // A signature that does not fit is 403 by the custom of some schemes.
            false => &[StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN],
        };
        self.accepted == StatusCode::OK && refused.contains(&self.refused)
    }

    pub(crate) fn print(&self) {
        let added = self.legs.last().map_or("", |leg| &**leg);
        let mark = if self.is_right() {
            ""
        } else {
            "  <-- not as it should be"
        };
        let (accepted, refused) = (self.accepted.as_u16(), self.refused.as_u16());
        println!(
            "{:<20} {:<8} {:<4} {added:<44} {accepted:<6} {refused}{mark}",
            self.entry,
            self.driver,
            self.legs.len(),
        );
    }
}

/// What a scheme added to a request: names in clear, values not.
pub(crate) fn added(request: &Request) -> String {
    let mut parts = headers(request.headers());
    let query = request
        .uri()
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'));
    let names: Vec<&str> = query
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, _)| name)
        .collect();
    match names.as_slice() {
        [] => {}
        [name] => parts.push(format!("?{name}=[redacted]")),
        [more @ .., name] => parts.push(format!("?{name}=[redacted] and {} more", more.len())),
    }
    if request.body().size_hint().exact() != Some(3) {
        parts.push("a form field".to_owned());
    }
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

fn headers(headers: &HeaderMap) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(value) = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
    {
        let scheme = value.split(' ').next().unwrap_or_default();
        parts.push(format!("Authorization: {scheme} [redacted]"));
    }
    for name in ["x-key", "cookie"] {
        if headers.contains_key(name) {
            parts.push(format!("{name}: [redacted]"));
        }
    }
    parts
}
