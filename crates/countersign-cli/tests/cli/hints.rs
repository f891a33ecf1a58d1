//! A refusal names its most likely cause where the exchange shows it, and is silent where it does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::{RawServer, Run, send, set};

/// What a server that answers so makes of these parameters.
fn refused(answer: &str, scheme: &str, parameters: &[&str], more: &[&str]) -> Run {
    let server = RawServer::start(&[answer]);
    let url = server.url("/");
    let set = set(scheme, parameters);
    let mut args = vec!["GET", &url];
    args.extend(set.iter().map(String::as_str));
    args.extend(more);
    send(&args)
}

fn names(run: &Run, cause: &str) {
    assert_eq!(run.code, 4, "{}", run.printed());
    let note = format!("note: likely cause: {cause}\n");
    assert!(run.stderr.ends_with(&note), "{cause}: {}", run.stderr);
}

fn is_silent(run: &Run) {
    assert_eq!(run.code, 4, "{}", run.printed());
    assert!(!run.stderr.contains("likely cause"), "{}", run.stderr);
}

const LOGIN: [&str; 2] = ["username=u", "password=hakuna"];
const BARE: &str = "401 Unauthorized";

#[test]
fn a_scheme_that_is_not_offered() {
    let offer = "401 Unauthorized\nWWW-Authenticate: Negotiate, Digest realm=\"r\", nonce=\"n\"\nWWW-Authenticate: digest realm=\"s\", nonce=\"n\"";
    names(
        &refused(offer, "basic", &LOGIN, &[]),
        "the server offers Negotiate, Digest, which basic is none of",
    );
    names(
        &refused(offer, "noauth", &[], &[]),
        "no credentials are configured, and the server asks for Negotiate, Digest",
    );
    let basic = "401 Unauthorized\nWWW-Authenticate: Basic realm=\"r\"";
    names(
        &refused(basic, "digest", &LOGIN, &[]),
        "the server offers Basic, which digest is none of",
    );
    is_silent(&refused(basic, "basic", &LOGIN, &[]));
    is_silent(&refused(BARE, "basic", &LOGIN, &[]));
    let own = "401 Unauthorized\nWWW-Authenticate: Token";
    is_silent(&refused(
        own,
        "jwt",
        &["secret=s", "payload={}", "headerPrefix=token"],
        &[],
    ));
}

#[test]
fn an_algorithm_or_qop_that_is_not_possible() {
    let offer = |form: &str| {
        format!("401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", {form}")
    };
    let odd = offer("algorithm=SHA-1, qop=\"auth\"");
    names(
        &refused(&odd, "digest", &LOGIN, &[]),
        "the server offers Digest with algorithm SHA-1 and qop auth, which cannot be answered",
    );
    let odd = offer("qop=\"auth-conf\"");
    names(
        &refused(&odd, "digest", &LOGIN, &[]),
        "the server offers Digest with algorithm MD5 and qop auth-conf, which cannot be answered",
    );
    let fine = offer("qop=\"auth\"");
    let server = RawServer::start(&[&fine, &fine]);
    let args = [
        &["GET".to_owned(), server.url("/")][..],
        &set("digest", &LOGIN),
    ]
    .concat();
    is_silent(&send(&args.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn a_token_that_has_ended() {
    let says = "401 Unauthorized\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The access token expired\"";
    names(
        &refused(says, "bearer", &["token=t"], &[]),
        "the token has expired, as the server's challenge says",
    );
    let other = "401 Unauthorized\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"unknown\"";
    is_silent(&refused(other, "bearer", &["token=t"], &[]));
    let token = |exp: u64| {
        format!(
            "token=e30.{}.c2ln",
            URL_SAFE_NO_PAD.encode(format!("{{\"exp\": {exp}}}"))
        )
    };
    let ended = "the token that was sent ended at 2001-09-09T01:46:40Z, as its exp says";
    names(
        &refused(BARE, "bearer", &[&token(1_000_000_000)], &[]),
        ended,
    );
    is_silent(&refused(BARE, "bearer", &[&token(4_000_000_000)], &[]));
    let early = "401 Unauthorized\nDate: Sun, 09 Sep 2001 01:46:39 GMT";
    is_silent(&refused(early, "bearer", &[&token(1_000_000_000)], &[]));
}

#[test]
fn clocks_that_are_apart() {
    let answer = "403 Forbidden\nDate: Tue, 14 Nov 2023 22:13:20 GMT";
    let keys = ["accessKey=a", "secretKey=hakuna"];
    let at = |time: &str| refused(answer, "awsv4", &keys, &["--at", time]);
    names(
        &at("1699999000"),
        "the clock that the signature is made by is 1000 s behind the server's Date",
    );
    names(
        &at("1700001000"),
        "the clock that the signature is made by is 1000 s ahead of the server's Date",
    );
    is_silent(&at("1700000200"));
    is_silent(&refused(BARE, "awsv4", &keys, &["--at", "1699999000"]));
    is_silent(&refused(answer, "basic", &LOGIN, &["--at", "1699999000"]));
}

#[test]
fn white_space_around_a_secret() {
    let padded = ["username=u", "password=hakuna "];
    names(
        &refused(BARE, "basic", &padded, &[]),
        "the password of basic has white space around it",
    );
    is_silent(&refused(
        BARE,
        "basic",
        &["username=u ", "password=ha kuna"],
        &[],
    ));
}

#[test]
fn a_proxy_that_refuses() {
    let asks = "407 Proxy Authentication Required\nProxy-Authenticate: Negotiate";
    names(
        &refused(asks, "basic", &LOGIN, &[]),
        "the answer, 407, is that of a proxy, which asks for Negotiate",
    );
}

#[test]
fn another_error_has_no_cause() {
    let run = refused(
        "500 Broken\nWWW-Authenticate: Digest",
        "basic",
        &["username=u", "password=hakuna "],
        &[],
    );
    assert_eq!(run.code, 1);
    assert!(!run.stderr.contains("likely cause"));
}
