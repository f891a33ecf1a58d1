//! What holds for every request: the server accepts what the client signs, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use std::time::Duration;

use countersign_hawk::{Algorithm, Credentials, Hawk, HawkVerifier, PayloadHash};
use countersign_testkit::tampered;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};
use parties::{ID, KEY, TIME, at, client, head, judge, received, server, server_for, status};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Typed {
    method: &'static str,
    target: String,
    body: Vec<u8>,
    ext: String,
    app: bool,
    sha1: bool,
}

fn target() -> impl Strategy<Value = String> {
    let segment = "[a-zA-Z0-9~_!$'()*,;=:@+-]{1,6}|%20|%2F|%c3%a9|";
    let path =
        prop::collection::vec(segment, 1..5).prop_map(|parts| format!("/{}", parts.join("/")));
    let pair = "[a-zA-Z0-9~_.+*-]{0,4}=?[a-zA-Z0-9:@/?=-]{0,6}|%41%7e=%2B|";
    let query = prop::option::of(prop::collection::vec(pair, 0..5));
    (path, query).prop_map(|(path, query)| match query {
        Some(pairs) => format!("{path}?{}", pairs.join("&")),
        None => path,
    })
}

fn typed() -> impl Strategy<Value = Typed> {
    (
        prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "PURGE"]),
        target(),
        prop::collection::vec(any::<u8>(), 0..40),
        "[ -~]{0,12}",
        any::<(bool, bool)>(),
    )
        .prop_map(|(method, target, body, ext, (app, sha1))| Typed {
            method,
            target,
            body,
            ext,
            app,
            sha1,
        })
}

impl Typed {
    fn credentials(&self) -> Credentials {
        let algorithm = if self.sha1 {
            Algorithm::Sha1
        } else {
            Algorithm::Sha256
        };
        let credentials = Credentials::new(ID, KEY, algorithm).unwrap();
        match self.app {
            true => credentials.app("app", Some("dlg")).unwrap(),
            false => credentials,
        }
    }

    fn signed(&self) -> request::Parts {
        let hawk = Hawk::new(self.credentials())
            .ext(&self.ext)
            .unwrap()
            .payload_hash(PayloadHash::NonEmpty)
            .sources(at(TIME));
        let uri = format!("https://Host.example:8443{}", self.target);
        let request = Request::builder().method(self.method).uri(uri);
        parties::signed(
            &hawk,
            request.header("content-type", "text/plain"),
            &self.body,
        )
    }

    fn server(&self) -> HawkVerifier {
        server_for(self.credentials()).build().unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn the_server_accepts_what_the_client_signs_once(typed in typed()) {
        let (head, server) = (typed.signed(), typed.server());
        prop_assert_eq!(status(judge(&server, &head, &typed.body)), 200);
        prop_assert_eq!(status(judge(&server, &head, &typed.body)), 401);
    }

    #[test]
    fn one_changed_byte_is_refused(
        typed in typed(),
        part in prop::sample::select(vec!["method", "target", "host", "authorization", "content-type"]),
        at in any::<prop::sample::Index>(),
    ) {
        let head = typed.signed();
        prop_assume!(part != "content-type" || !typed.body.is_empty());
        let Some(tampered) = tampered(&head, part, at) else { return Ok(()) };
        let status = status(judge(&typed.server(), &tampered, &typed.body));
        prop_assert!(status >= 400, "{part} of {head:?} became {tampered:?}");
    }

    #[test]
    fn one_changed_byte_of_the_body_is_refused(
        typed in typed(),
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let mut body = typed.body.clone();
        match body.is_empty() {
            true => body.push(change),
            false => { let at = at.index(body.len()); body[at] ^= change; }
        }
        prop_assert_eq!(status(judge(&typed.server(), &typed.signed(), &body)), 401);
    }

    #[test]
    fn a_bewit_grants_its_uri_alone(target in target(), at in any::<prop::sample::Index>()) {
        let uri = format!("https://host.example{target}").parse().unwrap();
        let granted = client().bewit(&uri, Duration::from_secs(60)).unwrap();
        let get = received(head(Request::get(granted)));
        let verifier = server().allow_bewit(true).build().unwrap();
        prop_assert_eq!(status(judge(&verifier, &get, b"")), 200);
        let Some(tampered) = tampered(&get, "target", at) else { return Ok(()) };
        prop_assert!(status(judge(&verifier, &tampered, b"")) >= 400);
        prop_assert_eq!(status(judge(&server().build().unwrap(), &get, b"")), 401);
    }

    #[test]
    fn no_header_makes_the_server_panic(line in prop::collection::vec(32_u8..=255, 0..200)) {
        let Ok(value) = HeaderValue::from_bytes(&[b"Hawk ", line.as_slice()].concat()) else {
            return Ok(());
        };
        let mut head = head(Request::get("/").header("host", "h"));
        head.headers.insert(AUTHORIZATION, value);
        prop_assert!(status(judge(&server().build().unwrap(), &head, b"")) >= 400);
    }
}
