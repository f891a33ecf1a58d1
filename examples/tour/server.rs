//! A server on loopback with one protected route for each entry. It notes what it is sent.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Extension, Router, routing::put};
use countersign::tower::{PerConnection, Verified, VerifyLayer};
use tokio::net::TcpListener;

use crate::entries::Entry;
use crate::{Failed, table};

type Notes = Arc<Mutex<Vec<String>>>;

/// The server; it stops with the program.
pub(crate) struct Server {
    origin: String,
    notes: Notes,
}

impl Server {
    pub(crate) async fn start(entries: &[Entry]) -> Result<Self, Failed> {
        let notes = Notes::default();
        let app = entries.iter().fold(Router::new(), |app, entry| {
            let protected = put(hello).layer(VerifyLayer::new(entry.verifier.clone()));
            app.route(&format!("/{}", entry.name), protected)
        });
        let noted = Arc::clone(&notes);
        let app = app.layer(from_fn(move |request, next| {
            note(Arc::clone(&noted), request, next)
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, PerConnection::new(app)).await });
        Ok(Self { origin, notes })
    }

    pub(crate) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.origin)
    }

    /// What was added to each request since the last call, one item for each leg.
    pub(crate) fn take_legs(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn hello(Extension(user): Extension<Verified<String>>) -> String {
    format!("hello {}", user.principal())
}

async fn note(notes: Notes, request: Request, next: Next) -> Response {
    let added = table::added(&request);
    notes
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(added);
    next.run(request).await
}
