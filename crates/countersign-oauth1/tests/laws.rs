//! What holds for every request: the server accepts what the client signs, once, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use bytes::Bytes;
use countersign_core::verify::Reason;
use countersign_oauth1::{
    Consumer, Credentials, MemoryConsumers, OAuth1, OAuth1Verifier, Placement, SignatureMethod,
};
use countersign_testkit::{changed, tampered};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Request, request};
use proptest::prelude::*;
use support::{at, judge, received, sign};

const TIME: u64 = 1_191_242_096;
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Clone, Debug)]
struct Typed {
    method: &'static str,
    host: &'static str,
    path: String,
    query: String,
    body: Vec<u8>,
    kind: Option<&'static str>,
    signed_by: SignatureMethod,
    place: Placement,
    key: String,
    token: Option<String>,
    callback: String,
    body_hash: bool,
}

fn pairs() -> impl Strategy<Value = String> {
    let pair = "[a-zA-Z0-9~_.+*-]{0,4}=?[a-zA-Z0-9:@/?=+-]{0,6}|%41%7e=%2B|a|";
    prop::collection::vec(pair, 0..5).prop_map(|pairs| pairs.join("&"))
}

fn body() -> impl Strategy<Value = (Option<&'static str>, Vec<u8>)> {
    let bytes = prop::collection::vec(any::<u8>(), 0..40);
    prop_oneof![
        Just((None, Vec::new())),
        pairs().prop_map(|form| (Some(FORM), form.into_bytes())),
        bytes.prop_map(|bytes| (Some("application/octet-stream"), bytes)),
    ]
}

fn typed() -> impl Strategy<Value = Typed> {
    let segment = "[a-zA-Z0-9~_!$'()*,;=:@+-]{1,6}|%20|%2F|%c3%a9|\\.\\.|";
    let path =
        prop::collection::vec(segment, 1..5).prop_map(|parts| format!("/{}", parts.join("/")));
    let methods = vec!["GET", "PUT", "POST", "DELETE", "PURGE"];
    let hosts = vec![
        "Host.example",
        "host.example:8443",
        "host.example:443",
        "[::1]:80",
    ];
    let signed_by = vec![
        SignatureMethod::HmacSha1,
        SignatureMethod::HmacSha256,
        SignatureMethod::HmacSha512,
        SignatureMethod::Plaintext,
    ];
    let places = vec![Placement::Header, Placement::Query, Placement::FormOrQuery];
    (
        (
            prop::sample::select(methods),
            prop::sample::select(hosts),
            path,
            pairs(),
            body(),
        ),
        (
            prop::sample::select(signed_by),
            prop::sample::select(places),
        ),
        (
            "[ -~é€]{1,8}",
            prop::option::of("[ -~é]{1,8}"),
            "|oob|http://x/\\?y=[a-z&=]{1,3}",
        ),
        any::<bool>(),
    )
        .prop_map(
            |(
                (method, host, path, query, (kind, body)),
                (signed_by, place),
                (key, token, callback),
                body_hash,
            )| {
                Typed {
                    method,
                    host,
                    path,
                    query,
                    body,
                    kind,
                    signed_by,
                    place,
                    key,
                    token,
                    callback,
                    body_hash,
                }
            },
        )
}

impl Typed {
    fn request(&self) -> http::request::Builder {
        let uri = format!("https://{}{}?{}", self.host, self.path, self.query);
        let request = Request::builder().method(self.method).uri(uri);
        match self.kind {
            Some(kind) => request.header(CONTENT_TYPE, kind),
            None => request,
        }
    }

    fn client(&self) -> OAuth1 {
        let mut credentials = Credentials::new(&self.key, "s&cr=t").unwrap();
        if let Some(token) = &self.token {
            credentials = credentials.token(token, "t+ken").unwrap();
        }
        let client = OAuth1::builder(credentials)
            .method(self.signed_by)
            .placement(self.place)
            .callback(self.callback.as_str())
            .body_hash(self.body_hash)
            .sources(at(TIME));
        client.build().unwrap()
    }

    fn server(&self) -> OAuth1Verifier {
        let consumer = Consumer::new(self.signed_by, "s&cr=t").unwrap();
        let mut consumers = MemoryConsumers::new().consumer(&self.key, consumer);
        if let Some(token) = &self.token {
            consumers = consumers.token(&self.key, token, "t+ken").unwrap();
        }
        let server = OAuth1Verifier::builder("r", consumers).allow_plaintext(true);
        server.sources(at(TIME)).build().unwrap()
    }

    fn signed(&self) -> (request::Parts, Bytes) {
        let (head, body) = sign(&self.client(), self.request(), &self.body).unwrap();
        (received(head), body)
    }

    fn is_form(&self) -> bool {
        self.kind == Some(FORM)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_server_accepts_what_the_client_signs_once(typed in typed()) {
        let (head, body) = typed.signed();
        let server = typed.server();
        let signer = judge(&server, &head, &body).unwrap();
        prop_assert_eq!(&signer.consumer_key, &typed.key);
        prop_assert_eq!(&signer.token, &typed.token);
        prop_assert_eq!(signer.callback.unwrap_or_default(), typed.callback.as_str());
        prop_assert_eq!(judge(&server, &head, &body), Err(Reason::Rejected), "a replay");
    }

    #[test]
    fn one_changed_byte_is_refused(
        typed in typed(),
        part in prop::sample::select(vec!["method", "target", "host", "authorization"]),
        at in any::<prop::sample::Index>(),
    ) {
        // PLAINTEXT protects nothing but the secrets.
        prop_assume!(typed.signed_by != SignatureMethod::Plaintext);
        let (head, body) = typed.signed();
        let Some(tampered) = tampered(&head, part, at) else { return Ok(()) };
        let verdict = judge(&typed.server(), &tampered, &body);
        prop_assert!(verdict.is_err(), "{part} of {head:?} became {tampered:?}");
    }

    #[test]
    fn one_changed_byte_of_a_signed_body_is_refused(
        typed in typed(),
        at in any::<prop::sample::Index>(),
    ) {
        let hashed = typed.body_hash && typed.callback.is_empty();
        prop_assume!(typed.signed_by != SignatureMethod::Plaintext && (typed.is_form() || hashed));
        let (head, body) = typed.signed();
        let Some(body) = changed(&body, at.index(body.len().max(1))) else { return Ok(()) };
        prop_assert!(judge(&typed.server(), &head, &body).is_err());
    }

    #[test]
    fn no_header_makes_the_server_panic(line in prop::collection::vec(32_u8..=255, 0..200)) {
        let Ok(value) = HeaderValue::from_bytes(&[b"OAuth ", line.as_slice()].concat()) else { return Ok(()) };
        let (mut head, ()) = Request::get("/").header(HOST, "h").body(()).unwrap().into_parts();
        head.headers.insert(AUTHORIZATION, value);
        let server = OAuth1Verifier::builder("r", MemoryConsumers::new()).build().unwrap();
        prop_assert!(judge(&server, &head, b"").is_err());
    }

    #[test]
    fn no_query_or_form_makes_either_side_panic(text in "[ -~é]{0,60}") {
        let server = OAuth1Verifier::builder("r", MemoryConsumers::new()).build().unwrap();
        let target = format!("/?oauth_consumer_key=k&{text}");
        let form = Request::post("/").header(HOST, "h").header(CONTENT_TYPE, FORM);
        let (head, ()) = form.body(()).unwrap().into_parts();
        prop_assert!(judge(&server, &head, text.as_bytes()).is_err());
        let Ok(request) = Request::get(target).header(HOST, "h").body(()) else { return Ok(()) };
        prop_assert!(judge(&server, &request.into_parts().0, b"").is_err());
        let client = OAuth1::new(Credentials::new("k", "s").unwrap()).unwrap();
        let form = Request::post("https://h/").header(CONTENT_TYPE, FORM);
        prop_assert!(sign(&client, form, text.as_bytes()).is_ok());
    }
}
