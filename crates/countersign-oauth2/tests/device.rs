//! The device grant: RFC 8628.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::{Clock, Sources, SystemRandom};
use countersign_oauth2::{AuthorizationError, Builder, Handler, OAuth2, Parameter, Verification};
use countersign_token::{RefusedKind, Token};
use http::Response;
use support::{AUTHORIZATION_URL, DEVICE_URL, Seen, Server, TOKEN_URL, access, json, token, told};
use tokio::time::Instant;

/// The clock of the paused runtime.
#[derive(Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

fn paused() -> Sources {
    Sources {
        clock: Arc::new(Paused(Instant::now())),
        random: Arc::new(SystemRandom),
    }
}

fn device() -> Builder {
    OAuth2::device(DEVICE_URL, TOKEN_URL, "id")
        .sources(paused())
        .on_user_code(|_| ())
}

const CODE: &str = r#"{"device_code":"dev-code","user_code":"WDJB-MJHT","verification_uri":"https://as.example/go","expires_in":600"#;

fn error(code: &str) -> Response<Bytes> {
    json(400, &format!(r#"{{"error":"{code}"}}"#))
}

/// A server that gives out a code and then answers polls in turn, the last for ever; and when they came.
fn server(rest: &str, polls: Vec<Option<Response<Bytes>>>) -> (Server, Arc<Mutex<Vec<Duration>>>) {
    let (start, times) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
    let (code, seen, next) = (
        format!("{CODE}{rest}}}"),
        Arc::clone(&times),
        AtomicUsize::new(0),
    );
    let answer = move |request: &Seen| {
        if request.uri == DEVICE_URL {
            return Some(json(200, &code));
        }
        assert_eq!(
            request.get("grant_type"),
            Some("urn:ietf:params:oauth:grant-type:device_code")
        );
        assert_eq!(request.get("device_code"), Some("dev-code"));
        seen.lock().unwrap().push(start.elapsed());
        let at = next.fetch_add(1, Ordering::Relaxed).min(polls.len() - 1);
        polls[at].clone()
    };
    (Server::failing(answer), times)
}

fn granted() -> Option<Response<Bytes>> {
    Some(json(200, r#"{"access_token":"t","refresh_token":"r"}"#))
}

fn pending() -> Option<Response<Bytes>> {
    Some(error("authorization_pending"))
}

fn seconds(times: &Mutex<Vec<Duration>>) -> Vec<u64> {
    times
        .lock()
        .unwrap()
        .iter()
        .map(Duration::as_secs)
        .collect()
}

fn is_right(token: &Token) {
    assert_eq!(
        (access(token), token.refresh.clone()),
        ("t", Some("r".into()))
    );
}

#[tokio::test(start_paused = true)]
async fn the_code_is_shown_and_the_server_asked_until_a_person_consented() {
    let (server, times) = server(r#","interval":7"#, vec![pending(), pending(), granted()]);
    let shown = Arc::new(Mutex::new(None::<Verification>));
    let show = Arc::clone(&shown);
    let builder = device()
        .scope("a b")
        .audience("aud")
        .authorization_parameter(Parameter::body("tenant", "1"))
        .on_user_code(move |verification| *show.lock().unwrap() = Some(verification.clone()));
    is_right(&token(builder, &server).await.unwrap());
    assert_eq!(seconds(&times), [7, 14, 21]);
    let shown = shown.lock().unwrap().clone().unwrap();
    assert_eq!(
        (shown.uri.as_str(), shown.user_code.as_str()),
        ("https://as.example/go", "WDJB-MJHT")
    );
    let asked = &server.seen()[0];
    assert_eq!(
        (
            asked.get("scope"),
            asked.get("audience"),
            asked.get("tenant")
        ),
        (Some("a b"), Some("aud"), Some("1"))
    );
    assert_eq!(asked.get("client_id"), Some("id"));
}

#[tokio::test(start_paused = true)]
async fn slow_down_adds_five_seconds_and_stays() {
    let slow = || Some(error("slow_down"));
    let (server, times) = server("", vec![pending(), slow(), pending(), slow(), granted()]);
    is_right(&token(device(), &server).await.unwrap());
    assert_eq!(seconds(&times), [5, 10, 20, 30, 45]);
}

#[tokio::test(start_paused = true)]
async fn an_interval_is_kept_within_bounds() {
    for (interval, expected) in [("0", 1), ("-1", 1), ("1e9", 60), ("\"3\"", 3), ("null", 5)] {
        let (server, times) = server(&format!(r#","interval":{interval}"#), vec![granted()]);
        is_right(&token(device(), &server).await.unwrap());
        assert_eq!(seconds(&times), [expected], "{interval}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_ill_is_asked_less_often() {
    let polls = vec![
        None,
        Some(json(502, "<html>")),
        Some(json(429, "")),
        granted(),
    ];
    let (server, times) = server("", polls);
    is_right(&token(device(), &server).await.unwrap());
    assert_eq!(seconds(&times), [5, 15, 35, 75]);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_the_code_does() {
    let (slow, times) = server(r#","interval":1"#, vec![Some(error("slow_down"))]);
    let refused = token(device(), &slow).await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    assert!(refused.to_string().contains("in time"), "{refused}");
    assert!(*seconds(&times).last().unwrap() < 600);

    let (expired, _) = server("", vec![Some(error("expired_token"))]);
    let refused = token(device(), &expired).await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_the_person_declines_or_the_answer_is_none() {
    for (poll, kind) in [
        (Some(error("access_denied")), RefusedKind::Interaction),
        (Some(error("invalid_grant")), RefusedKind::InvalidGrant),
        (Some(json(302, "")), RefusedKind::Malformed),
        (Some(json(200, "{}")), RefusedKind::Malformed),
    ] {
        let (server, times) = server("", vec![poll]);
        assert_eq!(token(device(), &server).await.unwrap_err().kind(), kind);
        assert_eq!(seconds(&times).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_over_at_once_is_never_asked_for() {
    let zero = r#"{"device_code":"d","user_code":"u","verification_uri":"https://a.example","expires_in":0}"#;
    let server = Server::json(200, zero);
    token(device(), &server).await.unwrap_err();
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_leads_nowhere_is_refused() {
    for uri in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "",
        "as.example/go",
    ] {
        let body = format!(
            r#"{{"device_code":"d","user_code":"u","verification_uri":"{uri}","expires_in":60}}"#
        );
        let refused = token(device(), &Server::json(200, &body))
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), RefusedKind::Malformed, "{uri}");
    }
    let refused = token(
        device(),
        &Server::json(400, r#"{"error":"invalid_client"}"#),
    )
    .await
    .unwrap_err();
    assert_eq!(told(&refused).code.as_deref(), Some("invalid_client"));
}

#[tokio::test(start_paused = true)]
async fn it_takes_over_where_there_is_no_browser_and_only_there() {
    let code = || {
        OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id")
            .redirect_uri(support::REDIRECT)
            .device_authorization_url(DEVICE_URL)
            .sources(paused())
            .on_user_code(|_| ())
    };
    let (here, _) = server("", vec![granted()]);
    is_right(&token(code(), &here).await.unwrap());
    let none = Handler::new(|_| async { Err(AuthorizationError::Unavailable) });
    is_right(&token(code().user_agent(none), &here).await.unwrap());

    let (unused, _) = server("", vec![granted()]);
    let gave_up = Handler::new(|_| async { Err(AuthorizationError::Cancelled) });
    token(code().user_agent(gave_up), &unused)
        .await
        .unwrap_err();
    assert!(unused.seen().is_empty());
}
