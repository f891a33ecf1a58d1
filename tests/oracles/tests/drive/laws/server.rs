//! [`Server`], which answers in any way and keeps what it was sent.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use countersign_core::challenge::{parse, parse_params};
use countersign_core::{AuthBody, Origin};
use http::header::{LOCATION, PROXY_AUTHENTICATE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::BodyExt;
use tower::Service;

use super::body::Strange;
use super::draw::Draw;
use super::fickle::CANARY;

/// Origins that a client addresses and that redirects lead to.
pub(crate) const ORIGINS: [&str; 6] = [
    "https://a.test",
    "http://127.0.0.1:8080",
    "http://a.test",
    "https://b.test",
    "https://a.test:8443",
    "https://sub.a.test",
];

/// Which hop of which request a leg belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) request: usize,
    pub(crate) hop: usize,
}

/// What one leg was, and what it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) hop: Hop,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// `None` if it was not read.
    pub(crate) body: Option<Vec<u8>>,
    /// `None` if the connection was lost.
    pub(crate) status: Option<StatusCode>,
    /// The nonces that came with the answer.
    pub(crate) nonces: Vec<Vec<u8>>,
}

impl Leg {
    pub(crate) fn origin(&self) -> Option<Origin> {
        Origin::of(&self.uri)
    }
}

/// The connection was lost.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost;

#[derive(Clone)]
pub(crate) struct Server {
    draw: Draw,
    log: Arc<Mutex<Vec<Leg>>>,
}

type Body = AuthBody<AuthBody<Strange>>;

impl Service<Request<Body>> for Server {
    type Response = Response<Strange>;
    type Error = Lost;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Strange>, Lost>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let server = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = match server.draw.once_in(8) {
                true => None,
                false => Some(body.collect().await.map_err(|_| Lost)?.to_bytes().into()),
            };
            let mut leg = Leg {
                hop: head.extensions.get().copied().unwrap_or_default(),
                method: head.method,
                uri: head.uri,
                headers: head.headers,
                body,
                status: None,
                nonces: Vec::new(),
            };
            let answer = server.answer(&leg);
            if let Some(answer) = &answer {
                leg.status = Some(answer.status());
                leg.nonces = nonces(answer.headers());
            }
            server.log.lock().unwrap().push(leg);
            answer.ok_or(Lost)
        })
    }
}

impl Server {
    pub(crate) fn new(draw: &Draw) -> Self {
        Self {
            draw: draw.clone(),
            log: Arc::default(),
        }
    }

    pub(crate) fn log(&self) -> Vec<Leg> {
        self.log.lock().unwrap().clone()
    }

    fn answer(&self, leg: &Leg) -> Option<Response<Strange>> {
        if self.draw.once_in(32) {
            return None;
        }
        let status = [
            401, 200, 302, 307, 403, 407, 301, 308, 303, 204, 500, 300, 100,
        ];
        let mut response = Response::new(Strange::of_answer(&self.draw));
        *response.status_mut() = StatusCode::from_u16(self.draw.one_of(&status)).unwrap();
        let headers = response.headers_mut();
        for _ in 0..=self.draw.below(3) {
            let value = self.challenge(leg);
            self.add(headers, &[WWW_AUTHENTICATE, PROXY_AUTHENTICATE], value);
        }
        let location = self.location(leg);
        self.add(headers, &[LOCATION], location);
        if self.draw.once_in(3) {
            let info = self.info(leg);
            let names = ["authentication-info", "proxy-authentication-info"];
            self.add(headers, &names.map(HeaderName::from_static), info);
        }
        Some(response)
    }

    fn add(&self, headers: &mut HeaderMap, names: &[HeaderName], value: Vec<u8>) {
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.append(names[self.draw.below(names.len())].clone(), value);
        }
    }

    /// A nonce that is new, or one that was used before.
    fn nonce(&self, leg: &Leg) -> String {
        let host = leg.uri.host().unwrap_or_default();
        let count = match self.draw.once_in(4) {
            true => self.draw.below(4),
            false => self.log.lock().unwrap().len(),
        };
        format!("{host}-{count}")
    }

    fn challenge(&self, leg: &Leg) -> Vec<u8> {
        match self.draw.below(8) {
            0..4 => self.digest(leg).into_bytes(),
            4 => b"Basic realm=\"r\"".to_vec(),
            5 => b"Basic realm=\"r\", charset=\"UTF-8\"".to_vec(),
            6 => b"Digest realm=\"r\", Basic realm=\"r\"".to_vec(),
            _ => self.bytes(),
        }
    }

    fn digest(&self, leg: &Leg) -> String {
        let stale = self.draw.one_of(&["true", "false"]);
        let qop = self.draw.one_of(&[
            ", qop=\"auth\"",
            ", qop=\"auth,auth-int\"",
            "",
            ", qop=auth-int",
        ]);
        let algorithm = self.draw.one_of(&[
            "MD5",
            "SHA-256",
            "md5-sess",
            "SHA-512-256-sess",
            "SHA-512",
            "SHA-1",
        ]);
        let realm = self.draw.one_of(&["r", "s"]);
        let nonce = self.nonce(leg);
        format!(
            "Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={algorithm}, stale={stale}{qop}"
        )
    }

    /// Any bytes but those by which a credential is known.
    fn bytes(&self) -> Vec<u8> {
        let bytes = self.draw.bytes();
        let is_canary = |part: &[u8]| part.eq_ignore_ascii_case(CANARY.as_bytes());
        match bytes.windows(CANARY.len()).any(is_canary) {
            true => Vec::new(),
            false => bytes,
        }
    }

    fn info(&self, leg: &Leg) -> Vec<u8> {
        match self.draw.below(3) {
            0 => format!("nextnonce=\"{}\"", self.nonce(leg)).into_bytes(),
            1 => b"rspauth=\"00\", qop=auth".to_vec(),
            _ => self.bytes(),
        }
    }

    /// Some put what they were sent into it.
    fn location(&self, leg: &Leg) -> Vec<u8> {
        let origin = self.draw.one_of(&ORIGINS);
        let query = leg.uri.query().unwrap_or_default();
        match self.draw.below(7) {
            0 => b"/next".to_vec(),
            1 => format!("{origin}/there").into_bytes(),
            2 => format!("{origin}/?{query}").into_bytes(),
            3 => format!("{origin}/{}", query.replace('=', "%3D")).into_bytes(),
            4 => origin.replace("://", "://user:password@").into_bytes(),
            5 => origin["https:".len() - 1..].trim_start_matches(':').into(),
            _ => self.bytes(),
        }
    }
}

/// The nonces in an answer, as our reader finds them.
fn nonces(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let lines = [WWW_AUTHENTICATE, PROXY_AUTHENTICATE];
    let challenges = lines.iter().map(|name| parse(headers.get_all(name)));
    let mut nonces: Vec<Vec<u8>> = Vec::new();
    for challenges in challenges {
        nonces.extend(
            challenges
                .iter()
                .filter_map(|challenge| challenge.param("nonce").map(<[u8]>::to_vec)),
        );
    }
    for name in ["authentication-info", "proxy-authentication-info"] {
        let infos = headers
            .get_all(name)
            .iter()
            .filter_map(|value| parse_params(value).ok());
        nonces.extend(infos.filter_map(|info| info.get("nextnonce").map(<[u8]>::to_vec)));
    }
    nonces
}
