//! The verifier in axum, where each request knows its connection.

use std::net::SocketAddr;

use axum::{Extension, Router, routing::any};
use conformance::Driver;
use conformance::serving::{PASSWORD, user, wanted};
use countersign_core::{Connection, Cx, Exchange, Next, Payload, Scheme};
use countersign_ntlm::{MemoryAccounts, Ntlm, NtlmExchange, NtlmUser, NtlmVerifier};
use countersign_tower::{PerConnection, Verified, VerifyLayer};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response, StatusCode, request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{answer, by, client, put};

/// An app that knows its connections, or one that does not.
async fn verifying(is_per_connection: bool) -> SocketAddr {
    let hello =
        |Extension(user): Extension<Verified<NtlmUser>>| async move { user.into_principal().name };
    let accounts = MemoryAccounts::new().password("user0", PASSWORD).unwrap();
    let accounts = accounts.password("user1", PASSWORD).unwrap();
    let verifier = NtlmVerifier::builder("LAB", accounts).build().unwrap();
    let app = Router::new()
        .route("/", any(hello))
        .layer(VerifyLayer::new(verifier));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        match is_per_connection {
            true => axum::serve(listener, PerConnection::new(app)).await,
            false => axum::serve(listener, app).await,
        }
    });
    address
}

#[tokio::test]
async fn a_verifier_knows_its_connection() {
    let url = format!("http://{}/", verifying(true).await);
    for driver in Driver::WITH_LANES {
        let client = client(driver, user(0));
        for index in [0, 1, 0, 1] {
            let name = format!("user{index}");
            let sent = by(wanted("PUT", &url, &name, "the body"), user(index));
            assert_eq!(answer(&client, sent).await, (StatusCode::OK, name));
        }
    }
}

#[tokio::test]
async fn a_service_that_does_not_know_its_connections_lets_nobody_in() {
    let url = format!("http://{}/", verifying(false).await);
    for driver in Driver::WITH_LANES {
        let (status, _) = answer(&client(driver, user(0)), put(&url)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test]
async fn a_proof_counts_on_its_own_connection_and_once() {
    let address = verifying(true).await;
    let (mut own, mut other) = (Keeping::to(address).await, Keeping::to(address).await);
    let mut walk = Walk::new().await;
    let greeting = walk.leg();
    other.ask(Some(&greeting)).await;
    let challenge = own.ask(Some(&greeting)).await;
    walk.answer(&challenge);
    let proof = walk.leg();
    assert_eq!(status(&other.ask(Some(&proof)).await), "401");
    assert_eq!(status(&own.ask(Some(&proof)).await), "200");
    assert_eq!(status(&own.ask(None).await), "200");
    let replayed = own.ask(Some(&proof)).await;
    assert_eq!(status(&replayed), "401", "a challenge counts once");
    let mut fresh = Keeping::to(address).await;
    assert_eq!(status(&fresh.ask(None).await), "401");
    assert_eq!(status(&fresh.ask(Some(&proof)).await), "401");
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// An exchange that is walked leg by leg.
struct Walk(NtlmExchange, request::Parts);

impl Walk {
    async fn new() -> Self {
        let request = Request::post("http://a.test/").body(()).unwrap();
        let head = request.into_parts().0;
        let ntlm = Ntlm::new("user0", PASSWORD).unwrap();
        let mut exchange = ntlm.begin(Cx::new(&head, None)).await.unwrap();
        exchange.bound(&Connection::default());
        Self(exchange, head)
    }

    /// The credentials of the next leg.
    fn leg(&mut self) -> String {
        let mut head = self.1.clone();
        self.0.prepare(&mut head, &mut Payload::default()).unwrap();
        head.headers[AUTHORIZATION].to_str().unwrap().to_owned()
    }

    fn answer(&mut self, answer: &str) {
        let mut lines = answer.lines();
        let field = lines
            .find_map(|line| line.strip_prefix("www-authenticate: "))
            .unwrap();
        let refused = Response::builder()
            .status(401)
            .header(WWW_AUTHENTICATE, field);
        let refused = refused.body(()).unwrap().into_parts().0;
        assert_eq!(self.0.receive(&refused).unwrap(), Next::Again);
    }
}

/// A connection that stays open, and reads one short answer for each request.
struct Keeping(TcpStream);

impl Keeping {
    async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn ask(&mut self, credentials: Option<&str>) -> String {
        let field = credentials.map(|value| format!("authorization: {value}\r\n"));
        let field = field.unwrap_or_default();
        let request = format!("GET / HTTP/1.1\r\nhost: a.test\r\n{field}\r\n");
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = self.0.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    }
}
