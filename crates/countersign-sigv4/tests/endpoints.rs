//! Credentials of containers and instances, from local fakes that refuse what the real ones refuse.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use countersign_core::{ErrorKind, Fetch};
use countersign_sigv4::providers::{Chain, Container, Instance, Variables};
use countersign_sigv4::{Credentials, CredentialsProvider};
use countersign_tower::TowerFetch;
use http::{HeaderMap, StatusCode};
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;

const SECRET: &str = "countersign-canary-secret";

fn json(id: &str) -> String {
    format!(
        r#"{{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"{id}","SecretAccessKey":"{SECRET}","Token":"t","Expiration":"2030-01-01T00:00:00Z","LastUpdated":"2029-01-01T00:00:00Z"}}"#
    )
}

fn fetch() -> impl Fetch + Clone {
    TowerFetch::new(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>())
}

/// Serves `app` on loopback as long as the test runs.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

fn field<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// What a fake remembers: tokens that it gave or took.
type Tokens = Arc<Mutex<HashSet<String>>>;

/// A container's endpoint that takes each token once.
async fn container(State(taken): State<Tokens>, request: Request) -> Response {
    let token = field(request.headers(), "authorization").to_owned();
    let path = request.uri().path();
    match path {
        "/keys" if token.starts_with("one-time-") && taken.lock().unwrap().insert(token) => {
            json("AKIDC").into_response()
        }
        "/broken" => "{\"AccessKeyId\":\"A\"}".into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn container_url() -> String {
    serve(
        Router::new()
            .fallback(container)
            .with_state(Tokens::default()),
    )
    .await
}

fn of(pairs: &[(&str, &str)]) -> Container {
    Container::new(fetch()).variables(Variables::of(pairs.iter().copied()))
}

const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

fn is_right(found: &Credentials, id: &str) {
    assert_eq!(found.access_key_id(), id);
    assert_eq!(found.expires(), Some(1_893_456_000));
    assert!(format!("{found:?}").contains("temporary: true"));
}

#[tokio::test]
async fn a_container_is_asked_with_the_token_of_the_moment() {
    let url = container_url().await + "/keys";
    let found = of(&[(FULL, &url), (TOKEN, "one-time-1")])
        .provide()
        .await
        .unwrap();
    is_right(&found, "AKIDC");
    let again = of(&[(FULL, &url), (TOKEN, "one-time-1")])
        .provide()
        .await
        .unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Fetch);
    assert!(again.to_string().ends_with("answered 401"), "{again}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let pairs = [
        (FULL, url.as_str()),
        (TOKEN_FILE, file.to_str().unwrap()),
        (TOKEN, "one-time-1"),
    ];
    let container = of(&pairs);
    for token in ["one-time-2", "one-time-3\n"] {
        std::fs::write(&file, token).unwrap();
        is_right(&container.find().await.unwrap().unwrap(), "AKIDC");
    }
    std::fs::remove_file(&file).unwrap();
    let error = container.find().await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Configuration,
        "no other token takes its place"
    );
}

#[tokio::test]
async fn a_container_that_answers_nonsense_is_an_error() {
    let url = container_url().await + "/broken";
    let error = of(&[(FULL, &url)]).provide().await.unwrap_err();
    assert!(
        error.to_string().contains("no `SecretAccessKey`"),
        "{error}"
    );
    let url = serve(Router::new()).await;
    let error = of(&[(FULL, &url)]).provide().await.unwrap_err();
    assert!(error.to_string().ends_with("answered 404"));
}

#[tokio::test]
async fn a_container_is_not_asked_anywhere() {
    for uri in [
        "http://example.com/keys",
        "http://169.254.170.2.example.com/",
        "http://169.254.169.254/",
        "ftp://localhost/",
        "/keys",
        "no uri",
    ] {
        let error = of(&[(FULL, uri)]).find().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{uri}");
    }
    let error = of(&[(RELATIVE, "@example.com/")]).find().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let error = of(&[(FULL, "http://[::1]/"), (TOKEN, "a\nb: c")])
        .find()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(of(&[(TOKEN, "x")]).find().await.unwrap().is_none());
    assert_eq!(
        of(&[]).provide().await.unwrap_err().kind(),
        ErrorKind::Configuration
    );
}

/// A metadata service that gives a token for each session and knows no request without one.
async fn metadata(State(given): State<Tokens>, request: Request) -> Response {
    let mut given = given.lock().unwrap();
    let headers = request.headers();
    let token = field(headers, "x-aws-ec2-metadata-token").to_owned();
    let ttl = field(headers, "x-aws-ec2-metadata-token-ttl-seconds")
        .parse()
        .unwrap_or(0);
    let path = request.uri().path();
    match (request.method().as_str(), path.strip_prefix("/latest")) {
        ("PUT", Some("/api/token")) if (1..=21_600).contains(&ttl) => {
            let token = format!("session-{}==", given.len());
            given.insert(token.clone());
            token.into_response()
        }
        ("PUT", _) => StatusCode::BAD_REQUEST.into_response(),
        _ if !given.contains(&token) => StatusCode::UNAUTHORIZED.into_response(),
        ("GET", Some("/meta-data/iam/security-credentials/")) => "pride-rock\n".into_response(),
        ("GET", Some("/meta-data/iam/security-credentials/pride-rock")) => {
            // Each session is good for one reading of the credentials.
            given.remove(&token);
            json("AKIDI").into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn at(url: &str) -> Instance {
    let variables = Variables::of([("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)]);
    Instance::new(fetch()).variables(variables)
}

#[tokio::test]
async fn an_instance_is_asked_for_a_token_first() {
    let url = serve(
        Router::new()
            .fallback(metadata)
            .with_state(Tokens::default()),
    )
    .await;
    for url in [url.clone(), url + "/"] {
        is_right(&at(&url).provide().await.unwrap(), "AKIDI");
        is_right(&at(&url).find().await.unwrap().unwrap(), "AKIDI");
    }
}

#[tokio::test]
async fn version_1_is_never_tried() {
    let get = axum::routing::get(|| async { json("AKIDV1") });
    let url = serve(Router::new().fallback(get)).await;
    let error = at(&url).find().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Fetch);
    assert!(error.to_string().ends_with("answered 405"), "{error}");
}

#[tokio::test]
async fn an_instance_without_a_role_has_none() {
    let token = axum::routing::put(|| async { "t" });
    let url = serve(Router::new().route("/latest/api/token", token.clone())).await;
    assert!(at(&url).find().await.unwrap().is_none());
    assert_eq!(
        at(&url).provide().await.unwrap_err().kind(),
        ErrorKind::Configuration
    );
    for role in ["", "../../../user-data", "a b"] {
        let role = axum::routing::get(move || async move { role });
        let app = Router::new()
            .route("/latest/api/token", token.clone())
            .route("/latest/meta-data/iam/security-credentials/", role);
        let error = at(&serve(app).await).find().await.unwrap_err();
        assert!(error.to_string().ends_with("named no role"), "{error}");
    }
    let disabled = Variables::of([("AWS_EC2_METADATA_DISABLED", "TRUE")]);
    let disabled = Instance::new(fetch()).variables(disabled);
    assert!(disabled.find().await.unwrap().is_none());
}

#[tokio::test]
async fn the_chain_asks_in_the_order_of_aws() {
    let instance = serve(
        Router::new()
            .fallback(metadata)
            .with_state(Tokens::default()),
    )
    .await;
    let container = container_url().await + "/keys";
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("keys");
    let text = format!("[default]\naws_access_key_id=AKIDF\naws_secret_access_key={SECRET}\n");
    std::fs::write(&file, text).unwrap();
    let mut pairs = vec![("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.as_str())];
    let id = async |pairs: &[(&str, &str)]| {
        let variables = Variables::of(pairs.iter().copied());
        let chain = Chain::with_variables(fetch(), variables);
        chain
            .provide()
            .await
            .map(|found| found.access_key_id().to_owned())
            .unwrap()
    };
    assert_eq!(id(&pairs).await, "AKIDI");
    pairs.extend([(FULL, container.as_str()), (TOKEN, "one-time-1")]);
    assert_eq!(id(&pairs).await, "AKIDC");
    pairs.push(("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap()));
    assert_eq!(id(&pairs).await, "AKIDF");
    pairs.extend([
        ("AWS_ACCESS_KEY_ID", "AKIDE"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    ]);
    assert_eq!(id(&pairs).await, "AKIDE");
}
