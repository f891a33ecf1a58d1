//! The laws.

use std::collections::HashSet;

use countersign_core::Failure;
use countersign_core::challenge::{Credentials, parse_credentials};
use http::header::{AUTHORIZATION, PROXY_AUTHORIZATION};
use http::{HeaderName, HeaderValue, Method};

use super::fickle::{CANARY, REVEALING};
use super::server::{Leg, Lost};
use super::stack::{Asked, Outcome, Stack};

/// Legs of one hop, and hops of one request with the first.
const LEGS: usize = 3;
const HOPS: usize = 11;

const CREDENTIALS: [HeaderName; 2] = [AUTHORIZATION, PROXY_AUTHORIZATION];

pub(crate) fn request(stack: &Stack, asked: &Asked, outcome: &Outcome) {
    let log = stack.server.log();
    let mut legs = log.clone();
    legs.retain(|leg| leg.hop.request == stack.last());
    bounded(&legs);
    let mut at_home = stack.only.as_ref().is_none_or(|only| *only == asked.origin);
    for leg in &legs {
        at_home &= leg.origin().as_ref() == Some(&asked.origin);
        if !at_home {
            shows_nothing(leg);
        }
        if !stack.allows_cleartext {
            reveals_nothing(leg);
        }
    }
    whole(stack, asked, &legs);
    sent_what_is_accepted(asked, &legs, outcome);
    ends_as_answered(&legs, outcome);
    keeps_secrets(outcome);
}

fn bounded(legs: &[Leg]) {
    for leg in legs {
        assert!(leg.hop.hop < HOPS, "too many hops");
        let same = legs.iter().filter(|other| other.hop == leg.hop);
        assert!(same.count() <= LEGS, "too many legs");
    }
}

fn text(leg: &Leg) -> String {
    format!(
        "{:?} {:?} {:?}",
        leg.uri,
        values(leg),
        leg.body.as_deref().map(String::from_utf8_lossy)
    )
}

/// Sensitive ones too.
fn values(leg: &Leg) -> Vec<(&HeaderName, std::borrow::Cow<'_, str>)> {
    let headers = leg.headers.iter();
    headers
        .map(|(name, value)| (name, String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// The credentials of a scheme; what the caller itself put there is none.
fn credentials(leg: &Leg) -> impl Iterator<Item = &HeaderValue> {
    let values = CREDENTIALS
        .iter()
        .flat_map(|name| leg.headers.get_all(name));
    values.filter(|value| *value != "the caller's own")
}

/// Where no credential may go, none goes.
fn shows_nothing(leg: &Leg) {
    assert_eq!(
        credentials(leg).next(),
        None,
        "a credential for {}",
        leg.uri
    );
    assert!(
        !text(leg).contains(CANARY),
        "a credential for {}: {}",
        leg.uri,
        text(leg)
    );
}

fn reveals_nothing(leg: &Leg) {
    let safe = leg.origin().is_some_and(|origin| !origin.is_cleartext());
    let reveals = credentials(leg).any(|value| value.as_bytes().starts_with(b"Basic "));
    assert!(
        safe || !reveals && !text(leg).contains(REVEALING),
        "readable: {}",
        text(leg)
    );
}

/// A body arrives whole, or the method says that it was meant to be left out.
fn whole(stack: &Stack, asked: &Asked, legs: &[Leg]) {
    let content = asked.body.content();
    for leg in legs
        .iter()
        .filter(|leg| stack.is_real && leg.method == asked.method)
    {
        assert!(
            leg.body.is_none() || leg.body == content,
            "a part of a body"
        );
    }
}

/// What the caller takes for accepted was not a leg whose body was held back.
fn sent_what_is_accepted(asked: &Asked, legs: &[Leg], outcome: &Outcome) {
    let accepted = outcome
        .as_ref()
        .is_ok_and(|answer| answer.status().is_success());
    let content = asked.body.content();
    let has_body = content.is_none_or(|content| !content.is_empty());
    let last = legs.last().filter(|_| accepted && has_body);
    if let Some(last) = last.filter(|last| last.method == asked.method) {
        assert_ne!(last.body.as_deref(), Some(&b""[..]), "a lost body");
    }
    assert!(
        last.is_none_or(|last| last.method != Method::HEAD),
        "a lost body"
    );
}

fn ends_as_answered(legs: &[Leg], outcome: &Outcome) {
    let last = legs.last().and_then(|leg| leg.status);
    match outcome {
        Ok(response) => assert_eq!(Some(response.status()), last),
        Err(Failure::Inner(Lost)) => {}
        Err(Failure::Auth(_)) => {}
    }
}

fn keeps_secrets(outcome: &Outcome) {
    if let Err(Failure::Auth(error)) = outcome {
        assert!(!format!("{error} {error:?}").contains(CANARY));
    }
}

/// What is signed with a nonce goes where the nonce came from, and no count of a nonce is used twice.
pub(crate) fn counts(log: &[Leg]) {
    let mut seen = HashSet::new();
    for (index, leg) in log.iter().enumerate() {
        for value in credentials(leg) {
            let Ok(credentials) = parse_credentials(value) else {
                continue;
            };
            if credentials.is("Digest") {
                let nonce = credentials.param("nonce").unwrap_or_default();
                assert!(
                    came_from_there(&log[..index], leg, nonce),
                    "a nonce of another origin"
                );
                let used = used(leg, &credentials);
                assert!(used.is_none() || seen.insert(used), "a count twice");
            }
        }
    }
}

fn came_from_there(before: &[Leg], leg: &Leg, nonce: &[u8]) -> bool {
    let there = before
        .iter()
        .filter(|earlier| earlier.origin() == leg.origin());
    there
        .flat_map(|earlier| &earlier.nonces)
        .any(|known| known == nonce)
}

/// Without `qop` there is no count.
fn used(leg: &Leg, credentials: &Credentials<'_>) -> Option<Vec<String>> {
    credentials.param("qop")?;
    let text = |name| credentials.text(name).unwrap_or_default().to_owned();
    let origin = format!("{:?}", leg.origin());
    Some(vec![origin, text("nonce"), text("cnonce"), text("nc")])
}
