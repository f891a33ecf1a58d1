//! A server in memory, and short ways to a token.
#![allow(dead_code)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::{Begin, Error, ErrorKind, Fetch};
use countersign_oauth2::{Builder, GrantSource, TokenError};
use countersign_token::{Refused, Source, Token};
use http::{HeaderMap, Request, Response, Uri};
use url::form_urlencoded;

pub(crate) const TOKEN_URL: &str = "https://as.example/token";
pub(crate) const AUTHORIZATION_URL: &str = "https://as.example/authorize";
pub(crate) const DEVICE_URL: &str = "https://as.example/device";
pub(crate) const REDIRECT: &str = "https://client.example/cb";

/// A request that the server saw.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) form: Vec<(String, String)>,
}

impl Seen {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let found = self.form.iter().filter(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

type Script = dyn Fn(&Seen) -> Option<Response<Bytes>> + Send + Sync;

/// A server that answers by a script; `None` is a connection that fails.
#[derive(Clone)]
pub(crate) struct Server {
    script: Arc<Script>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) fn new(script: impl Fn(&Seen) -> Response<Bytes> + Send + Sync + 'static) -> Self {
        Self::failing(move |seen| Some(script(seen)))
    }

    pub(crate) fn failing(
        script: impl Fn(&Seen) -> Option<Response<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            script: Arc::new(script),
            seen: Arc::default(),
        }
    }

    /// Always the same answer.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        let answer = json(status, body);
        Self::new(move |_| answer.clone())
    }

    /// Always the same token.
    pub(crate) fn giving(token: &str) -> Self {
        Self::json(
            200,
            &format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#),
        )
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }
}

impl Fetch for Server {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        assert_eq!(request.method(), "POST");
        assert_eq!(
            request.headers()["content-type"],
            "application/x-www-form-urlencoded"
        );
        let (head, body) = request.into_parts();
        let seen = Seen {
            uri: head.uri,
            headers: head.headers,
            form: form_urlencoded::parse(&body).into_owned().collect(),
        };
        let answer = (self.script)(&seen);
        self.seen.lock().unwrap().push(seen);
        match answer {
            Some(answer) => Begin::ready(answer),
            None => Begin::failed(Error::new(ErrorKind::Fetch, "the connection broke")),
        }
    }
}

pub(crate) fn json(status: u16, body: &str) -> Response<Bytes> {
    answer(status, "application/json", body)
}

pub(crate) fn answer(status: u16, kind: &str, body: &str) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .header("content-type", kind)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

pub(crate) fn source(builder: Builder, server: &Server) -> GrantSource {
    builder.source(server.clone()).unwrap()
}

/// A token by the grant.
pub(crate) async fn token(builder: Builder, server: &Server) -> Result<Token, Refused> {
    source(builder, server).obtain(None).await
}

/// Why there is none.
pub(crate) async fn refused(builder: Builder, server: &Server) -> Refused {
    token(builder, server).await.unwrap_err()
}

/// What the server said.
pub(crate) fn told(refused: &Refused) -> &TokenError {
    let source = std::error::Error::source(refused).expect("a source");
    source.downcast_ref().expect("a TokenError")
}

/// Client credentials, the shortest way to a token.
pub(crate) fn client() -> Builder {
    countersign_oauth2::OAuth2::client_credentials(TOKEN_URL, "id", "s3cret-of-the-client")
}

pub(crate) fn access(token: &Token) -> &str {
    token.access.expose_str().unwrap()
}

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
