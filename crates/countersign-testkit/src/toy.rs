//! A small sound scheme and its broken sisters, to see that each law bites.

use std::sync::Arc;

use bytes::Bytes;
use countersign_core::verify::{AnyVerifier, Reason, Verdict, Verify};
use countersign_core::{
    Any, Begin, MemoryGuard, Payload, ReplayGuard, Result, Sign, Sources, Use, Used, add_header,
};
use http::{HeaderMap, HeaderName, HeaderValue, request};
use sha2::{Digest, Sha256};

use crate::case::{Case, Keys, Nonce, Placement, Protects};

const FIELD: HeaderName = HeaderName::from_static("x-seal");
const LIFE: u64 = 300;

/// A case that obeys every law: a hash over secret, nonce, method, target and body.
pub fn sound() -> Case {
    Case {
        name: "toy",
        scheme: "toy",
        client: |keys| Any::new(Toy::new(keys, Flaw::None)),
        server: |keys| AnyVerifier::new(Toy::new(keys, Flaw::None)),
        debug: |keys| format!("{:?}", Toy::new(keys, Flaw::None)),
        malform: |request| drop(request.headers.insert(FIELD, HeaderValue::from_static("?"))),
        placement: Placement::Header,
        protects: Protects { method: true, target: true, body: true },
        nonce: Nonce::Once,
        legs: 1,
        storm: |_| HeaderMap::new(),
    }
}

/// Cases that break one law each, by the law's name.
pub fn broken() -> Vec<(&'static str, Case)> {
    let with = |change: fn(&mut Case)| {
        let mut case = sound();
        change(&mut case);
        case
    };
    vec![
        ("accepts", with(|case| case.client = |keys| Any::new(Toy::new(keys, Flaw::WrongHash)))),
        ("refuses_others", with(|case| case.server = |keys| AnyVerifier::new(Toy::new(keys, Flaw::AcceptsAll)))),
        ("refuses_changes", both(Flaw::ForgetsBody)),
        ("refuses_changes", both(Flaw::ForgetsTarget)),
        ("refuses_changes", both(Flaw::ForgetsMethod)),
        ("refuses_replay", both(Flaw::ForgetsNonce)),
        ("keeps_secrets", with(|case| case.debug = |keys| keys.secret.clone())),
        ("keeps_secrets", both(Flaw::ShowsHeader)),
        ("stays_at_its_origin", both(Flaw::ShowsHeader)),
    ]
}

fn both(flaw: Flaw) -> Case {
    let mut case = sound();
    (case.client, case.server) = match flaw {
        Flaw::ForgetsBody => pair!(Flaw::ForgetsBody),
        Flaw::ForgetsTarget => pair!(Flaw::ForgetsTarget),
        Flaw::ForgetsMethod => pair!(Flaw::ForgetsMethod),
        Flaw::ForgetsNonce => pair!(Flaw::ForgetsNonce),
        _ => pair!(Flaw::ShowsHeader),
    };
    case
}
