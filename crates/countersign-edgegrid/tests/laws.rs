//! What holds for every request: the server accepts what the client signs, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;

use countersign_edgegrid::EdgeGridVerifier;
use countersign_testkit::tampered;
use http::header::AUTHORIZATION;
use http::uri::Scheme;
use http::{HeaderValue, Request, request};
use parties::{client, head, judge, server, signed, status};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Typed {
    method: &'static str,
    target: String,
    value: String,
    body: Vec<u8>,
    cleartext: bool,
}

fn typed() -> impl Strategy<Value = Typed> {
    let segment = "[a-zA-Z0-9~_!$'()*,;=:@+-]{1,6}|%20|%2F|%c3%a9|";
    let path =
        prop::collection::vec(segment, 1..5).prop_map(|parts| format!("/{}", parts.join("/")));
    let pair = "[a-zA-Z0-9~_.+*-]{0,4}=?[a-zA-Z0-9:@/?=-]{0,6}|%41%7e=%2B|";
    let query = prop::option::of(prop::collection::vec(pair, 0..5));
    let target = (path, query).prop_map(|(path, query)| match query {
        Some(pairs) => format!("{path}?{}", pairs.join("&")),
        None => path,
    });
    (
        prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "PURGE"]),
        target,
        "[ \\t]?[a-z0-9,\"\u{e9}]{0,5}[ \\t]{0,2}[a-z0-9]{1,4}",
        prop::collection::vec(any::<u8>(), 0..40),
        any::<bool>(),
    )
        .prop_map(|(method, target, value, body, cleartext)| Typed {
            method,
            target,
            value,
            body: if method == "POST" { body } else { Vec::new() },
            cleartext,
        })
}

impl Typed {
    fn signed(&self) -> request::Parts {
        let edgegrid = client().headers_to_sign(["x-note"]).unwrap();
        let scheme = if self.cleartext { "http" } else { "https" };
        let uri = format!("{scheme}://Host.example:8443{}", self.target);
        let value = HeaderValue::from_bytes(self.value.as_bytes()).unwrap();
        let request = Request::builder().method(self.method).uri(uri);
        signed(&edgegrid, request.header("x-note", value), &self.body)
    }

    fn server(&self) -> EdgeGridVerifier {
        let server = server().headers_to_sign(["x-note"]).unwrap();
        let scheme = match self.cleartext {
            true => Scheme::HTTP,
            false => Scheme::HTTPS,
        };
        server.scheme(scheme).build().unwrap()
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
        part in prop::sample::select(vec!["method", "target", "host", "authorization", "x-note"]),
        at in any::<prop::sample::Index>(),
    ) {
        let head = typed.signed();
        let Some(tampered) = tampered(&head, part, at) else { return Ok(()) };
        let status = status(judge(&typed.server(), &tampered, &typed.body));
        prop_assert!(status >= 400, "{part} of {head:?} became {tampered:?}");
    }

    #[test]
    fn another_scheme_is_refused(typed in typed()) {
        let head = typed.signed();
        let other = Typed { cleartext: !typed.cleartext, ..typed.clone() };
        prop_assert_eq!(status(judge(&other.server(), &head, &typed.body)), 401);
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
    fn no_header_makes_the_server_panic(line in prop::collection::vec(32_u8..=255, 0..200)) {
        let line = [b"EG1-HMAC-SHA256 ", line.as_slice()].concat();
        let Ok(value) = HeaderValue::from_bytes(&line) else { return Ok(()) };
        let mut head = head(Request::get("/").header("host", "h"));
        head.headers.insert(AUTHORIZATION, value);
        prop_assert!(status(judge(&server().build().unwrap(), &head, b"")) >= 400);
    }

    #[test]
    fn no_file_makes_the_parser_panic(text in "(\\[[a-z]{0,2}\\]|[a-z_]{0,3} ?[=:]? ?[a-z]{0,3}|\n){0,12}") {
        if let Ok(file) = countersign_edgegrid::EdgeRc::parse("f", &text) {
            prop_assert!(file.section("none").is_err());
        }
    }
}
