//! A transport that answers by a script and keeps what it was sent, and a scheme that does what a test says.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use countersign_core::{
    Any, AuthBody, Begin, Cx, Drive, Error, Exchange, Failure, Leg, Next, Payload, Result, Scheme,
    Settings, Sleep, Strength, Touch, Transport,
};
use http::{
    Extensions, HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, request,
    response,
};
use http_body::Body;
use http_body_util::{BodyExt, Full};

pub type Bodies = Full<Bytes>;

/// What one leg was.
#[derive(Clone, Debug)]
pub struct Sent {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub extensions: Extensions,
    pub body: Bytes,
}

/// Answers by a script; the last answer is repeated.
#[derive(Clone, Default)]
pub struct Script {
    answers: Arc<Mutex<VecDeque<Response<Bodies>>>>,
    pub sent: Arc<Mutex<Vec<Sent>>>,
    challenging: bool,
}

impl Script {
    pub fn new(answers: impl IntoIterator<Item = Response<Bodies>>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            sent: Arc::default(),
            challenging: false,
        }
    }

    /// Refuses what has no credentials, after a while.
    pub fn challenging() -> Self {
        Self {
            challenging: true,
            ..Self::default()
        }
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    fn next(&self) -> Response<Bodies> {
        let mut answers = self.answers.lock().unwrap();
        let answer = answers.pop_front().expect("an answer");
        if answers.is_empty() {
            answers.push_back(answer.clone());
        }
        answer
    }
}

impl<B> Transport<B> for Script
where
    B: Body + Unpin + Send + 'static,
    B::Error: std::fmt::Debug,
{
    type Body = Bodies;
    type Error = Infallible;
    type Future =
        Pin<Box<dyn Future<Output = Result<Response<Bodies>, Failure<Infallible>>> + Send>>;

    fn send(&mut self, request: Request<AuthBody<B>>) -> Self::Future {
        let script = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.expect("a body").to_bytes();
            let signed = parts.headers.contains_key("authorization");
            let request::Parts {
                method,
                uri,
                headers,
                extensions,
                ..
            } = parts;
            script.sent.lock().unwrap().push(Sent {
                method,
                uri,
                headers,
                extensions,
                body,
            });
            if script.challenging {
                tokio::task::yield_now().await;
                return Ok(if signed {
                    answer(200)
                } else {
                    challenge("Word")
                });
            }
            Ok(script.next())
        })
    }

    fn sleep(&self, _: Duration) -> Option<Sleep> {
        None
    }
}

pub fn answer(status: u16) -> Response<Bodies> {
    Response::builder()
        .status(status)
        .body(Full::default())
        .unwrap()
}

pub fn challenge(value: &'static str) -> Response<Bodies> {
    let mut response = answer(401);
    response
        .headers_mut()
        .insert("www-authenticate", HeaderValue::from_static(value));
    response
}

/// What a test's exchange does; `next` is what it says to the answers, in order, then `Done`.
#[derive(Clone)]
pub struct Acts {
    pub plan: Leg,
    pub next: Vec<Next>,
    pub reads_body: bool,
    pub reveals: bool,
    pub replaces: Option<&'static str>,
    pub strength: Strength,
    pub pins: bool,
    pub answers_refusals: bool,
    pub word: &'static str,
}

impl Default for Acts {
    fn default() -> Self {
        Self {
            plan: Leg::Tentative,
            next: Vec::new(),
            reads_body: false,
            reveals: false,
            replaces: None,
            strength: Strength::Request,
            pins: false,
            answers_refusals: true,
            word: "word",
        }
    }
}

pub struct Acting(pub Acts);

impl Scheme for Acting {
    type Exchange = Act;

    fn begin(&self, cx: Cx<'_>) -> Begin<Act> {
        if cx.refused.is_some() && !self.0.answers_refusals {
            return Begin::failed(Error::challenge("not for this scheme"));
        }
        Begin::ready(Act(self.0.clone()))
    }

    fn strength(&self) -> Strength {
        self.0.strength
    }

    fn pins(&self) -> bool {
        self.0.pins
    }
}

pub struct Act(Acts);

impl Exchange for Act {
    fn name(&self) -> &'static str {
        self.0.word
    }

    fn reveals(&self) -> bool {
        self.0.reveals
    }

    fn plan(&self) -> Leg {
        self.0.plan
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.0.reads_body
    }

    fn body_advice(&self) -> Option<&'static str> {
        Some("ask Bob")
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        part.is_authorization() || (part == Touch::Body && self.0.replaces.is_some())
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        request
            .headers
            .insert("authorization", HeaderValue::from_static(self.0.word));
        if let Some(bytes) = self.0.replaces {
            body.replace(bytes);
        }
        Ok(())
    }

    fn receive(&mut self, _: &response::Parts) -> Result<Next> {
        Ok(if self.0.next.is_empty() {
            Next::Done
        } else {
            self.0.next.remove(0)
        })
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        match body {
            b"proof" => Ok(()),
            _ => Err(Error::new(
                countersign_core::ErrorKind::ServerAuthentication,
                "no proof",
            )),
        }
    }
}

pub type Driven = Result<Response<AuthBody<Bodies>>, Failure<Infallible>>;

pub async fn drive<S: Scheme, B>(
    scheme: S,
    settings: Settings,
    request: Request<B>,
    script: &Script,
) -> Driven
where
    B: Body + Unpin + Send + 'static,
    B::Error: std::fmt::Debug,
{
    Drive::new(
        Arc::new(scheme),
        Arc::new(settings),
        request,
        script.clone(),
    )
    .await
}

/// A refused leg is followed by another, so many times.
pub fn again(times: usize) -> Acts {
    Acts {
        next: vec![Next::Again; times],
        ..Acts::default()
    }
}

pub fn any(acts: Acts) -> Any {
    Any::new(Acting(acts))
}

pub fn get(uri: &str) -> Request<Bodies> {
    Request::get(uri).body(Full::default()).unwrap()
}

pub fn put(bytes: &'static str) -> Request<Bodies> {
    Request::put("https://a.test/x")
        .body(Full::from(bytes))
        .unwrap()
}

pub fn status(driven: &Driven) -> StatusCode {
    driven.as_ref().expect("an answer").status()
}

pub fn kind(driven: Driven) -> countersign_core::ErrorKind {
    match driven {
        Err(Failure::Auth(error)) => error.kind(),
        other => panic!("not an authentication error: {other:?}"),
    }
}
