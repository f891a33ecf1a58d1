//! What holds for every request: the server accepts what the client signs, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use countersign_core::verify::Reason;
use countersign_sigv4::{Credentials, PathStyle, SigV4Verifier};
use countersign_testkit::tampered;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};
use parties::{client, credentials, judge, server, signed, temporary};
use proptest::prelude::*;
use support::ID;

#[derive(Clone, Debug)]
struct Typed {
    method: &'static str,
    path: String,
    query: String,
    value: String,
    body: Vec<u8>,
    service: &'static str,
    style: Option<PathStyle>,
    token: bool,
    presigned: bool,
}

const STYLES: [PathStyle; 4] = [
    PathStyle::Normalized,
    PathStyle::Encoded,
    PathStyle::EncodedOnce,
    PathStyle::AsSent,
];

fn typed() -> impl Strategy<Value = Typed> {
    let segment = "[a-zA-Z0-9~_!$'()*,;=:@+-]{1,6}|%20|%2F|%c3%a9|";
    let path =
        prop::collection::vec(segment, 1..5).prop_map(|parts| format!("/{}", parts.join("/")));
    let pair = "[a-zA-Z0-9~_.+*-]{0,4}=?[a-zA-Z0-9:@/?=-]{0,6}|%41%7e=%2B|";
    let query = prop::collection::vec(pair, 0..5).prop_map(|pairs| pairs.join("&"));
    (
        prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "PURGE"]),
        path,
        query,
        "[ \\t]?[a-z0-9,\"\u{e9}]{0,5}[ \\t]{0,2}[a-z0-9]{1,4}",
        prop::collection::vec(any::<u8>(), 0..40),
        prop::sample::select(vec!["s3", "execute-api"]),
        prop::option::of(prop::sample::select(STYLES.to_vec())),
        any::<(bool, bool)>(),
    )
        .prop_map(
            |(method, path, query, value, body, service, style, (token, presigned))| Typed {
                method,
                path,
                query,
                value,
                body,
                service,
                style,
                token,
                presigned,
            },
        )
}

impl Typed {
    fn keys(&self) -> Credentials {
        if self.token {
            temporary("T/o+k=en")
        } else {
            credentials()
        }
    }

    fn signed(&self) -> request::Parts {
        let mut builder = client(self.service);
        if let Some(style) = self.style {
            builder = builder.path_style(style);
        }
        if self.presigned {
            builder = builder.presigned(60);
        }
        let uri = format!("https://Host.example:8443{}?{}", self.path, self.query);
        let value = HeaderValue::from_bytes(self.value.as_bytes()).unwrap();
        let request = Request::builder().method(self.method).uri(uri);
        let request = request.header("x-note", value).header("x-amz-meta-a", "b");
        signed(
            &builder.credentials(self.keys()).unwrap(),
            request,
            &self.body,
        )
    }

    fn server(&self) -> SigV4Verifier {
        let mut builder = server(self.service, self.keys());
        if let Some(style) = self.style {
            builder = builder.path_style(style);
        }
        builder.allow_presigned(true).build().unwrap()
    }
}

const PARTS: [&str; 9] = [
    "method",
    "target",
    "host",
    "authorization",
    "x-note",
    "x-amz-meta-a",
    "x-amz-date",
    "x-amz-content-sha256",
    "x-amz-security-token",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_server_accepts_what_the_client_signs(typed in typed()) {
        let head = typed.signed();
        prop_assert_eq!(judge(&typed.server(), &head, &typed.body), Ok(ID.to_owned()));
    }

    #[test]
    fn one_changed_byte_is_refused(
        typed in typed(),
        part in prop::sample::select(PARTS.to_vec()),
        at in any::<prop::sample::Index>(),
    ) {
        let head = typed.signed();
        let Some(tampered) = tampered(&head, part, at) else { return Ok(()) };
        let verdict = judge(&typed.server(), &tampered, &typed.body);
        prop_assert!(verdict.is_err(), "{part} of {head:?} became {tampered:?}");
    }

    #[test]
    fn one_changed_byte_of_the_body_is_refused(
        typed in typed(),
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        prop_assume!(!(typed.presigned && typed.service == "s3"));
        let mut body = typed.body.clone();
        match body.is_empty() {
            true => body.push(change),
            false => { let at = at.index(body.len()); body[at] ^= change; }
        }
        prop_assert_eq!(judge(&typed.server(), &typed.signed(), &body), Err(Reason::Forbidden));
    }

    #[test]
    fn no_header_makes_the_server_panic(line in prop::collection::vec(32_u8..=255, 0..200)) {
        let Ok(value) = HeaderValue::from_bytes(&[b"AWS4-HMAC-SHA256 ", line.as_slice()].concat()) else {
            return Ok(());
        };
        let (mut head, ()) = Request::get("/").header("host", "h").body(()).unwrap().into_parts();
        head.headers.insert(AUTHORIZATION, value);
        prop_assert!(judge(&server("s3", credentials()).build().unwrap(), &head, b"").is_err());
    }
}
