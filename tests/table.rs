//! The table: each scheme, through each driver, against the verifying layer in axum.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use bytes::Bytes;
use conformance::app::Change;
use conformance::{App, Client, Driver, Setup, cases};
use countersign_core::Override;
use countersign_testkit::{Canary, Case, Keys, Nonce, Placement, logs};
use http::{Method, Request};

/// Runs `check` for every scheme and driver with the log watched, and names the pair that fails.
async fn every_pair(check: impl AsyncFn(&Case, Driver)) {
    let watch = logs::watch();
    for case in cases::all() {
        for driver in Driver::ALL {
            println!("{} by {driver:?}", case.name);
            check(&case, driver).await;
        }
    }
    drop(watch);
}

fn keys() -> Keys {
    Keys::new(Canary::token().as_str())
}

async fn app(case: &Case, keys: &Keys) -> App {
    App::start((case.server)(keys)).await
}

fn client(case: &Case, keys: &Keys, driver: Driver) -> Client {
    driver.client((case.client)(keys), &Setup::following())
}

async fn status(case: &Case, client: &Client, url: &str) -> u16 {
    client
        .send(case.request(url))
        .await
        .unwrap_or_else(|error| panic!("{}", error.text))
        .status()
        .as_u16()
}

#[tokio::test]
async fn right_credentials_are_accepted() {
    every_pair(async |case, driver| {
        let keys = keys();
        let app = app(case, &keys).await;
        let answer = client(case, &keys, driver)
            .send(case.request(&app.url("/a?b=c")))
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let text = String::from_utf8(answer.into_body().to_vec()).unwrap();
        assert!(
            text.starts_with("POST /a?b=c") && text.contains(" bob "),
            "{text}"
        );
        assert_eq!(app.hits(), case.legs);
    })
    .await;
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    every_pair(async |case, driver| {
        let app = app(case, &keys()).await;
        let status = status(case, &client(case, &keys(), driver), &app.url("/")).await;
        assert!(matches!(status, 401 | 403), "{status}");
        assert!(app.hits() <= 3, "{} hits", app.hits());
    })
    .await;
}

#[tokio::test]
async fn missing_credentials_are_refused() {
    every_pair(async |case, driver| {
        let keys = keys();
        let app = app(case, &keys).await;
        let mut request = case.request(&app.url("/"));
        request.extensions_mut().insert(Override::none());
        let answer = client(case, &keys, driver).send(request).await.unwrap();
        assert!(matches!(answer.status().as_u16(), 401 | 403));
        assert_eq!(app.hits(), 1);
    })
    .await;
}

#[tokio::test]
async fn malformed_credentials_are_refused() {
    every_pair(async |case, driver| {
        let keys = keys();
        let app = app(case, &keys).await;
        let (mut parts, body) = case.request("/").into_parts();
        (case.malform)(&mut parts);
        parts.uri = app
            .url(parts.uri.path_and_query().unwrap().as_str())
            .parse()
            .unwrap();
        parts.extensions.insert(Override::none());
        let answer = client(case, &keys, driver)
            .send(Request::from_parts(parts, body))
            .await
            .unwrap();
        assert!(
            matches!(answer.status().as_u16(), 400 | 401),
            "{}",
            answer.status()
        );
    })
    .await;
}

/// Every credential in a field comes twice.
fn double_fields(parts: &mut http::request::Parts, _: &mut Bytes) {
    for name in ["authorization", "x-key", "cookie"] {
        if let Some(value) = parts.headers.get(name).cloned() {
            parts
                .headers
                .append(http::HeaderName::from_static(name), value);
        }
    }
}

fn double_query(parts: &mut http::request::Parts, _: &mut Bytes) {
    let query = parts.uri.query().unwrap_or_default().to_owned();
    parts.uri = format!("{}?{query}&{query}", parts.uri.path())
        .parse()
        .unwrap();
}

fn double_form(_: &mut http::request::Parts, body: &mut Bytes) {
    *body = [&body[..], b"&", &body[..]].concat().into();
}

#[tokio::test]
async fn duplicated_credentials_are_refused() {
    every_pair(async |case, driver| {
        let change: Change = match case.placement {
            Placement::Header | Placement::Cookie => double_fields,
            Placement::Query => double_query,
            Placement::Body => double_form,
        };
        let status = tampered(case, driver, change).await;
        assert!(matches!(status, 400 | 401), "{status}");
    })
    .await;
}

async fn tampered(case: &Case, driver: Driver, change: Change) -> u16 {
    let keys = keys();
    let app = App::tampering((case.server)(&keys), change).await;
    status(case, &client(case, &keys, driver), &app.url("/a?b=c")).await
}

#[tokio::test]
async fn changes_on_the_way_are_refused_where_they_are_protected() {
    let method: Change = |parts, _| parts.method = Method::PUT;
    let target: Change = |parts, _| {
        let target = parts.uri.to_string().replace("/a?b=c", "/a?b=d");
        parts.uri = target.parse().unwrap();
    };
    let body: Change = |_, body| *body = String::from_utf8_lossy(body).replace("bob", "eve").into();
    every_pair(async |case, driver| {
        let protects = case.protects;
        for (name, change, protected) in [
            ("method", method, protects.method),
            ("target", target, protects.target),
            ("body", body, protects.body),
        ] {
            let status = tampered(case, driver, change).await;
            match protected {
                true => assert!(matches!(status, 400 | 401 | 403), "{name}: {status}"),
                false => assert_eq!(status, 200, "{name}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_redirect_on_the_same_origin_is_signed_anew() {
    every_pair(async |case, driver| {
        let keys = keys();
        let app = app(case, &keys).await;
        for code in [301, 302, 303, 307, 308] {
            let url = app.url(&format!("/to?{code}&/there"));
            let client = client(case, &keys, driver);
            let answer = match code {
                307 | 308 => client.send(case.request(&url)).await.unwrap(),
                _ if case.placement == Placement::Body => continue,
                _ => client
                    .send(Request::get(&url).body(Bytes::new()).unwrap())
                    .await
                    .unwrap(),
            };
            assert_eq!(answer.status(), 200, "{code}");
            assert!(String::from_utf8_lossy(answer.body()).contains("/there"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_redirect_to_another_origin_takes_nothing_along() {
    every_pair(async |case, driver| {
        let keys = keys();
        let (app, other) = (app(case, &keys).await, app(case, &keys).await);
        let url = app.url(&format!("/to?307&{}", other.url("/there")));
        let status = status(case, &client(case, &keys, driver), &url).await;
        assert!(matches!(status, 401 | 403), "{status}");
        assert_eq!((app.hits(), other.hits()), (case.legs, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_at_once_are_accepted() {
    every_pair(async |case, driver| {
        let keys = keys();
        let app = app(case, &keys).await;
        let client = client(case, &keys, driver);
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..64 {
            let (client, request) = (
                client.clone(),
                case.request(&app.url(&format!("/{number}"))),
            );
            calls.spawn(async move { client.send(request).await.unwrap().status().as_u16() });
        }
        let statuses = calls.join_all().await;
        assert_eq!(statuses, [200; 64]);
        match case.nonce {
            // One asks for the challenge, the others wait for it.
            Nonce::Once => assert_eq!(app.hits(), 63 + case.legs),
            Nonce::None => assert!(app.hits() <= 64 * case.legs, "{} hits", app.hits()),
        }
    })
    .await;
}
