//! A small authorization server on loopback, and clients that get their tokens from it.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use countersign::bearer::{BearerVerifier, Grant, Tokens};
use countersign::oauth2::browser::{Browser, Console};
use countersign::oauth2::{ClientAuthentication, OAuth2};
use countersign::reqwest::ReqwestFetch;
use countersign::token::BoxFuture;
use countersign::verify::Verify;
use countersign::{Begin, FetchLimits, Result, Secret};
use http::StatusCode;
use serde_json::json;
use tokio::net::TcpListener;

use super::Failed;
use super::entries::{REALM, SECRET, USER};

type Pairs = HashMap<String, String>;

/// The authorization server; it stops with the program.
#[derive(Clone)]
pub(super) struct Issuer {
    origin: String,
    fetch: ReqwestFetch,
    issued: Issued,
}

impl Issuer {
    pub(super) async fn start() -> Result<Self, Failed> {
        let issued = Issued::default();
        let app = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(issued.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, app).await });
        let fetch = ReqwestFetch::new(reqwest::Client::builder(), FetchLimits::default())?;
        Ok(Self {
            origin,
            fetch,
            issued,
        })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub(super) fn client_credentials(&self, secret: &'static str) -> Result<OAuth2> {
        OAuth2::client_credentials(self.url("/token"), USER, secret)
            .client_authentication(ClientAuthentication::Body)
            .build(self.fetch.clone())
    }

    /// Each of its access tokens is good for one request, so the second one is refused and renewed.
    pub(super) fn refresh(&self, secret: &'static str) -> Result<OAuth2> {
        OAuth2::refresh_token(self.url("/token"), USER, "refresh-0")
            .client_secret(secret)
            .client_authentication(ClientAuthentication::Body)
            .build(self.fetch.clone())
    }

    pub(super) fn code(&self, secret: &'static str) -> Result<OAuth2> {
        OAuth2::authorization_code(self.url("/authorize"), self.url("/token"), USER)
            .client_secret(secret)
            .client_authentication(ClientAuthentication::Body)
            .user_agent(Browser::new().open(consent).console(Silence))
            .build(self.fetch.clone())
    }

    pub(super) fn verifier(&self) -> Result<impl Verify<Principal = String> + use<>> {
        BearerVerifier::new(REALM, self.issued.clone())
    }
}

/// A browser whose person consents at once: it follows the URL, and the redirect to where the client listens.
fn consent(url: &str) -> io::Result<()> {
    tokio::spawn(reqwest::get(url.to_owned()));
    Ok(())
}

struct Silence;

impl Console for Silence {
    fn show(&self, _: &str) {}

    fn is_interactive(&self) -> bool {
        false
    }

    fn line(&self) -> BoxFuture<'static, Option<String>> {
        Box::pin(async { None })
    }
}

/// What was issued: access tokens by whether they are good once alone, and how many there were.
#[derive(Clone, Default)]
struct Issued(Arc<(Mutex<HashMap<String, bool>>, AtomicU32)>);

impl Issued {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, bool>> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next token of a kind. A code and a refresh token are kept as well, and taken once.
    fn next(&self, kind: &str, once: bool) -> String {
        let name = format!("{kind}-{}", self.0.1.fetch_add(1, Ordering::Relaxed) + 1);
        self.lock().insert(name.clone(), once);
        name
    }

    fn take(&self, kind: &str, token: &str) -> bool {
        if !token.starts_with(kind) {
            return false;
        }
        let mut tokens = self.lock();
        match tokens.get(token) {
            Some(true) => tokens.remove(token).is_some(),
            found => found.is_some(),
        }
    }
}

impl Tokens for Issued {
    type Principal = String;

    fn find(&self, token: Secret) -> Begin<Option<Grant<String>>> {
        let is_good = token
            .expose_str()
            .is_some_and(|token| self.take("access", token));
        Begin::ready(is_good.then(|| Grant::new(USER.to_owned())))
    }
}

async fn authorize(State(issued): State<Issued>, Query(asked): Query<Pairs>) -> Redirect {
    let text = |name| asked.get(name).map_or("", String::as_str);
    let code = issued.next("code", true);
    Redirect::to(&format!(
        "{}?code={code}&state={}",
        text("redirect_uri"),
        text("state")
    ))
}

async fn token(State(issued): State<Issued>, Form(form): Form<Pairs>) -> Response {
    let text = |name| form.get(name).map_or("", String::as_str);
    if text("client_id") != USER || text("client_secret") != SECRET {
        return refusal("invalid_client");
    }
    let (proof, once) = match text("grant_type") {
        "client_credentials" => (true, false),
        "authorization_code" => (issued.take("code", text("code")), false),
        "refresh_token" => {
            let refresh = text("refresh_token");
            (
                refresh == "refresh-0" || issued.take("refresh", refresh),
                true,
            )
        }
        _ => return refusal("unsupported_grant_type"),
    };
    if !proof {
        return refusal("invalid_grant");
    }
    let refresh = once.then(|| issued.next("refresh", true));
    let access = issued.next("access", once);
    Json(json!({"access_token": access, "refresh_token": refresh, "token_type": "Bearer"}))
        .into_response()
}

fn refusal(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response()
}
