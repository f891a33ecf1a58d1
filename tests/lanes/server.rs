//! A verifier that knows its connection.

use axum::{Extension, Router, routing::get};
use countersign_core::Any;
use countersign_testkit::{Handshake, HandshakeVerifier};
use countersign_tower::{PerConnection, Verified, VerifyLayer};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{LANES, by_reqwest, send_by_reqwest};

async fn verifying() -> std::net::SocketAddr {
    let hello = |Extension(user): Extension<Verified<String>>| async move { user.into_principal() };
    let app = Router::new()
        .route("/", get(hello))
        .layer(VerifyLayer::new(HandshakeVerifier::default()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, PerConnection::new(app)).await });
    address
}

#[tokio::test]
async fn a_verifier_knows_its_connection() {
    let url = format!("http://{}/", verifying().await);
    let client = by_reqwest(LANES, Any::new(Handshake::new("nobody")));
    for user in ["one", "two", "one", "two"] {
        let scheme = Any::new(Handshake::new(user));
        let (status, body) = send_by_reqwest(client.clone(), url.clone(), user.into(), scheme)
            .await
            .unwrap();
        assert_eq!((status, &*body), (StatusCode::OK, user.as_bytes()));
    }
}

#[tokio::test]
async fn a_proof_counts_on_its_own_connection_and_once() {
    let address = verifying().await;
    let ask = |authorization: &str| {
        format!("GET / HTTP/1.1\r\nhost: a\r\nauthorization: {authorization}\r\n\r\n")
    };
    let mut own = Keeping::connect(address).await;
    let challenge = own.ask(&ask("Handshake hello")).await;
    let token = challenge
        .split("token=")
        .nth(1)
        .unwrap()
        .split("\r\n")
        .next()
        .unwrap()
        .to_owned();
    let proof = ask(&format!("Handshake user=me, token={token}"));
    assert!(
        Keeping::connect(address)
            .await
            .ask(&proof)
            .await
            .starts_with("HTTP/1.1 401")
    );
    assert!(own.ask(&proof).await.starts_with("HTTP/1.1 200"));
    assert!(
        own.ask("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 200")
    );
    assert!(
        own.ask(&proof).await.starts_with("HTTP/1.1 401"),
        "a token counts once"
    );
    let fresh = Keeping::connect(address)
        .await
        .ask("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        .await;
    assert!(fresh.starts_with("HTTP/1.1 401"));
}

/// A connection that stays open, and reads one short answer for each request.
struct Keeping(TcpStream);

impl Keeping {
    async fn connect(address: std::net::SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn ask(&mut self, request: &str) -> String {
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = self.0.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }
}
