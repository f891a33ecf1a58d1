//! What holds for all tokens: the server accepts what the client sends, in one place, and nothing else; nothing shows it.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use bytes::Bytes;
use countersign_bearer::{Bearer, BearerVerifier, Grant, MemoryTokens, Tokens};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Error, ErrorKind, Payload, Secret, Sign};
use http::{HeaderValue, Request, request};
use proptest::prelude::*;

const FORM: &str = "application/x-www-form-urlencoded";
type Verifier = BearerVerifier<MemoryTokens<&'static str>>;

fn verifier(token: &str) -> Verifier {
    let tokens = MemoryTokens::new([(token, Grant::new("alice")), ("other", Grant::new("bob"))]);
    BearerVerifier::new("r", tokens).unwrap()
}

fn everywhere(token: &str) -> Verifier {
    verifier(token).allow_query().allow_form()
}

fn judge(
    verifier: &Verifier,
    head: &request::Parts,
    body: &Payload,
) -> Result<&'static str, Reason> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    match runtime.block_on(verifier.verify(head, body)).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => Err(refusal.reason),
    }
}

fn post(url: &str) -> request::Parts {
    let request = Request::post(url).header("content-type", FORM);
    request.body(()).unwrap().into_parts().0
}

fn signed(bearer: &Bearer) -> (request::Parts, Payload) {
    let (mut head, mut body) = (post("/?a=b"), Payload::whole(Bytes::from_static(b"c=d")));
    bearer.sign(&mut head, &mut body).unwrap();
    (head, body)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_server_accepts_what_the_client_sends(token in "[-._~+/A-Za-z0-9]{1,60}={0,2}") {
        let bearer = Bearer::new(&token).unwrap();
        for bearer in [bearer.clone(), bearer.clone().in_query(), bearer.in_form()] {
            let (head, body) = signed(&bearer);
            prop_assert_eq!(judge(&everywhere(&token), &head, &body), Ok("alice"));
        }
    }

    #[test]
    fn one_changed_byte_is_refused(
        token in "[-._~+/A-Za-z0-9]{1,60}",
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let (mut head, body) = signed(&Bearer::new(&token).unwrap());
        let mut line = head.headers["authorization"].as_bytes().to_vec();
        let at = at.index(token.len()) + "Bearer ".len();
        line[at] ^= change;
        let Ok(value) = HeaderValue::from_bytes(&line) else { return Ok(()) };
        head.headers.insert("authorization", value);
        prop_assert!(judge(&everywhere(&token), &head, &body).is_err());
    }

    #[test]
    fn a_token_outside_the_grammar_is_refused_by_both(token in "\\PC{0,20}") {
        let legal = !token.trim_end_matches('=').is_empty()
            && token.trim_end_matches('=').chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        prop_assert_eq!(Bearer::new(&token).is_ok(), legal);
        if let (Ok(bearer), false) = (Bearer::any_token(&token), legal) {
            let (head, body) = signed(&bearer.in_query());
            prop_assert_eq!(judge(&everywhere(&token), &head, &body), Err(Reason::Malformed));
        }
    }
}

#[test]
fn a_token_in_two_places_is_malformed_where_both_are_looked_at() {
    let (mut head, body) = signed(&Bearer::new("t").unwrap());
    head.uri = "/?access_token=t".parse().unwrap();
    assert_eq!(judge(&verifier("t"), &head, &body), Ok("alice"));
    assert_eq!(
        judge(&verifier("t").allow_query(), &head, &body),
        Err(Reason::Malformed)
    );
    let (head, body) = signed(&Bearer::new("t").unwrap());
    let form = Payload::whole(Bytes::from_static(b"access_token=t"));
    assert_eq!(
        judge(&verifier("t").allow_form(), &head, &body),
        Ok("alice")
    );
    assert_eq!(
        judge(&verifier("t").allow_form(), &head, &form),
        Err(Reason::Malformed)
    );
    let twice = post("/?access_token=t&access_token=t");
    assert_eq!(
        judge(&everywhere("t"), &twice, &body),
        Err(Reason::Malformed)
    );
}

#[test]
fn form_tokens_are_read_only_where_they_may_be() {
    let form = || Payload::whole(Bytes::from_static(b"access_token=t"));
    assert_eq!(
        judge(&verifier("t"), &post("/"), &form()),
        Err(Reason::Missing)
    );
    assert!(!verifier("t").reads_body(&post("/")));
    let mut get = post("/");
    get.method = http::Method::GET;
    assert_eq!(judge(&everywhere("t"), &get, &form()), Err(Reason::Missing));
    assert_eq!(judge(&everywhere("t"), &post("/"), &form()), Ok("alice"));
    let binary = Payload::whole(Bytes::from_static(b"access_token=t&\xff"));
    assert_eq!(
        judge(&everywhere("t"), &post("/"), &binary),
        Err(Reason::Malformed)
    );
    let unread = Payload::stream(None);
    assert_eq!(
        judge(&everywhere("t"), &post("/"), &unread),
        Err(Reason::Unavailable)
    );
}

#[test]
fn broken_and_oversized_parameters_are_refused() {
    let long = format!("/?access_token={}", "A".repeat(16_385));
    let nothing = Payload::default();
    let rows = [
        ("/?access_token=%zz", Reason::Malformed),
        ("/?access_token=", Reason::Malformed),
        ("/?access_token", Reason::Malformed),
        ("/?access_token=a+b", Reason::Malformed),
        (long.as_str(), Reason::TooLarge),
    ];
    for (url, reason) in rows {
        let (head, ()) = Request::get(url).body(()).unwrap().into_parts();
        assert_eq!(judge(&everywhere("t"), &head, &nothing), Err(reason));
    }
}

#[test]
fn every_name_of_the_required_scope_counts() {
    let rows = [
        ("", "", true),
        ("a", "b a", true),
        ("b a", "a b", true),
        ("a", "ab", false),
    ];
    let (head, body) = signed(&Bearer::new("t").unwrap());
    for (required, granted, passes) in rows {
        let tokens = MemoryTokens::new([("t", Grant::new("alice").scope(granted))]);
        let verifier = BearerVerifier::new("r", tokens)
            .unwrap()
            .require_scope(required)
            .unwrap();
        let expected = if passes {
            Ok("alice")
        } else {
            Err(Reason::Forbidden)
        };
        assert_eq!(
            judge(&verifier, &head, &body),
            expected,
            "{required} {granted}"
        );
    }
    for scope in ["a\"b", "a\\b", "a\nb", "\u{e4}"] {
        assert!(verifier("t").require_scope(scope).is_err());
    }
}

/// Tokens that cannot be looked up.
#[derive(Debug)]
struct Down;

impl Tokens for Down {
    type Principal = ();

    fn find(&self, _: Secret) -> Begin<Option<Grant<()>>> {
        Begin::wait(async { Err(Error::new(ErrorKind::Fetch, "down")) })
    }
}

#[tokio::test]
async fn tokens_that_are_down_let_nobody_in() {
    let (head, body) = signed(&Bearer::new("t").unwrap());
    let verdict = BearerVerifier::new("r", Down)
        .unwrap()
        .verify(&head, &body)
        .await;
    assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Fetch);
}

#[test]
fn no_debug_shows_a_token() {
    let bearer = Bearer::new("CANARY").unwrap();
    let (head, body) = signed(&bearer);
    let verifier = verifier("CANARY");
    let tokens = MemoryTokens::new([("CANARY", Grant::new("alice"))]);
    let shown = format!("{bearer:?} {head:?} {body:?} {verifier:?} {tokens:?}");
    assert!(!shown.contains("CANARY"), "{shown}");
    let form = signed(&bearer.in_form()).1;
    assert!(!format!("{form:?}").contains("CANARY"));
    for token in ["CANARY ", " CANARY", "CANARY\r\n", "CA\tNARY"] {
        let error = Bearer::any_token(token).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("NARY"));
    }
}
