//! `ntlm`: a handshake by the keys, over lanes, with the server of the same parameters.

use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::{Extension, Router, response::Response, routing::any};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::ntlm::Ntlm;
use countersign::reqwest::{AuthMiddleware, ReqwestLanes, auth_error};
use countersign::tower::{PerConnection, Verified, VerifyLayer};
use countersign::verify::{Verdict, Verify};
use countersign::{
    Auth, AuthType, Connection, Cx, ErrorKind, Exchange, Options, Parameters, Payload, Scheme,
    Settings, verifier,
};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::{auth, now};

type Set<'a> = &'a [(&'a str, &'a str)];

/// The `Authorization` and the length of each request, without what is secret.
type Legs = Arc<Mutex<Vec<(String, String)>>>;

struct Server {
    url: String,
    legs: Legs,
    task: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn start(set: Set<'_>) -> Self {
        let parameters: Parameters = set.iter().copied().collect();
        let verifier = verifier(AuthType::Ntlm, &parameters, "cave", &Options::new()).unwrap();
        let hello = |Extension(user): Extension<Verified<String>>, body: String| async move {
            format!("{} {body}", user.principal())
        };
        let legs = Legs::default();
        let app = Router::new()
            .route("/", any(hello))
            .layer(VerifyLayer::new(verifier))
            .layer(from_fn_with_state(Arc::clone(&legs), note));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let serving = tokio::spawn(async { axum::serve(listener, PerConnection::new(app)).await });
        Self {
            url,
            legs,
            task: serving.abort_handle(),
        }
    }

    fn take_legs(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.legs.lock().unwrap())
    }
}

async fn note(State(legs): State<Legs>, request: Request, next: Next) -> Response {
    let leg = leg(&request);
    legs.lock().unwrap().push(leg);
    next.run(request).await
}

/// The message's kind stands in its first 17 characters.
fn leg(request: &Request) -> (String, String) {
    let field = |name| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap())
    };
    let message = field("authorization").map_or("", |text| &text[..text.len().min(17)]);
    (
        message.into(),
        field("content-length").unwrap_or_default().into(),
    )
}

fn client(auth: Auth) -> ClientWithMiddleware {
    let builder = || reqwest::Client::builder().no_proxy();
    let lanes = ReqwestLanes::new(2, builder);
    let auth = AuthMiddleware::new(auth).settings(lanes.settings(Settings::default()));
    let client = ClientBuilder::new(builder().build().unwrap()).with(auth);
    client.with(lanes.middleware()).build()
}

async fn put(client: &ClientWithMiddleware, server: &Server) -> (u16, String) {
    let answer = client.put(&server.url).body("hello").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn ntlm(set: Set<'_>) -> Auth {
    auth(AuthType::Ntlm, set, false).unwrap()
}

const LOGIN: [(&str, &str); 2] = [("username", "LAB\\user"), ("password", "sesame")];

/// The NT hash of `sesame`.
const HASH: &str = "427f638942987bcbeb98697797d95426";

#[tokio::test]
async fn the_server_takes_the_user_of_the_same_parameters_and_no_other() {
    let hash = [("username", "user@lab"), ("ntHash", HASH)];
    let named = [
        ("username", "user"),
        ("domain", "lab"),
        ("password", "sesame"),
    ];
    let away = [("workstation", "DEN"), ("state", "1")];
    let away = [&LOGIN[..], &away].concat();
    let sets: [Set<'_>; 4] = [&LOGIN, &hash, &named, &away];
    for set in sets {
        let server = Server::start(set).await;
        for set in sets {
            assert_eq!(ntlm(set).ignored(), [""; 0]);
            assert_eq!(
                put(&client(ntlm(set)), &server).await,
                (200, "user hello".into())
            );
        }
        for (key, value) in [
            ("password", "wrong"),
            ("ntHash", &"0".repeat(32)),
            ("domain", "x"),
        ] {
            let wrong = [set, &[("ntHash", ""), (key, value)]].concat();
            let (status, _) = put(&client(ntlm(&wrong)), &server).await;
            assert_eq!(status, 401, "{key} {set:?}");
        }
    }
}

#[tokio::test]
async fn the_body_crosses_once_and_a_connection_is_authenticated_once() {
    let server = Server::start(&LOGIN).await;
    let client = client(ntlm(&LOGIN));
    for _ in 0..2 {
        assert_eq!(put(&client, &server).await.0, 200);
    }
    let legs = [
        ("NTLM TlRMTVNTUAAB", "0"),
        ("NTLM TlRMTVNTUAAD", "5"),
        ("", "5"),
    ];
    assert_eq!(
        server.take_legs(),
        legs.map(|(message, length)| (message.to_owned(), length.to_owned()))
    );
}

#[tokio::test]
async fn negotiate_is_answered_if_told() {
    let server = Server::start(&[&LOGIN[..], &[("negotiate", "true")]].concat()).await;
    let scheme = [&LOGIN[..], &[("negotiate", "true")]].concat();
    assert_eq!(put(&client(ntlm(&scheme)), &server).await.0, 200);
    let answer = reqwest::get(&server.url).await.unwrap();
    let offers = answer.headers().get_all("www-authenticate").iter();
    assert!(offers.eq(["Negotiate", "NTLM"]));
}

#[tokio::test]
async fn a_switched_off_retry_hands_the_challenge_over() {
    let server = Server::start(&LOGIN).await;
    let client = client(ntlm(
        &[&LOGIN[..], &[("disableRetryRequest", "true")]].concat(),
    ));
    let answer = client.get(&server.url).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), server.take_legs().len()),
        (401, 1)
    );
    assert_eq!(answer.headers()["www-authenticate"], "NTLM");
    assert_eq!(put(&client, &server).await.0, 401);
    assert_eq!(server.take_legs().len(), 1);
}

#[tokio::test]
async fn without_lanes_it_is_an_error_before_the_first_byte() {
    let server = Server::start(&LOGIN).await;
    let scheme = Ntlm::new("LAB\\user", "sesame").unwrap();
    let client =
        countersign::reqwest::client(reqwest::Client::builder().no_proxy(), Auth::from(scheme))
            .unwrap();
    let error = client
        .put(&server.url)
        .body("hello")
        .send()
        .await
        .unwrap_err();
    let error = auth_error(&error).unwrap();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("give it lanes"), "{error}");
    assert_eq!(server.take_legs().len(), 0);
}

/// What becomes of a handshake without a network; `between` may change the server's challenge on its way.
fn shake(client: Set<'_>, server: Set<'_>, between: fn(Vec<u8>) -> Vec<u8>) -> bool {
    let (client, server) = ([&LOGIN, client].concat(), [&LOGIN, server].concat());
    let parameters: Parameters = server.iter().copied().collect();
    let verifier = verifier(AuthType::Ntlm, &parameters, "cave", &Options::new()).unwrap();
    let connection = Connection::default();
    let judge = |sent: &http::request::Parts| {
        let mut sent = sent.clone();
        sent.extensions.insert(connection.clone());
        now(verifier.verify(&sent, &Payload::default())).unwrap()
    };
    let head = http::Request::post("http://cave.test/").body(()).unwrap();
    let (head, ()) = head.into_parts();
    let mut exchange = now(ntlm(&client).begin(Cx::new(&head, None))).unwrap();
    exchange.bound(&Connection::default());
    let mut leg = head.clone();
    exchange.prepare(&mut leg, &mut Payload::default()).unwrap();
    let Verdict::Refuse(refusal) = judge(&leg) else {
        panic!("let in by a greeting")
    };
    let challenge = refusal.challenges[0].to_str().unwrap();
    let challenge = between(STANDARD.decode(&challenge["NTLM ".len()..]).unwrap());
    let challenge = format!("NTLM {}", STANDARD.encode(challenge));
    let refused = http::Response::builder()
        .status(401)
        .header("www-authenticate", challenge);
    let (refused, ()) = refused.body(()).unwrap().into_parts();
    assert_eq!(
        exchange.receive(&refused).unwrap(),
        countersign::Next::Again
    );
    leg = head;
    exchange.prepare(&mut leg, &mut Payload::default()).unwrap();
    matches!(judge(&leg), Verdict::Accept(_))
}

fn untouched(challenge: Vec<u8>) -> Vec<u8> {
    challenge
}

/// Takes the time out, the last of the list, so that the client sends no MIC.
fn without_time(mut challenge: Vec<u8>) -> Vec<u8> {
    let end = challenge.len();
    assert_eq!(challenge[end - 16..end - 12], [7, 0, 8, 0]);
    challenge.drain(end - 16..end - 4);
    let length = u16::from_le_bytes([challenge[40], challenge[41]]) - 12;
    challenge[40..42].copy_from_slice(&length.to_le_bytes());
    challenge[42..44].copy_from_slice(&length.to_le_bytes());
    challenge
}

#[test]
fn a_mic_can_be_demanded() {
    let demanded = [("requireMic", "true")];
    assert!(shake(&[], &[], without_time));
    assert!(!shake(&[], &demanded, without_time));
    assert!(shake(&[], &demanded, untouched));
}

#[test]
fn the_service_that_is_meant_can_be_demanded() {
    let named = |name| shake(&[], &[("serviceName", name)], untouched);
    assert!(named("HTTP/cave.test") && named("HTTP/other, http/CAVE.test"));
    assert!(!named("HTTP/other"));
    let other = [("serviceName", "HTTP/other")];
    assert!(shake(&other, &other, untouched));
    assert!(!shake(
        &other,
        &[("serviceName", "HTTP/cave.test")],
        untouched
    ));
}

#[test]
fn a_client_can_be_told_the_certificate() {
    let certificate = || {
        let made = rcgen::generate_simple_self_signed(["cave.test".to_owned()]).unwrap();
        made.cert.pem()
    };
    let (ours, other) = (certificate(), certificate());
    let ours = [("certificate", &*ours)];
    assert!(shake(&ours, &ours, untouched));
    assert!(!shake(&[], &ours, untouched), "a binding is demanded");
    assert!(!shake(&[("certificate", &other)], &ours, untouched));
}

#[test]
fn nobody_logs_in_only_if_lenient() {
    let error = auth(AuthType::Ntlm, &[("password", "hunter2")], false).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let nobody = auth(AuthType::Ntlm, &[], true).unwrap();
    assert!(super::signed(&nobody).added.is_empty());
    let hash = auth(
        AuthType::Ntlm,
        &[("username", "u"), ("ntHash", "hunter2")],
        true,
    );
    assert!(!hash.unwrap_err().to_string().contains("hunter2"));
}
