//! Rows of the catalogue of bad inputs that belong to EdgeGrid.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::io::Write;

use countersign_core::{ErrorKind, Payload, Sign};
use countersign_edgegrid::{Credentials, EdgeGrid, EdgeGridVerifierBuilder, EdgeRc};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, Request, request};
use parties::{
    ACCESS, CLIENT, SECRET, at, client, credentials, head, judge, received, sent, server, signed,
    status,
};

const HOST: &str = "akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net";

fn verdict(server: EdgeGridVerifierBuilder, head: &request::Parts, body: &[u8]) -> u16 {
    status(judge(&server.build().unwrap(), head, body))
}

fn header(id: &str, input: &str, clock: u64) {
    // What a row says about its header stands behind a space in it.
    let line = input.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ");
    let mut head = head(Request::get("/").header("host", HOST));
    head.headers
        .insert(AUTHORIZATION, HeaderValue::from_str(&line).unwrap());
    let server = || server().sources(at(clock));
    match id {
        "B427" => {
            for (clock, expected) in [
                (clock, 200),
                (clock - 30, 200),
                (clock + 30, 200),
                (clock - 31, 401),
                (clock + 31, 401),
            ] {
                assert_eq!(verdict(server().sources(at(clock)), &head, b""), expected);
            }
        }
        "B428" => {
            let verifier = server().build().unwrap();
            assert_eq!(status(judge(&verifier, &head, b"")), 200);
            assert_eq!(status(judge(&verifier, &head, b"")), 401);
        }
        "B430" | "B431" | "B432" | "B433" | "B437" => {
            assert_eq!(verdict(server(), &head, b""), 400)
        }
        "B438" => beyond_max_body(),
        "B439" => {
            head.method = Method::PUT;
            let put = signed(&client(), Request::put("https://h/"), b"body");
            assert_eq!(verdict(server(), &head, b"body"), 401, "signed for GET");
            assert_eq!(verdict(server(), &put, b"body"), 401);
            assert_eq!(verdict(server(), &put, b""), 200);
            let lax = || server().allow_uncovered_bodies(true);
            assert_eq!(verdict(lax(), &put, b"body"), 200);
            assert_eq!(
                verdict(lax(), &put, b"another"),
                200,
                "which is Akamai's rule"
            );
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

fn beyond_max_body() {
    let (whole, mut longer) = (vec![b'a'; 131_072], vec![b'a'; 131_073]);
    let post = signed(&client(), Request::post("https://h/"), &whole);
    let lax = || server().allow_uncovered_bodies(true);
    assert_eq!(verdict(server(), &post, &whole), 200);
    assert_eq!(verdict(server(), &post, &longer), 401);
    assert_eq!(
        verdict(lax(), &post, &longer),
        200,
        "which is Akamai's rule"
    );
    longer[131_071] = b'b';
    assert_eq!(verdict(lax(), &post, &longer), 401);
}

const SECTION: &str =
    "[default]\nhost = h.example\nclient_token = c\nclient_secret = CANARY\naccess_token = a\n";

fn edgerc_error(text: &str, expected: &str) {
    let file = EdgeRc::parse("my.edgerc", text);
    let error = file.and_then(|file| {
        file.section("default")?.host()?;
        EdgeGrid::from_edgerc(&file, "default")
    });
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("my.edgerc"), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
    assert!(!format!("{error:?}").contains("CANARY"));
}

fn edgerc() {
    edgerc_error("[other]\na = b\n", "[default] is not there");
    for key in ["host", "client_token", "client_secret", "access_token"] {
        let without = SECTION.replace(&format!("\n{key} ="), "\nother =");
        edgerc_error(&without, &format!("[default] has no {key}"));
    }
    edgerc_error(
        &format!("{SECTION}max_body = CANARY"),
        "max_body that is no number",
    );
    edgerc_error(
        &format!("{SECTION}client-secret = CANARY"),
        "[default] has client_secret twice",
    );
    edgerc_error(&format!("{SECTION}[default]"), "[default] is there twice");
    edgerc_error(&format!("{SECTION}CANARY"), "line 6");
    edgerc_error("client_secret = CANARY\n", "line 1");
    edgerc_error(
        &SECTION.replace("= c\n", "= c;d\n"),
        "a token that cannot be used",
    );
    edgerc_error(
        &SECTION.replace("h.example", "\"h.example\""),
        "a host that is none",
    );
    edgerc_error(
        &format!("{SECTION}headers_to_sign = a b"),
        "headers_to_sign",
    );

    let whole = SECTION
        .replace("h.example", "https://h.example/")
        .replace('\n', "\r\n");
    let whole = format!("\u{feff}# comment\r\n{whole}").replace("= CANARY", "= CAN=ARY=");
    let file = EdgeRc::parse("my.edgerc", &whole).unwrap();
    assert_eq!(
        file.section("default").unwrap().host().unwrap(),
        "h.example"
    );
    let client = EdgeGrid::from_edgerc(&file, "default").unwrap();
    let shown = format!("{file:?}{:?}{client:?}", file.section("default").unwrap());
    assert!(!shown.contains("ARY"), "{shown}");

    let mut large = tempfile::NamedTempFile::new().unwrap();
    large.write_all(&vec![b'#'; 10 << 20]).unwrap();
    let error = EdgeRc::open(large.path()).unwrap_err();
    assert!(
        error.to_string().ends_with("is larger than 1 MiB"),
        "{error}"
    );
    assert!(
        EdgeRc::open("/nowhere/.edgerc")
            .unwrap_err()
            .to_string()
            .contains("/nowhere/.edgerc")
    );
    let missing = EdgeRc::open("~/nowhere/.edgerc").unwrap_err();
    assert!(!missing.to_string().contains('~'), "{missing}");
}

/// The mechanism resolves a `Location` before it sends the next request; what is not resolved is not signed.
fn redirect() {
    let mut relative = head(Request::get("/relative"));
    let error = client()
        .sign(&mut relative, &mut Payload::default())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(relative.headers.is_empty());
    let (first, next) = (
        Request::get("https://h/a"),
        Request::get("https://h/relative"),
    );
    let (first, next) = (signed(&client(), first, b""), signed(&client(), next, b""));
    assert_eq!(verdict(server(), &next, b""), 200);
    let mut reused = next.clone();
    reused
        .headers
        .insert(AUTHORIZATION, first.headers[AUTHORIZATION].clone());
    assert_eq!(verdict(server(), &reused, b""), 401);
}

#[test]
fn every_row_ends_as_it_says() {
    let rows = support::bad_inputs();
    assert_eq!(rows.len(), 11);
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap();
        match text("where") {
            ".edgerc" => edgerc(),
            "redirect" => redirect(),
            _ => header(text("id"), text("input"), row["clock"].as_u64().unwrap()),
        }
    }
}

#[test]
fn what_cannot_be_sent_is_refused_when_it_is_configured() {
    let wrong = ["", "a;b", "a b", "a\nb", "\u{e9}", &"x".repeat(257)];
    for token in wrong {
        for error in [
            Credentials::new(token, "CANARY", ACCESS).unwrap_err(),
            Credentials::new(CLIENT, "CANARY", token).unwrap_err(),
            client().nonce(token).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!format!("{error:?}{error}").contains("CANARY"));
        }
    }
    assert!(Credentials::new(CLIENT, "", ACCESS).is_err());
    for time in ["", "now", "2014-03-21T19:34:21Z", "20140321T19:34:21+0100"] {
        assert!(client().timestamp(time).is_err());
    }
    for name in ["", "a b", "Authorization", "Host"] {
        assert!(client().headers_to_sign([name]).is_err(), "{name}");
    }
    for url in ["", "https://", "a b", "u@h"] {
        assert!(
            client().base_url(url).is_err() && server().base_url(url).is_err(),
            "{url}"
        );
    }
}

#[test]
fn neither_output_nor_error_shows_the_secret() {
    let (edgegrid, verifier) = (client(), server().build().unwrap());
    let leg = sent(&edgegrid, head(Request::get("https://h/")), b"");
    let tokens = countersign_edgegrid::MemoryTokens::new([credentials()]);
    let verdict = judge(&verifier, &received(leg.clone()), b"");
    let shown = format!(
        "{edgegrid:?}{verifier:?}{tokens:?}{verdict:?}{:?}{:?}{leg:?}",
        credentials(),
        server()
    );
    let line = leg.headers[AUTHORIZATION].to_str().unwrap();
    let signature = line.rsplit_once("signature=").unwrap().1;
    for secret in [SECRET, signature] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(leg.headers[AUTHORIZATION].is_sensitive());
}
