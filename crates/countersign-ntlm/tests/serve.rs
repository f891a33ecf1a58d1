//! The verifier in axum, one connection at a time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

use std::net::SocketAddr;

use axum::{Extension, Router, routing::any};
use countersign_core::Settings;
use countersign_ntlm::{MemoryAccounts, Ntlm, NtlmUser, NtlmVerifier};
use countersign_reqwest::{AuthMiddleware, ReqwestLanes};
use countersign_tower::{PerConnection, Verified, VerifyLayer};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

struct Server(SocketAddr, AbortHandle);

impl Drop for Server {
    fn drop(&mut self) {
        self.1.abort();
    }
}

async fn serve(is_per_connection: bool) -> Server {
    let accounts = MemoryAccounts::new().password("user", "sesame").unwrap();
    let verifier = NtlmVerifier::builder("LAB", accounts)
        .negotiate(true)
        .build()
        .unwrap();
    let hello = |Extension(user): Extension<Verified<NtlmUser>>, body: String| async move {
        format!("{} {body}", user.principal())
    };
    let app = Router::new()
        .route("/", any(hello))
        .layer(VerifyLayer::new(verifier));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = tokio::spawn(async move {
        match is_per_connection {
            true => axum::serve(listener, PerConnection::new(app))
                .await
                .unwrap(),
            false => axum::serve(listener, app).await.unwrap(),
        }
    });
    Server(address, serving.abort_handle())
}

fn client(scheme: Ntlm) -> ClientWithMiddleware {
    let builder = || reqwest::Client::builder().no_proxy();
    let lanes = ReqwestLanes::new(2, builder);
    let auth = AuthMiddleware::new(scheme).settings(lanes.settings(Settings::default()));
    let client = ClientBuilder::new(builder().build().unwrap()).with(auth);
    client.with(lanes.middleware()).build()
}

#[tokio::test]
async fn the_user_reaches_the_handler() {
    let server = serve(true).await;
    let client = client(Ntlm::new("LAB\\user", "sesame").unwrap());
    for body in ["one", "two"] {
        let sent = client
            .put(format!("http://{}/", server.0))
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(sent.text().await.unwrap(), format!("LAB\\user {body}"));
    }
}

#[tokio::test]
async fn a_wrong_password_does_not() {
    let server = serve(true).await;
    let client = client(Ntlm::new("user", "wrong").unwrap());
    let sent = client
        .get(format!("http://{}/", server.0))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 401);
}

#[tokio::test]
async fn a_service_that_does_not_know_its_connections_lets_nobody_in() {
    let server = serve(false).await;
    let client = client(Ntlm::new("user", "sesame").unwrap());
    let sent = client
        .get(format!("http://{}/", server.0))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 503);
}
