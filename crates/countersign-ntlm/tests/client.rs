//! What the client does with each answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Binding, Connection, Cx, ErrorKind, Exchange, Leg, Next, Scheme, Strength};
use countersign_ntlm::message::{Authenticate, ClientChallenge, av_id};
use countersign_ntlm::{ChannelBinding, Ntlm, NtlmExchange};
use http::{Request, Response, Version, response};
use support::{Walk, begin, client, refusal};

/// A challenge with target info: domain, server, time.
const CHALLENGE: &str = "NTLM TlRMTVNTUAACAAAAAAAAADgAAAAFAoAAAQIDBAUGBwgAAAAAAAAAACQAJAA4AAAACgBhSgAAAA8CAAYARABPAE0AAQAGAFMAUgBWAAcACAAAAG3GRxfaAQAAAAA=";

fn status(status: u16) -> response::Parts {
    Response::builder()
        .status(status)
        .body(())
        .unwrap()
        .into_parts()
        .0
}

/// An exchange that has greeted.
async fn greeted(client: &Ntlm) -> Walk {
    let mut walk = begin(client).await;
    walk.bind(&Connection::default());
    assert!(walk.leg().starts_with("NTLM TlRMTVNTUAABAAAA"));
    walk
}

async fn begun(client: &Ntlm, request: http::request::Builder) -> NtlmExchange {
    let head = request.body(()).unwrap().into_parts().0;
    client.begin(Cx::new(&head, None)).await.unwrap()
}

fn proof(field: &str) -> Vec<u8> {
    STANDARD.decode(&field["NTLM ".len()..]).unwrap()
}

#[tokio::test]
async fn what_is_asked_without_credentials() {
    let get = || Request::get("http://a.test/");
    for (request, binds) in [
        (get(), false),
        (Request::head("http://a.test/"), false),
        (get().header("content-length", "0"), false),
        (get().header("content-length", "5"), true),
        (get().header("transfer-encoding", "chunked"), true),
        (Request::post("http://a.test/"), true),
    ] {
        let exchange = begun(&client(), request).await;
        assert_eq!(exchange.plan(), Leg::Probe, "no body crosses twice");
        assert_eq!(exchange.binding() != Binding::Request, binds);
    }
}

#[tokio::test]
async fn a_server_that_wants_nothing_is_given_nothing() {
    let mut exchange = begun(&client(), Request::get("http://a.test/")).await;
    assert_eq!(exchange.receive(&status(200)).unwrap(), Next::Done);
    let mut exchange = begun(&client(), Request::get("http://a.test/")).await;
    assert_eq!(
        exchange.receive(&refusal(&["Basic realm=\"x\""])).unwrap(),
        Next::Done
    );
    assert_eq!(exchange.binding(), Binding::Request);
}

#[tokio::test]
async fn a_greeting_that_is_answered_at_once() {
    let mut walk = greeted(&client()).await;
    assert_eq!(walk.0.receive(&status(204)).unwrap(), Next::Done);
    assert_eq!((walk.leg(), walk.0.plan()), (String::new(), Leg::Tentative));
    assert_eq!(
        walk.0.receive(&refusal(&["NTLM"])).unwrap(),
        Next::Done,
        "no second greeting"
    );
}

#[tokio::test]
async fn challenges_are_found_in_any_case_and_among_others() {
    let token = &CHALLENGE[5..];
    for fields in [
        vec![format!("ntlm {token}")],
        vec![format!(
            "Negotiate, nTlM {token}, Basic realm=\"x, NTLM y\""
        )],
        vec![
            "Negotiate".into(),
            format!("NTLM {token}"),
            "Digest realm=\"r\"".into(),
        ],
        vec!["NTLM".into(), format!("NTLM {token}")],
        vec![format!("NTLM {token}"), "NTLM TlRMTVNTUAACAAAA".into()],
    ] {
        let mut walk = greeted(&client()).await;
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        walk.again(&refusal(&fields));
        assert!(walk.leg().starts_with("NTLM TlRMTVNTUAADAAAA"));
    }
}

#[tokio::test]
async fn at_most_one_third_message() {
    let mut walk = greeted(&client()).await;
    walk.again(&refusal(&[CHALLENGE]));
    assert_eq!(walk.0.receive(&refusal(&[CHALLENGE])).unwrap(), Next::Done);
}

#[tokio::test]
async fn a_bare_challenge_to_a_greeting_is_a_refusal() {
    let mut walk = greeted(&client()).await;
    assert_eq!(walk.0.receive(&refusal(&["NTLM"])).unwrap(), Next::Done);
}

fn over(version: Version, connection: Option<&str>) -> http::response::Parts {
    let mut response = refusal(&[CHALLENGE]);
    response.version = version;
    if let Some(connection) = connection {
        let connection = connection.parse().unwrap();
        response.headers.insert("connection", connection);
    }
    response
}

#[tokio::test]
async fn a_connection_that_does_not_stay() {
    for (version, connection, stays) in [
        (Version::HTTP_11, None, true),
        (Version::HTTP_11, Some("Keep-Alive"), true),
        (Version::HTTP_11, Some("x, Close"), false),
        (Version::HTTP_10, None, false),
        (Version::HTTP_10, Some("keep-alive"), true),
    ] {
        let (mut walk, challenge) = (greeted(&client()).await, over(version, connection));
        walk.again(&challenge);
        let message = if stays { "DAAAA" } else { "BAAAA" };
        let leg = walk.leg();
        assert!(
            leg.starts_with(&format!("NTLM TlRMTVNTUAA{message}")),
            "{version:?} {connection:?}"
        );
        if !stays {
            let error = walk.0.receive(&challenge).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connection);
        }
    }
}

#[tokio::test]
async fn http_2_has_no_place_for_it() {
    for version in [Version::HTTP_2, Version::HTTP_3] {
        let mut walk = greeted(&client()).await;
        let error = walk.0.receive(&over(version, None)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.to_string().contains("offer http/1.1 alone"));
    }
}

#[tokio::test]
async fn only_an_answer_of_the_server_itself_authenticates() {
    for (code, next_leg) in [
        (200, false),
        (204, false),
        (302, false),
        (403, false),
        (404, false),
        (500, true),
        (502, true),
    ] {
        let (client, lane) = (client(), Connection::default());
        let mut walk = begin(&client).await;
        walk.bind(&lane);
        walk.again(&refusal(&[CHALLENGE]));
        assert_eq!(walk.0.receive(&status(code)).unwrap(), Next::Done);
        let mut walk = begin(&client).await;
        walk.bind(&lane);
        assert_eq!(!walk.leg().is_empty(), next_leg, "{code}");
    }
}

#[tokio::test]
async fn another_lane_in_the_middle_begins_anew() {
    let mut walk = greeted(&client()).await;
    walk.again(&refusal(&[CHALLENGE]));
    assert!(walk.leg().starts_with("NTLM TlRMTVNTUAADAAAA"));
    walk.bind(&Connection::default());
    assert!(walk.leg().starts_with("NTLM TlRMTVNTUAABAAAA"));
}

#[tokio::test]
async fn what_the_response_says() {
    let client = client()
        .channel_binding(ChannelBinding::of(b"x"))
        .service_name("HTTP/other");
    let mut walk = greeted(&client).await;
    walk.again(&refusal(&[CHALLENGE]));
    let message = proof(&walk.leg());
    let message = Authenticate::read(&message).unwrap();
    let response = ClientChallenge::read(message.nt_response()).unwrap();
    let info = response.target_info();
    assert_eq!(info.text(av_id::TARGET_NAME).unwrap(), "HTTP/other");
    assert_eq!(info.timestamp(), Some(0x01da_1747_c66d_0000));
    assert_eq!(
        (
            info.flags(),
            info.get(av_id::CHANNEL_BINDINGS).unwrap().len()
        ),
        (2, 16)
    );
    assert_eq!(message.lm_response(), [0; 24]);
    assert!(message.mic().is_some_and(|mic| mic != [0; 16]));
}

#[tokio::test]
async fn the_service_is_the_origins_host() {
    for (uri, service) in [
        ("https://Example.ORG:8443/a", "HTTP/example.org"),
        ("http://[::1]:80/", "HTTP/[::1]"),
        ("/relative", ""),
    ] {
        let head = Request::post(uri).body(()).unwrap().into_parts().0;
        let mut walk = Walk(client().begin(Cx::new(&head, None)).await.unwrap());
        walk.bind(&Connection::default());
        walk.again(&refusal(&[CHALLENGE]));
        let message = proof(&walk.leg());
        let message = Authenticate::read(&message).unwrap();
        let response = ClientChallenge::read(message.nt_response()).unwrap();
        assert_eq!(
            response.target_info().text(av_id::TARGET_NAME).unwrap(),
            service
        );
    }
}

#[tokio::test]
async fn no_two_proofs_are_the_same() {
    let mut seen = std::collections::HashSet::new();
    for _ in 0..50 {
        let mut walk = greeted(&client()).await;
        walk.again(&refusal(&[CHALLENGE]));
        assert!(seen.insert(walk.leg()));
    }
}

#[test]
fn what_cannot_be_configured() {
    let of = |result: countersign_core::Result<Ntlm>| result.unwrap_err().kind();
    assert_eq!(of(Ntlm::new("a\nb", "x")), ErrorKind::Configuration);
    assert_eq!(of(Ntlm::new("a", vec![0xff])), ErrorKind::Configuration);
    assert_eq!(of(client().domain("a\0")), ErrorKind::Configuration);
    assert_eq!(of(client().workstation("a\r")), ErrorKind::Configuration);
    for hex in [
        "",
        "a4f49c406510bdcab6824ee7c30fd85",
        "g4f49c406510bdcab6824ee7c30fd852",
        "é4f49c406510bdcab6824ee7c30fd85",
    ] {
        let error = countersign_ntlm::NtHash::from_hex(hex).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }
}

#[test]
fn it_is_stronger_than_what_reveals() {
    assert_eq!(client().strength(), Strength::Connection);
}
