//! OAuth 1.0a beside oauth1-request: the same protocol parameters, the signature above all, for the same request.
//!
//! The peer sorts parameters before it encodes them, where RFC 5849, section 3.4.1.3.2, has it the other way round; so
//! names here are such that it makes no difference, and no name occurs twice. It does not encode the signature of
//! PLAINTEXT for the header (section 3.5.1), which is undone here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use countersign_core::canonical::percent::{Plus, decode};
use countersign_core::challenge::parse_credentials;
use countersign_core::{Payload, Sign};
use countersign_oauth1::{Credentials, OAuth1, SignatureMethod};
use form_urlencoded::Serializer;
use http::{HeaderValue, Request};
use oauth1_request::signature_method::SignatureMethod as TheirMethod;
use oauth1_request::{Builder, HmacSha1, ParameterList, Plaintext};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Case {
    method: &'static str,
    uri: String,
    parameters: BTreeMap<String, String>,
    consumer: (String, String),
    token: Option<(String, String)>,
    nonce: String,
    timestamp: u64,
}

const TEXT: &str = "[ -~äß€漢😀]{1,20}";

fn case() -> impl Strategy<Value = Case> {
    // `oauth_` names are taken out by ours, and are not checked by the peer.
    let names = "[a-zA-Z0-9._~-]{1,20}"
        .prop_filter("a name of its own", |name| !name.starts_with("oauth_"));
    let secret = || (TEXT, "[ -~äß€漢😀]{0,20}");
    (
        prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        "https?://[a-z][a-z0-9-]{0,20}\\.example(:[1-6][0-9]{3})?/[a-zA-Z0-9/._~!$'()*,;:@%-]{0,30}",
        prop::collection::btree_map(names, "[ -~äß€漢😀]{0,20}", 0..40),
        secret(),
        prop::option::of(secret()),
        "[!-~]{1,30}",
        1_u64..4_000_000_000,
    )
        .prop_map(|(method, uri, parameters, consumer, token, nonce, timestamp)| Case {
            method,
            uri,
            parameters,
            consumer,
            token,
            nonce,
            timestamp,
        })
}

impl Case {
    fn ours(&self, method: SignatureMethod) -> HeaderValue {
        let (key, secret) = &self.consumer;
        let mut credentials = Credentials::new(key.as_str(), secret.as_str()).unwrap();
        if let Some((token, secret)) = &self.token {
            credentials = credentials.token(token.as_str(), secret.as_str()).unwrap();
        }
        let builder = OAuth1::builder(credentials).method(method);
        let client = builder.nonce(&self.nonce).timestamp(self.timestamp).build();
        let query = Serializer::new(String::new())
            .extend_pairs(&self.parameters)
            .finish();
        let uri = format!("{}?{query}", self.uri);
        let request = Request::builder().method(self.method).uri(uri).body(());
        let (mut head, ()) = request.unwrap().into_parts();
        client
            .unwrap()
            .sign(&mut head, &mut Payload::default())
            .unwrap();
        head.headers.remove("authorization").unwrap()
    }

    fn theirs(&self, method: impl TheirMethod + Clone) -> HeaderValue {
        let of = |(name, secret): &(String, String)| {
            oauth1_request::Credentials::new(name.clone(), secret.clone())
        };
        let mut builder = Builder::new(of(&self.consumer), method);
        builder.token(self.token.as_ref().map(of)).version(true);
        builder
            .nonce(self.nonce.as_str())
            .timestamp(NonZeroU64::new(self.timestamp));
        let parameters = ParameterList::new(Vec::from_iter(&self.parameters));
        builder
            .authorize(self.method, &self.uri, &parameters)
            .parse()
            .unwrap()
    }
}

/// The parameters, in an order of their own. PLAINTEXT needs neither nonce nor time, and the peer sends none.
fn parameters(line: &HeaderValue, method: SignatureMethod) -> Vec<(String, String)> {
    let needless = |name: &str| {
        method == SignatureMethod::Plaintext && matches!(name, "oauth_nonce" | "oauth_timestamp")
    };
    let credentials = parse_credentials(line).unwrap();
    let parameters = credentials
        .params()
        .iter()
        .filter(|param| !needless(param.name()));
    let mut parameters: Vec<_> = parameters
        .map(|param| (param.name().to_owned(), param.text().unwrap().to_owned()))
        .collect();
    parameters.sort_unstable();
    parameters
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn hmac_sha1(case in case()) {
        let method = SignatureMethod::HmacSha1;
        let (ours, theirs) = (case.ours(method), case.theirs(HmacSha1::new()));
        prop_assert_eq!(parameters(&ours, method), parameters(&theirs, method));
    }

    #[test]
    fn plaintext(case in case()) {
        let method = SignatureMethod::Plaintext;
        let (ours, theirs) = (case.ours(method), case.theirs(Plaintext::new()));
        let mut ours = parameters(&ours, method);
        let signature = ours.iter_mut().find(|(name, _)| name == "oauth_signature").unwrap();
        let decoded = decode(signature.1.as_bytes(), Plus::Literal).unwrap().into_owned();
        signature.1 = String::from_utf8(decoded).unwrap();
        prop_assert_eq!(ours, parameters(&theirs, method));
    }
}
