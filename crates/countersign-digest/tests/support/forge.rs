//! Credentials written by hand, with a response that fits whatever they say.

use bytes::Bytes;
use countersign_digest::DigestVerifier;
use http::{Request, Response};
use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::{param, serve};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(algorithm: &str, text: &str) -> String {
    match algorithm.starts_with("SHA-256") {
        true => hex(&Sha256::digest(text)),
        false => hex(&Md5::digest(text)),
    }
}

/// What a request says, and what it is.
#[derive(Clone)]
pub struct Forge {
    pub username: String,
    pub password: String,
    pub realm: String,
    pub nonce: String,
    pub uri: String,
    pub algorithm: Option<&'static str>,
    pub qop: Option<&'static str>,
    pub nc: String,
    pub cnonce: String,
    pub extra: String,
}

impl Forge {
    /// Right credentials of `alice` for the verifier's first challenge and `GET /public`.
    pub async fn right(verifier: &DigestVerifier) -> Self {
        let refused = serve(verifier, Request::new(Bytes::new())).await;
        Self::answering(&refused)
    }

    pub fn answering(refused: &Response<Bytes>) -> Self {
        let challenge = &refused.headers()["www-authenticate"];
        let md5 = param(challenge, "algorithm").as_deref() == Some("MD5");
        Self {
            username: "alice".into(),
            password: "sesame".into(),
            realm: "r".into(),
            nonce: param(challenge, "nonce").unwrap(),
            uri: "/public".into(),
            algorithm: Some(if md5 { "MD5" } else { "SHA-256" }),
            qop: Some("auth"),
            nc: "00000001".into(),
            cnonce: "c0ffee".into(),
            extra: String::new(),
        }
    }

    pub fn response(&self) -> String {
        let algorithm = self.algorithm.unwrap_or("MD5");
        let ha1 = hash(
            algorithm,
            &[&*self.username, &self.realm, &self.password].join(":"),
        );
        let ha2 = hash(algorithm, &["GET", &*self.uri].join(":"));
        let counted = match self.qop {
            Some(qop) => [&*self.nc, &self.cnonce, qop].join(":") + ":",
            None => String::new(),
        };
        hash(algorithm, &format!("{ha1}:{}:{counted}{ha2}", self.nonce))
    }

    pub fn header(&self) -> String {
        let Self {
            username,
            realm,
            nonce,
            uri,
            ..
        } = self;
        let mut line = format!(
            "Digest username=\"{username}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{}\"",
            self.response()
        );
        if let Some(algorithm) = self.algorithm {
            line += &format!(", algorithm={algorithm}");
        }
        if let Some(qop) = self.qop {
            line += &format!(", qop={qop}, nc={}, cnonce=\"{}\"", self.nc, self.cnonce);
        }
        line + &self.extra
    }

    pub async fn show(&self, verifier: &DigestVerifier) -> Response<Bytes> {
        show(verifier, &self.header()).await
    }
}

/// Shows credentials with a request for `/public` on `host`.
pub async fn show(verifier: &DigestVerifier, header: &str) -> Response<Bytes> {
    let request = Request::get("/public")
        .header("host", "host")
        .header("authorization", header);
    serve(verifier, request.body(Bytes::new()).unwrap()).await
}

pub fn is_stale(response: &Response<Bytes>) -> bool {
    let stale = |value| param(value, "stale").as_deref() == Some("true");
    response.status() == 401
        && response
            .headers()
            .get_all("www-authenticate")
            .iter()
            .all(stale)
}
