//! A server on loopback with one protected route for each entry. It notes what it is sent.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Extension, Router};
use countersign::tower::{PerConnection, Verified, VerifyLayer};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, StatusCode};
use tokio::net::TcpListener;

use super::entries::Entry;
use super::{Failed, added};

type Notes = Arc<Mutex<Vec<String>>>;

/// The server; it stops with the runtime.
#[derive(Debug)]
pub struct Server {
    origin: String,
    notes: Notes,
}

impl Server {
    pub(super) async fn start(entries: &[Entry]) -> Result<Self, Failed> {
        let notes = Notes::default();
        let app = entries.iter().fold(Router::new(), |app, entry| {
            let protected = any(hello).layer(VerifyLayer::new(entry.verifier.clone()));
            app.route(&format!("/{}", entry.name), protected)
        });
        let app = app
            .route("/login", get(log_in))
            .route("/session", get(session));
        let noted = Arc::clone(&notes);
        let app = app.layer(from_fn(move |request, next| {
            note(Arc::clone(&noted), request, next)
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, PerConnection::new(app)).await });
        Ok(Self { origin, notes })
    }

    /// The URL of the route of this name; of the server itself for none.
    pub fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.origin)
    }

    /// What was added to each request since the last call, one item for each leg.
    pub fn take_legs(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn hello(Extension(user): Extension<Verified<String>>) -> String {
    format!("hello {}", user.principal())
}

/// Gives a cookie.
async fn log_in() -> ([(HeaderName, &'static str); 1], &'static str) {
    let cookie = "session=Pride-Rock; HttpOnly; SameSite=Lax; Path=/";
    ([(SET_COOKIE, cookie)], "welcome")
}

/// Wants it back.
async fn session(headers: HeaderMap) -> (StatusCode, &'static str) {
    let cookies = headers.get_all(COOKIE).iter();
    let mut texts = cookies.filter_map(|cookie| cookie.to_str().ok());
    match texts.any(|cookies| cookies.split("; ").any(|one| one == "session=Pride-Rock")) {
        true => (StatusCode::OK, "welcome back"),
        false => (StatusCode::FORBIDDEN, "log in first"),
    }
}

async fn note(notes: Notes, request: Request, next: Next) -> Response {
    let added = added::to(&request);
    notes
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(added);
    next.run(request).await
}
