//! What went wrong elsewhere, each once.
#![cfg(feature = "browser")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use countersign_core::{Cx, Exchange, Next, Payload, Scheme};
use countersign_oauth2::browser::{Browser, Console};
use countersign_oauth2::{AuthorizationError, Builder, ClientAuthentication, Handler, OAuth2};
use countersign_testkit::Canary;
use countersign_token::{BoxFuture, RefusedKind, Source, Token};
use support::{AUTHORIZATION_URL, REDIRECT, Server, TOKEN_URL, client, json, source};
use url::Url;

/// Nobody.
struct Nobody;

impl Console for Nobody {
    fn show(&self, _: &str) {}

    fn is_interactive(&self) -> bool {
        false
    }

    fn line(&self) -> BoxFuture<'static, Option<String>> {
        Box::pin(async { None })
    }
}

fn code() -> Builder {
    OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id")
}

/// The URL that a browser is sent to, and where it is to come back.
async fn opened() -> (Url, Url) {
    let (open, urls) = mpsc::channel();
    let open = std::sync::Mutex::new(open);
    let browser = Browser::new()
        .console(Nobody)
        .open(move |url: &str| {
            open.lock()
                .unwrap()
                .send(url.to_owned())
                .map_err(std::io::Error::other)
        })
        .deadline(Duration::from_millis(50));
    source(code().user_agent(browser), &Server::giving("t"))
        .obtain(None)
        .await
        .unwrap_err();
    let url = Url::parse(&urls.recv().unwrap()).unwrap();
    let redirect = of(&url, "redirect_uri").unwrap();
    (url, Url::parse(&redirect).unwrap())
}

fn of(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// yup-oauth2: any failure to refresh led into the interactive flow.
#[tokio::test]
async fn yup_oauth2_a_refresh_that_fails_opens_no_browser() {
    for (status, body) in [(400, r#"{"error":"invalid_grant"}"#), (500, ""), (429, "")] {
        let handler = Handler::new(|_| async { panic!("a browser was opened") });
        let server = Server::json(status, body);
        let source = source(code().redirect_uri(REDIRECT).user_agent(handler), &server);
        let held = Token::new("old", SystemTime::now()).refresh("r");
        source.obtain(Some(held)).await.unwrap_err();
    }
}

/// yup-oauth2: an authorization URL without `state` and PKCE.
#[tokio::test]
async fn yup_oauth2_every_authorization_has_a_state_and_a_challenge() {
    let (url, _) = opened().await;
    assert!(of(&url, "state").unwrap().len() >= 22);
    assert_eq!(of(&url, "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(of(&url, "code_challenge").unwrap().len(), 43);
}

/// httpx-auth: a `state` computed from the URL, the same for every request.
#[tokio::test]
async fn httpx_auth_a_state_cannot_be_computed() {
    assert_ne!(
        of(&opened().await.0, "state"),
        of(&opened().await.0, "state")
    );
}

/// httpx-auth and AppAuth-JS: listening on all interfaces, at a port that everybody knows.
#[tokio::test]
async fn httpx_auth_and_appauth_the_listener_is_on_loopback_alone() {
    let ((_, one), (_, two)) = (opened().await, opened().await);
    assert_eq!(one.host_str(), Some("127.0.0.1"));
    assert_ne!((one.port(), one.path()), (two.port(), two.path()));
}

/// yup-oauth2 and requests-oauthlib: tokens and requests in the log. What this test does is searched at its end.
#[tokio::test]
async fn yup_oauth2_and_requests_oauthlib_nothing_is_logged() {
    let (token, refresh, secret) = (Canary::token(), Canary::token(), Canary::token());
    let body = format!(
        r#"{{"access_token":"{}","refresh_token":"{}"}}"#,
        token.as_str(),
        refresh.as_str()
    );
    let server = Server::json(200, &body);
    let builder = client().client_secret(secret.as_str());
    let source = source(builder.clone(), &server);
    let token = source.obtain(None).await.unwrap();
    source.obtain(Some(token)).await.unwrap();
    let scheme = builder.build(server).unwrap();
    scheme.manager().unwrap().token().await.unwrap();
    let shown = format!("{scheme:?} {source:?} {:?}", scheme.manager());
    countersign_testkit::assert_clean("Debug", shown.as_bytes());
}

/// requests-oauthlib: plain `http` refused on loopback too, with no setting against it in its own documentation.
#[tokio::test]
async fn requests_oauthlib_clear_text_can_be_allowed() {
    let build = |url: &str, allow| {
        OAuth2::client_credentials(url, "id", "s")
            .allow_cleartext(allow)
            .source(Server::giving("t"))
    };
    assert!(build("http://127.0.0.1:9/token", false).is_ok());
    let error = build("http://as.example/token", false).unwrap_err();
    assert!(error.to_string().contains("allow_cleartext"), "{error}");
    assert!(build("http://as.example/token", true).is_ok());
}

/// Authlib: Basic without the encoding of RFC 6749 section 2.3.1, in Latin-1.
#[tokio::test]
async fn authlib_basic_is_encoded_as_a_form_before() {
    let server = Server::giving("t");
    let builder = OAuth2::client_credentials(TOKEN_URL, "id", "p+ü&");
    support::token(builder, &server).await.unwrap();
    // id:p%2B%C3%BC%26
    assert_eq!(
        server.only().header("authorization"),
        Some("Basic aWQ6cCUyQiVDMyVCQyUyNg==")
    );
}

/// Authlib: a `token_type` that it did not know was an error.
#[tokio::test]
async fn authlib_a_type_that_nobody_knows_is_sent_as_a_bearer() {
    let server = Server::json(200, r#"{"access_token":"t","token_type":"user"}"#);
    support::token(client(), &server).await.unwrap();
}

/// golang/oauth2: a code sent again with another client authentication, after the server had consumed it.
#[tokio::test]
async fn golang_a_consumed_code_is_not_sent_again() {
    let server = Server::json(401, r#"{"error":"invalid_client"}"#);
    let handler = Handler::new(|url| {
        let state = of(&Url::parse(&url).unwrap(), "state").unwrap();
        async move { Ok(format!("?code=c&state={state}")) }
    });
    let builder = code()
        .client_secret("s")
        .redirect_uri(REDIRECT)
        .user_agent(handler);
    support::token(builder, &server).await.unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

/// golang/oauth2: a 401 never led to another token.
#[tokio::test]
async fn golang_a_401_leads_to_another_token() {
    let number = AtomicUsize::new(0);
    let server = Server::new(move |_| {
        let number = number.fetch_add(1, Ordering::SeqCst);
        json(
            200,
            &format!(r#"{{"access_token":"t{number}","expires_in":3600}}"#),
        )
    });
    let scheme = client().build(server).unwrap();
    let (mut head, ()) = http::Request::get("https://api.example/")
        .body(())
        .unwrap()
        .into_parts();
    let mut exchange = scheme.begin(Cx::new(&head, None)).await.unwrap();
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    let (refusal, ()) = http::Response::builder()
        .status(401)
        .body(())
        .unwrap()
        .into_parts();
    assert_eq!(exchange.receive(&refusal).unwrap(), Next::Restart);
    let mut exchange = scheme
        .begin(Cx::new(&head, None).refused(&refusal))
        .await
        .unwrap();
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    assert_eq!(head.headers["authorization"], "Bearer t1");
}

/// Duende: a request sent without a token when none could be had.
#[tokio::test]
async fn duende_without_a_token_there_is_no_request() {
    let scheme = client().build(Server::json(500, "")).unwrap();
    let (head, ()) = http::Request::get("https://api.example/")
        .body(())
        .unwrap()
        .into_parts();
    assert!(scheme.begin(Cx::new(&head, None)).await.is_err());
}

/// Duende: a token that is bound to a key was sent as a bearer's where no proof could be made.
#[tokio::test]
async fn duende_a_bound_token_is_never_sent_as_a_bearers() {
    let server = Server::json(200, r#"{"access_token":"t","token_type":"DPoP"}"#);
    let scheme = client().build(server).unwrap();
    let (head, ()) = http::Request::get("https://api.example/")
        .body(())
        .unwrap()
        .into_parts();
    let error = scheme.begin(Cx::new(&head, None)).await.unwrap_err();
    assert!(error.to_string().contains("type dpop"), "{error}");
}

/// oauth2-rs: an `expires_in` in quotes, an answer that is no JSON, an answer without `token_type`.
#[tokio::test]
async fn oauth2_rs_answers_that_servers_really_send_are_read() {
    for body in [
        r#"{"access_token":"t","token_type":"bearer","expires_in":"3600"}"#,
        "access_token=t&expires_in=3600",
    ] {
        let token = support::token(client(), &Server::json(200, body))
            .await
            .unwrap();
        assert_eq!(token.lifetime(), Some(Duration::from_secs(3600)));
    }
}

/// postman-runtime: a failed refresh went unnoticed, a MAC token sent nothing at all.
#[tokio::test]
async fn postman_runtime_a_failed_refresh_and_a_mac_token_are_errors() {
    let server = Server::json(200, r#"{"access_token":"t","token_type":"mac"}"#);
    let refused = support::refused(client(), &server).await;
    assert_eq!(refused.kind(), RefusedKind::Malformed);
    let held = Token::new("old", SystemTime::now()).refresh("r");
    let refused = source(client(), &Server::json(400, "{}"))
        .obtain(Some(held))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Denied);
}

/// Several command lines: nothing is said when the browser was closed.
#[tokio::test]
async fn a_closed_browser_is_told() {
    let browser = Browser::new()
        .console(Nobody)
        .open(|_: &str| Ok(()))
        .deadline(Duration::from_millis(20));
    let builder = code()
        .client_authentication(ClientAuthentication::None)
        .user_agent(browser);
    let refused = support::refused(builder, &Server::giving("t")).await;
    let source = std::error::Error::source(&refused).unwrap();
    assert!(matches!(
        source.downcast_ref(),
        Some(AuthorizationError::Deadline { last: None })
    ));
}
