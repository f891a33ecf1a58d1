//! No secret shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::fmt::Debug;

use countersign_core::placement::Placement;
use countersign_core::{Cx, Scheme};
use countersign_oauth2::{Builder, Grant, Handler, OAuth2, Parameter};
use countersign_testkit::{Canary, assert_clean};
use support::{AUTHORIZATION_URL, REDIRECT, Server, TOKEN_URL};

fn secret() -> String {
    Canary::token().as_str().to_owned()
}

#[track_caller]
fn is_clean(value: &impl Debug) {
    assert_clean("Debug", format!("{value:?} {value:#?}").as_bytes());
}

#[test]
fn nothing_that_is_configured_shows() {
    let password = Grant::Password {
        username: "alice".into(),
        password: secret().into(),
    };
    is_clean(&password);
    is_clean(&Grant::RefreshToken(secret().into()));
    is_clean(&Parameter::body("a", secret()));
    let builder = Builder::new(password)
        .token_url(TOKEN_URL)
        .client_id("id")
        .client_secret(secret())
        .state(secret())
        .nonce(secret())
        .code_verifier(secret().repeat(2))
        .token_parameter(Parameter::header("x-key", secret()))
        .refresh_parameter(Parameter::url("key", secret()));
    is_clean(&builder);
    is_clean(&builder.clone().source(Server::giving("t")).unwrap());
    is_clean(&builder.build(Server::giving("t")).unwrap());
    is_clean(&OAuth2::custom(TOKEN_URL, "g", [("assertion", secret())]));
}

#[tokio::test]
async fn nothing_that_is_sent_shows() {
    let server = Server::giving(&secret());
    let scheme = support::client().build(server).unwrap();
    let fixed = OAuth2::access_token(secret(), &Placement::Header("Bearer".into())).unwrap();
    let (head, ()) = http::Request::get("https://api.example/")
        .body(())
        .unwrap()
        .into_parts();
    for scheme in [scheme, fixed] {
        is_clean(&scheme.begin(Cx::new(&head, None)).await.unwrap());
        is_clean(&scheme);
    }
}

#[tokio::test]
async fn nothing_of_an_authorization_shows() {
    let handler = Handler::new(|_| async { Ok(format!("?code={}&state=no", secret())) });
    is_clean(&handler);
    let builder =
        OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id").redirect_uri(REDIRECT);
    let refused = support::refused(
        builder.state(secret()).user_agent(handler),
        &Server::giving("t"),
    )
    .await;
    is_clean(&refused);
    assert_clean("Display", refused.to_string().as_bytes());
}
