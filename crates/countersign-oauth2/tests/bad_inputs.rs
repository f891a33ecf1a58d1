//! Inputs that are wrong on purpose.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use countersign_core::FetchLimits;
use countersign_oauth2::{AnswerError, Builder, Handler, OAuth2};
use countersign_reqwest::ReqwestFetch;
use countersign_testkit::{Answer, RawServer, Then};
use countersign_token::{Refused, RefusedKind, Source, Token};
use http::Response;
use serde_json::Value;
use support::{
    AUTHORIZATION_URL, REDIRECT, Server, TOKEN_URL, access, answer, client, source, told,
};

const ROWS: &str = include_str!("data/bad-inputs-oauth2.json");

/// Rows that are looked at in another place, and where.
const ELSEWHERE: &[(&str, &str)] = &[
    ("B195", "an_endless_answer_costs_no_more_than_the_limit"),
    ("B196", "a_compressed_answer_counts_as_it_is_read"),
    ("B213", "countersign-token"),
    ("B226", "browser.rs"),
    ("B227", "browser.rs"),
    ("B229", "browser.rs"),
    ("B238", "device.rs"),
    ("B240", "scheme.rs"),
    ("B241", "scheme.rs"),
];

#[tokio::test]
async fn every_row_is_answered_as_it_should() {
    let rows: Value = serde_json::from_str(ROWS).unwrap();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 45);
    for row in rows {
        let id = row["id"].as_str().unwrap();
        if ELSEWHERE.iter().any(|(known, _)| *known == id) {
            continue;
        }
        match row["where"].as_str().unwrap() {
            "token endpoint response" => token_answer(id, &row["input"]).await,
            "redirect/callback" => redirect(id, row["input"].as_str().unwrap()).await,
            _ => setting(id).await,
        }
    }
}

fn text(input: &Value) -> String {
    let Value::Array(runs) = input else {
        return input.as_str().unwrap().to_owned();
    };
    let run = |run: &Value| {
        run[0]
            .as_str()
            .unwrap()
            .repeat(run[1].as_u64().unwrap() as usize)
    };
    runs.iter().map(run).collect()
}

/// `200 application/json {...}` as an answer.
fn response(input: &str) -> Response<Bytes> {
    let mut parts = input.splitn(3, ' ');
    let status = parts.next().unwrap().parse().unwrap();
    let (kind, body) = match (parts.next(), parts.next()) {
        (Some(kind), Some(body)) if kind.contains('/') => (kind, body),
        (first, _) => (
            "application/json",
            input
                .split_once(' ')
                .map_or(first.unwrap_or(""), |(_, body)| body),
        ),
    };
    let body = body
        .replace("(empty body)", "")
        .replace("<2 MiB>", &"a".repeat(2 << 20));
    answer(status, kind, &body)
}

async fn obtained(input: &str) -> Result<Token, Refused> {
    let answer = response(input);
    support::token(client(), &Server::new(move |_| answer.clone())).await
}

async fn token_answer(id: &str, input: &Value) {
    let input = text(input);
    let outcome = match id {
        "B199" => obtained("302 ").await,
        "B207" => return throttled().await,
        "B210" => return failing().await,
        "B211" => obtained(r#"200 application/json {"access_token":"t","scope":"a"}"#).await,
        "B212" => obtained(r#"200 application/json {"access_token":"t"}"#).await,
        _ => obtained(&input).await,
    };
    match id {
        "B176" | "B184" | "B198" => {
            assert_eq!(access(&outcome.unwrap()), "t", "{id}");
            strictly_refused(id, &input).await;
        }
        "B178" | "B180" | "B181" | "B182" | "B183" | "B211" | "B212" => {
            assert_eq!(access(&outcome.unwrap()), "t", "{id}");
        }
        "B201" => assert_eq!(outcome.unwrap_err().kind(), RefusedKind::InvalidGrant),
        "B204" | "B205" => {
            let refused = outcome.unwrap_err();
            assert!(told(&refused).code.is_some());
            assert!(!refused.to_string().contains('\u{1b}'), "{id}");
        }
        _ => {
            let refused = outcome.unwrap_err();
            assert_eq!(refused.kind(), RefusedKind::Malformed, "{id}");
            assert_eq!(*unusable(&refused), why(id), "{id}");
        }
    }
}

fn unusable(refused: &Refused) -> &AnswerError {
    let source = std::error::Error::source(refused).unwrap();
    source.downcast_ref().unwrap()
}

fn why(id: &str) -> AnswerError {
    match id {
        "B177" => AnswerError::UnsupportedType("mac".into()),
        "B214" => AnswerError::UnsupportedType("dpop".into()),
        "B179" => AnswerError::UnfitToken,
        "B194" => AnswerError::TooLarge,
        "B199" => AnswerError::Redirect,
        _ => AnswerError::Unreadable,
    }
}

async fn strictly_refused(id: &str, input: &str) {
    let answer = response(input);
    let server = Server::new(move |_| answer.clone());
    let refused = support::refused(client().strict(true), &server).await;
    assert_eq!(refused.kind(), RefusedKind::Malformed, "{id}");
    assert!(
        matches!(unusable(&refused), AnswerError::NotStrict(_)),
        "{id}"
    );
}

async fn throttled() {
    let server = Server::new(|_| {
        let mut answer = answer(429, "text/plain", "");
        let forever = "99999999999999999999".parse().unwrap();
        answer.headers_mut().insert("retry-after", forever);
        answer
    });
    let retry_after = Some(Duration::from_secs(900));
    assert_eq!(
        support::refused(client(), &server).await.kind(),
        RefusedKind::Throttled { retry_after }
    );
}

async fn failing() {
    let server = Server::json(500, "");
    let source = source(client(), &server);
    let held = Token::new("t", SystemTime::now()).refresh("r");
    assert_eq!(
        source.obtain(Some(held)).await.unwrap_err().kind(),
        RefusedKind::Unavailable
    );
    assert_eq!(server.seen().len(), 1);
}

/// What comes of a redirect with this path and query, where the state is `xyz`.
async fn redirect(id: &str, input: &str) {
    let target = input.split(' ').next().unwrap().replace("{s}", "xyz");
    let url = format!("https://client.example{target}");
    let handler = Handler::new(move |_| std::future::ready(Ok(url.clone())));
    let code = || OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id");
    let builder = match id {
        "B221" => code().issuer("https://good.example").require_issuer(true),
        "B222" => code().issuer("https://good.example"),
        "B223" => OAuth2::implicit(AUTHORIZATION_URL, "id"),
        _ => code(),
    };
    let server = Server::giving("t");
    let builder = builder
        .redirect_uri(REDIRECT)
        .state("xyz")
        .user_agent(handler);
    let refused = support::refused(builder, &server).await;
    assert_eq!(refused.kind(), RefusedKind::Malformed, "{id}");
    let expected = match id {
        "B215" => "no state",
        "B216" | "B223" => "state is that of another",
        "B217" => "twice",
        "B221" => "does not say which server",
        _ => "another server",
    };
    assert!(refused.to_string().contains(expected), "{id}: {refused}");
    assert!(server.seen().is_empty(), "{id}: the code was exchanged");
}

async fn setting(id: &str) {
    match id {
        // No metadata is read, so none can switch S256 off.
        "B233" => assert_eq!(
            countersign_oauth2::Pkce::default(),
            countersign_oauth2::Pkce::S256
        ),
        "B236" => {
            for url in ["file:///etc/passwd", "https://u:p@as/", "https://as/#f"] {
                let error = client()
                    .token_url(url)
                    .source(Server::giving("t"))
                    .unwrap_err();
                assert!(error.to_string().contains("token endpoint"), "{error}");
            }
        }
        other => panic!("{other} is not looked at"),
    }
}

fn over(server: &RawServer, limits: FetchLimits) -> (Builder, ReqwestFetch) {
    let fetch = ReqwestFetch::new(reqwest::Client::builder(), limits).unwrap();
    (
        OAuth2::client_credentials(server.url("/token"), "id", "s"),
        fetch,
    )
}

#[tokio::test]
async fn an_endless_answer_costs_no_more_than_the_limit() {
    for then in [Then::Flood, Then::Drip, Then::Hang] {
        let server = RawServer::start(move |_| Answer::new(200).then(then)).await;
        let limits = FetchLimits::default().deadline(Duration::from_millis(500));
        let (builder, fetch) = over(&server, limits);
        let refused = builder
            .source(fetch)
            .unwrap()
            .obtain(None)
            .await
            .unwrap_err();
        assert!(
            matches!(
                refused.kind(),
                RefusedKind::Unavailable | RefusedKind::Malformed
            ),
            "{then:?}"
        );
        assert!(server.written() < 8 << 20, "{then:?}");
    }
}

#[tokio::test]
async fn a_compressed_answer_counts_as_it_is_read() {
    // Nothing asked for a coding, so what comes compressed is no JSON; nothing inflates it.
    let bomb = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let server = RawServer::start(move |_| {
        Answer::new(200)
            .header("content-encoding", "gzip")
            .body(bomb)
    })
    .await;
    let (builder, fetch) = over(&server, FetchLimits::default());
    let refused = builder
        .source(fetch)
        .unwrap()
        .obtain(None)
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Malformed);
    assert_eq!(server.seen()[0].request.header("accept-encoding"), None);
}

#[test]
fn settings_that_cannot_be_used_say_what_to_do() {
    let server = Server::giving("t");
    let code = || OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id");
    let basic = countersign_oauth2::ClientAuthentication::RawBasic;
    let parameter = countersign_oauth2::Parameter::body;
    let header = countersign_oauth2::Parameter::header;
    for (builder, expected) in [
        (client().client_id(""), "identifier"),
        (client().client_id("a\nb"), "control character"),
        (
            client().client_id("a:b").client_authentication(basic),
            "colon",
        ),
        (
            Builder::new(countersign_oauth2::Grant::ClientCredentials)
                .client_id("a")
                .token_url(TOKEN_URL),
            "secret",
        ),
        (
            Builder::new(countersign_oauth2::Grant::ClientCredentials)
                .client_id("a")
                .client_secret("b"),
            "token endpoint",
        ),
        (
            Builder::new(countersign_oauth2::Grant::Implicit).client_id("a"),
            "authorization endpoint",
        ),
        (
            OAuth2::device(support::DEVICE_URL, TOKEN_URL, "id"),
            "show the user code",
        ),
        (code().code_verifier("short"), "43 to 128"),
        (code().state(""), "state is empty"),
        (code().redirect_uri("/cb"), "redirect URI"),
        (
            code().redirect_uri("https://client.example/cb#f"),
            "fragment",
        ),
        (code().authorization_parameter(header("a", "b")), "browser"),
        (client().resource("relative"), "absolute"),
        (client().scope("a").scope("b\u{7}"), "control character"),
        (
            client().token_parameter(parameter("grant_type", "x")),
            "setting of its own",
        ),
        (client().token_parameter(parameter("", "x")), "no name"),
        (client().token_parameter(header("a b", "x")), "header"),
        (client().token_parameter(header("a", "x\ny")), "header"),
        (
            client().token_parameter(header("Host", "x")),
            "request's own",
        ),
        (
            client().refresh_parameter(header("Authorization", "x")),
            "Authorization already",
        ),
        (
            client().placement(countersign_core::placement::Placement::Query("".into())),
            "no name",
        ),
        (
            OAuth2::refresh_token(TOKEN_URL, "id", ""),
            "refresh token is empty",
        ),
        (OAuth2::custom(TOKEN_URL, "", [("a", "b")]), "grant_type"),
        (
            client().token_url("http://as.example/token"),
            "allow_cleartext",
        ),
    ] {
        let error = builder.source(server.clone()).unwrap_err();
        assert_eq!(error.kind(), countersign_core::ErrorKind::Configuration);
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}
