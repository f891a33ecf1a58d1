//! A small sound scheme and its broken sisters, to see that each law bites.

use std::sync::Arc;

use countersign_core::verify::{AnyVerifier, Reason, Verdict, Verify};
use countersign_core::{
    Any, Begin, MemoryGuard, Payload, ReplayGuard, Result, Sign, Sources, Touch, Use, Used,
    add_header,
};
use http::{HeaderMap, HeaderName, HeaderValue, request};
use sha2::{Digest, Sha256};

use crate::case::{Case, Keys, Nonce, Placement, Protects};
use crate::peer::at_once;

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
        protects: Protects {
            method: true,
            target: true,
            body: true,
        },
        nonce: Nonce::Once,
        legs: 1,
        storm: |_| HeaderMap::new(),
    }
}

macro_rules! flawed {
    ($flaw:expr) => {{
        let mut case = sound();
        case.client = |keys| Any::new(Toy::new(keys, $flaw));
        case.server = |keys| AnyVerifier::new(Toy::new(keys, $flaw));
        case
    }};
}

/// Cases that break one law each, with the law's name.
pub fn broken() -> Vec<(&'static str, Case)> {
    let talks = Case {
        debug: |keys| keys.secret.clone(),
        ..sound()
    };
    let bound = Case {
        protects: Protects::NOTHING,
        ..sound()
    };
    vec![
        (
            "accepts",
            Case {
                client: |keys| Any::new(Toy::new(keys, Flaw::Wrong)),
                ..sound()
            },
        ),
        ("refuses_strangers", flawed!(Flaw::AcceptsAll)),
        ("refuses_changes", flawed!(Flaw::ForgetsMethod)),
        ("refuses_changes", flawed!(Flaw::ForgetsTarget)),
        ("refuses_changes", flawed!(Flaw::ForgetsBody)),
        ("refuses_changes", bound),
        ("refuses_replay", flawed!(Flaw::ForgetsNonce)),
        ("keeps_secrets", flawed!(Flaw::ShowsField)),
        ("keeps_secrets", talks),
        ("takes_its_legs", Case { legs: 2, ..sound() }),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    Wrong,
    AcceptsAll,
    ForgetsMethod,
    ForgetsTarget,
    ForgetsBody,
    ForgetsNonce,
    ShowsField,
}

#[derive(Clone)]
struct Toy {
    secret: String,
    sources: Sources,
    flaw: Flaw,
    guard: Arc<MemoryGuard>,
}

impl std::fmt::Debug for Toy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Toy")
    }
}

impl Toy {
    fn new(keys: &Keys, flaw: Flaw) -> Self {
        let (secret, sources) = (keys.secret.clone(), keys.sources.clone());
        Self {
            secret,
            sources,
            flaw,
            guard: Arc::default(),
        }
    }

    fn seal(&self, nonce: &str, request: &request::Parts, body: &[u8]) -> String {
        let target = request
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let unless = |flaw, text: &str| {
            if self.flaw == flaw {
                String::new()
            } else {
                text.to_owned()
            }
        };
        let mut hash = Sha256::new();
        for part in [
            self.secret.clone(),
            nonce.to_owned(),
            unless(Flaw::ForgetsMethod, request.method.as_str()),
            unless(Flaw::ForgetsTarget, target),
            unless(Flaw::Wrong, "."),
        ] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        if self.flaw != Flaw::ForgetsBody {
            hash.update(body);
        }
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl Sign for Toy {
    fn name(&self) -> &'static str {
        "toy"
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        true
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        let shown = HeaderName::from_static("x-hint");
        [&FIELD, &shown].map(Touch::Header).contains(&part)
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let nonce = u64::from_be_bytes(self.sources.bytes()?).to_string();
        let seal = self.seal(&nonce, request, body.bytes().unwrap_or_default());
        let value = format!("{nonce}/{seal}");
        if self.flaw == Flaw::ShowsField {
            request.headers.insert(FIELD, value.parse().unwrap());
            request
                .headers
                .insert("x-hint", self.secret.parse().unwrap());
            return Ok(());
        }
        add_header(
            request,
            FIELD,
            HeaderValue::from_str(&value).unwrap(),
            "toy",
        );
        Ok(())
    }
}

impl Verify for Toy {
    type Principal = String;

    fn reads_body(&self, _: &request::Parts) -> bool {
        true
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<String>> {
        Begin::ready(self.judge(request, body.bytes().unwrap_or_default()))
    }
}

impl Toy {
    fn judge(&self, request: &request::Parts, body: &[u8]) -> Verdict<String> {
        let mut fields = request.headers.get_all(FIELD).iter();
        let (field, again) = (fields.next(), fields.next());
        if self.flaw == Flaw::AcceptsAll && again.is_none() {
            return Verdict::accept("toy", "anyone".into());
        }
        let Some(field) = field else {
            return Verdict::refuse(Reason::Missing);
        };
        let Some((nonce, seal)) = field.to_str().ok().and_then(|text| text.split_once('/')) else {
            return Verdict::refuse(Reason::Malformed);
        };
        if again.is_some() || self.seal(nonce, request, body) != seal || !self.is_first(nonce) {
            return Verdict::refuse(Reason::Rejected);
        }
        Verdict::accept("toy", "bob".into())
    }

    fn is_first(&self, nonce: &str) -> bool {
        let now = self.sources.unix_time();
        let used = Use {
            nonce: nonce.as_bytes(),
            count: 0,
            now,
            expires: now + LIFE,
        };
        self.flaw == Flaw::ForgetsNonce || at_once(self.guard.record(used)) == Used::First
    }
}
