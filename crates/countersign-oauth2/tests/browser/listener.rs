//! What the listener lets in, and what it does not.

use std::time::Duration;

use countersign_oauth2::browser::Browser;
use countersign_oauth2::{AuthorizationError, OAuth2, RedirectError};
use countersign_testkit::exchange;
use countersign_token::{RefusedKind, Source};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::flow::{Flow, code, text};
use crate::support::{AUTHORIZATION_URL, Server, access, source};

#[tokio::test]
async fn without_a_redirect_uri_port_and_path_are_random_and_both_families_listen() {
    let (one, two) = (Flow::start(code()).await, Flow::start(code()).await);
    assert_eq!(one.redirect().host_str(), Some("127.0.0.1"));
    assert_ne!(one.redirect().port(), two.redirect().port());
    assert_ne!(one.redirect().path(), two.redirect().path());
    assert!(one.redirect().path().len() >= 23);
    let port = one.redirect().port().unwrap();
    if TcpListener::bind("[::1]:0").await.is_ok() {
        TcpStream::connect(("::1", port)).await.unwrap();
    }
    let redirect = one.parameter("redirect_uri");
    let server = one.server.clone();
    one.grant().await;
    assert_eq!(server.only().get("redirect_uri"), Some(redirect.as_str()));
    two.grant().await;
}

#[tokio::test]
async fn a_given_redirect_uri_is_used_exactly() {
    for host in ["127.0.0.1", "localhost"] {
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let uri = format!("http://{host}:{port}/call/back?keep=1");
        let flow = Flow::start(code().redirect_uri(&uri)).await;
        assert_eq!(flow.parameter("redirect_uri"), uri);
        let state = flow.parameter("state");
        let page = flow
            .get(&format!("/call/back?keep=1&code=c&state={state}"))
            .await;
        assert_eq!(page.status, StatusCode::OK);
        let server = flow.server.clone();
        flow.end().await.unwrap();
        assert_eq!(server.only().get("redirect_uri"), Some(uri.as_str()));
    }
}

#[tokio::test]
async fn a_port_of_zero_is_any_that_is_free() {
    let flow = Flow::start(code().redirect_uri("http://127.0.0.1:0/fixed")).await;
    assert_ne!(flow.redirect().port(), Some(0));
    assert_eq!(flow.redirect().path(), "/fixed");
    flow.grant().await;
}

#[tokio::test]
async fn a_port_that_another_program_has_is_an_error_and_nothing_is_opened() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://localhost:{}/", taken.local_addr().unwrap().port());
    let browser = Browser::new().open(|_: &str| panic!("opened"));
    let source = source(
        code().redirect_uri(uri).user_agent(browser),
        &Server::giving("t"),
    );
    let refused = source.obtain(None).await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Configuration);
    assert!(refused.to_string().contains("port"), "{refused}");
}

#[tokio::test]
async fn what_is_not_the_redirect_is_not_found_and_does_no_harm() {
    let flow = Flow::start(code()).await;
    let (path, granted) = (flow.redirect().path().to_owned(), flow.granted());
    for target in [
        "/favicon.ico",
        "/",
        "/other?code=x",
        "/robots.txt",
        &format!("{path}/?code=c"),
    ] {
        assert_eq!(
            flow.get(target).await.status,
            StatusCode::NOT_FOUND,
            "{target}"
        );
    }
    for method in ["PUT", "OPTIONS", "DELETE"] {
        assert_eq!(
            flow.send(method, &granted, "", "").await.status,
            StatusCode::NOT_FOUND
        );
    }
    let plain = flow
        .send("POST", &path, "content-type: text/plain\r\n", "code=c")
        .await;
    assert_eq!(plain.status, StatusCode::NOT_FOUND);
    flow.grant().await;
}

#[tokio::test]
async fn a_page_of_another_name_that_leads_here_is_not_served() {
    let flow = Flow::start(code()).await;
    let port = flow.redirect().port().unwrap();
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        "127.0.0.1:1",
    ] {
        let request = format!("GET {} HTTP/1.1\r\nhost: {host}\r\n\r\n", flow.granted());
        let page = exchange(flow.address(), request.as_bytes()).await.unwrap();
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{host}");
    }
    flow.grant().await;
}

#[tokio::test]
async fn a_wrong_state_is_refused_and_the_right_one_still_welcome() {
    let flow = Flow::start(code()).await;
    let path = flow.redirect().path().to_owned();
    for query in [
        "code=evil&state=WRONG",
        "code=evil",
        "code=evil&state=a&state=b",
    ] {
        let page = flow.get(&format!("{path}?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(text(&page).contains("still waiting"), "{}", text(&page));
    }
    assert!(flow.person.said().contains("not accepted"));
    let server = flow.server.clone();
    flow.grant().await;
    assert_eq!(server.only().get("code"), Some("c"));
}

#[tokio::test]
async fn one_answer_is_enough_and_then_nobody_listens() {
    let flow = Flow::start(code()).await;
    let (address, granted) = (flow.address(), flow.granted());
    // A connection that was there before the answer finds it used.
    let mut early = TcpStream::connect(address).await.unwrap();
    let half = format!(
        "GET {granted} HTTP/1.1\r\nhost: {}\r\n",
        flow.redirect().authority()
    );
    early.write_all(half.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(flow.get(&granted).await.status, StatusCode::OK);
    early.write_all(b"\r\n").await.unwrap();
    let mut answer = String::new();
    early.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    let server = flow.server.clone();
    flow.end().await.unwrap();
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_form_post_is_an_answer() {
    let flow = Flow::start(code()).await;
    let page = flow
        .post(&format!("code=c&state={}", flow.parameter("state")))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    flow.end().await.unwrap();
}

#[tokio::test]
async fn a_fragment_comes_by_a_page_of_its_own() {
    let flow = Flow::start(OAuth2::implicit(AUTHORIZATION_URL, "id")).await;
    let state = flow.parameter("state");
    let page = flow.get(flow.redirect().path()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(text(&page).contains("location.hash"));
    // A token in the query was seen by others.
    let query = format!("{}?access_token=t&state={state}", flow.redirect().path());
    assert_eq!(flow.get(&query).await.status, StatusCode::BAD_REQUEST);
    let page = flow
        .post(&format!("access_token=own&token_type=bearer&state={state}"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(access(&flow.end().await.unwrap()), "own");
}

#[tokio::test]
async fn a_servers_refusal_is_shown_escaped_and_ends_it_at_once() {
    let flow = Flow::start(code()).await;
    let (path, state) = (flow.redirect().path().to_owned(), flow.parameter("state"));
    let query = format!(
        "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&state={state}"
    );
    let page = flow.get(&format!("{path}?{query}")).await;
    let html = text(&page);
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{html}"
    );
    assert!(html.contains("start again"), "{html}");
    let refused = flow.end().await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    assert!(refused.to_string().contains("declined"), "{refused}");
}

#[tokio::test]
async fn every_page_is_plain_accessible_and_runs_nothing_of_others() {
    let flow = Flow::start(code()).await;
    let path = flow.redirect().path().to_owned();
    let pages = [
        flow.get("/favicon.ico").await,
        flow.get(&path).await,
        flow.get(&format!("{path}?code=x&state=x")).await,
        flow.get(&flow.granted()).await,
    ];
    flow.end().await.unwrap();
    for page in pages {
        let html = text(&page);
        for part in [
            "<html lang=\"en\">",
            "<title>",
            "<main>",
            "<h1>",
            "name=\"viewport\"",
            "charset=\"utf-8\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let header = |name: &str| page.headers[name].to_str().unwrap();
        assert!(header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("connection"), "close");
        assert!(!html.contains("code=") && !html.contains("http"), "{html}");
    }
}

#[tokio::test]
async fn a_deadline_says_why_and_it_can_be_begun_again() {
    let flow = Flow::within(code(), Duration::from_millis(300)).await;
    flow.get(&format!("{}?code=x&state=x", flow.redirect().path()))
        .await;
    let refused = flow.end().await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    let source = std::error::Error::source(&refused).unwrap();
    let last = Some(RedirectError::StateMismatch);
    assert!(matches!(
        source.downcast_ref::<AuthorizationError>(),
        Some(AuthorizationError::Deadline { last: why }) if *why == last
    ));
    let flow = Flow::within(code(), Duration::from_millis(100)).await;
    let address = flow.address();
    assert!(flow.end().await.unwrap_err().to_string().contains("closed"));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_thousand_idle_connections_are_not_kept_and_do_not_keep_the_browser_out() {
    let flow = Flow::start(code()).await;
    let mut idle = Vec::new();
    for _ in 0..1000 {
        idle.push(TcpStream::connect(flow.address()).await.unwrap());
    }
    assert_eq!(flow.get("/favicon.ico").await.status, StatusCode::NOT_FOUND);
    let mut closed = 0;
    for stream in &mut idle {
        let read = tokio::time::timeout(Duration::from_millis(10), stream.read_u8()).await;
        closed += usize::from(matches!(read, Ok(Err(_))));
    }
    assert!(closed >= 980, "{closed}");
    flow.grant().await;
}

#[tokio::test]
async fn connections_that_a_browser_keeps_in_reserve_hold_nothing_up() {
    let flow = Flow::start(code()).await;
    let _idle = TcpStream::connect(flow.address()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    flow.get(&flow.granted()).await;
    let outcome = tokio::time::timeout(Duration::from_millis(900), flow.outcome).await;
    assert!(
        outcome
            .expect("the farewell of two seconds is not waited for")
            .unwrap()
            .is_ok()
    );
}

#[tokio::test]
async fn what_is_too_large_or_no_http_costs_its_own_connection_alone() {
    let flow = Flow::start(code()).await;
    for request in [
        format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000)),
        format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(20_000)),
        "\u{16}\u{3}\u{1}".to_owned(),
    ] {
        let mut stream = TcpStream::connect(flow.address()).await.unwrap();
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/1.1 200"));
    }
    let page = flow.post(&"a".repeat(70_000)).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    flow.grant().await;
}

#[tokio::test]
async fn dropping_it_closes_the_listener() {
    let flow = Flow::start(code()).await;
    let address = flow.address();
    flow.outcome.abort();
    let _ = flow.outcome.await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn what_it_shows_says_what_to_do() {
    let flow = Flow::start(code()).await;
    let said = flow.person.said();
    assert!(
        said.contains(flow.url.as_str()) && said.contains("browser"),
        "{said}"
    );
    flow.grant().await;
}
