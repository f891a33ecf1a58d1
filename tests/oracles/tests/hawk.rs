//! Hawk beside hawk 5, both ways: the same MAC and hash for the same request, and each verifies what the other made.
//!
//! The peer leaves `app` and `dlg` out of its MAC, which the reference implementation has in it, so no key here is bound
//! to one. It does not escape a `\` in `ext`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use countersign_core::Payload;
use countersign_hawk::{
    Algorithm, Credentials, Hawk, HawkVerifier, MemoryKeys, PayloadHash, PayloadRule,
};
use countersign_oracles::{judge, sign};
use hawk::{Bewit, Header, Key, PayloadHasher, RequestBuilder, SHA256};
use http::{Request, Uri, request};
use proptest::prelude::*;

const ID: &str = "dh37fgj492je";
const SKEW: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
struct Case {
    key: String,
    method: &'static str,
    host: String,
    port: u16,
    target: String,
    ext: String,
    body: Vec<u8>,
    signs_body: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let ports = prop_oneof![Just(443), 1_u16..];
    let methods = prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PROPFIND"]);
    (
        "[!-~]{1,100}",
        methods,
        "[a-z][a-z0-9-]{0,20}\\.example",
        ports,
        r"/[a-zA-Z0-9/._~!$'()*,;:@%-]{0,30}(\?[a-z0-9=&%+/?,'-]{1,30})?",
        "[ !#-\\[\\]-~]{0,30}",
        prop::collection::vec(any::<u8>(), 0..200),
        any::<bool>(),
    )
        .prop_map(
            |(key, method, host, port, target, ext, body, signs_body)| Case {
                key,
                method,
                host,
                port,
                target,
                ext,
                body,
                signs_body,
            },
        )
        .prop_filter("no bewit", |case| !case.target.contains("bewit"))
}

impl Case {
    fn credentials(&self) -> Credentials {
        Credentials::new(ID, self.key.as_str(), Algorithm::Sha256).unwrap()
    }

    fn client(&self) -> Hawk {
        let payload = match self.signs_body {
            true => PayloadHash::Always,
            false => PayloadHash::Omit,
        };
        let client = Hawk::new(self.credentials()).ext(&self.ext).unwrap();
        client.payload_hash(payload)
    }

    fn verifier(&self) -> HawkVerifier {
        let builder = HawkVerifier::builder(MemoryKeys::new([self.credentials()]));
        let builder = builder.payload(PayloadRule::Optional).allow_bewit(true);
        builder.build().unwrap()
    }

    fn head(&self) -> request::Parts {
        let uri = format!("https://{}:{}{}", self.host, self.port, self.target);
        let request = Request::builder().method(self.method).uri(uri);
        let request = request.header("content-type", "Text/Plain; charset=utf-8");
        request.body(()).unwrap().into_parts().0
    }

    fn body(&self) -> Payload {
        Payload::whole(Bytes::from(self.body.clone()))
    }

    fn their_key(&self) -> hawk::Credentials {
        hawk::Credentials {
            id: ID.to_owned(),
            key: Key::new(&self.key, SHA256).unwrap(),
        }
    }

    fn their_hash(&self) -> Option<Vec<u8>> {
        let hash = PayloadHasher::hash("text/plain", SHA256, &self.body).unwrap();
        self.signs_body.then_some(hash)
    }

    fn their_request<'a>(&'a self, hash: Option<&'a [u8]>) -> hawk::Request<'a> {
        let ext = Some(self.ext.as_str()).filter(|ext| !ext.is_empty());
        let builder = RequestBuilder::new(self.method, &self.host, self.port, &self.target);
        builder.hash(hash).ext(ext).request()
    }
}

/// The attributes, in an order of their own.
fn attributes(line: &str) -> Vec<&str> {
    let mut attributes: Vec<_> = line.strip_prefix("Hawk ").unwrap().split("\", ").collect();
    attributes
        .iter_mut()
        .for_each(|one| *one = one.trim_end_matches('"'));
    attributes.sort_unstable();
    attributes
}

fn line(head: &request::Parts) -> &str {
    head.headers["authorization"].to_str().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_header_is_the_same(case in case(), nonce in "[a-zA-Z0-9_-]{1,30}", unix in 1_u64..4_000_000_000) {
        prop_assume!(!case.ext.contains("\", "));
        let mut head = case.head();
        let ours = case.client().nonce(&nonce).unwrap().timestamp(unix);
        sign(&ours, &mut head, &mut case.body()).unwrap();
        let hash = case.their_hash();
        let time = UNIX_EPOCH + Duration::from_secs(unix);
        let request = case.their_request(hash.as_deref());
        let theirs = request.make_header_full(&case.their_key(), time, nonce).unwrap();
        let theirs = format!("Hawk {theirs}");
        prop_assert_eq!(attributes(line(&head)), attributes(&theirs));
    }

    #[test]
    fn each_verifies_the_other(case in case()) {
        let mut head = case.head();
        sign(&case.client(), &mut head, &mut case.body()).unwrap();
        let (hash, credentials) = (case.their_hash(), case.their_key());
        let request = case.their_request(hash.as_deref());
        let ours: Header = line(&head).strip_prefix("Hawk ").unwrap().parse().unwrap();
        prop_assert!(request.validate_header(&ours, &credentials.key, SKEW));

        let theirs = request.make_header(&credentials).unwrap();
        head.headers.insert("authorization", format!("Hawk {theirs}").parse().unwrap());
        let caller = judge(&case.verifier(), &head, &case.body());
        prop_assert_eq!(caller.map(|caller| caller.id), Ok(ID.to_owned()));
    }

    #[test]
    fn each_takes_the_bewit_of_the_other(case in case()) {
        let case = Case { method: "GET", ..case };
        let uri = case.head().uri;
        let ours = case.client().bewit(&uri, SKEW).unwrap();
        let target = ours.path_and_query().unwrap().as_str();
        let (mut bewit, credentials) = (None, case.their_key());
        let builder = RequestBuilder::new("GET", &case.host, case.port, target);
        let request = builder.extract_bewit(&mut bewit).unwrap().request();
        prop_assert!(request.validate_bewit(&bewit.unwrap(), &credentials.key));

        let bewit: Bewit<'_> = case.their_request(None).make_bewit(&credentials, SystemTime::now() + SKEW).unwrap();
        let separator = if uri.query().is_some() { "&" } else { "?" };
        let uri: Uri = format!("{uri}{separator}bewit={}", bewit.to_str()).parse().unwrap();
        let (head, ()) = Request::get(uri).body(()).unwrap().into_parts();
        prop_assert_eq!(judge(&case.verifier(), &head, &Payload::default()).map(|caller| caller.id), Ok(ID.to_owned()));
    }
}
