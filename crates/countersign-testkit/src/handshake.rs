//! A scheme that authenticates a connection, and the server that ties it to one. It stands in for NTLM.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use countersign_core::challenge;
use countersign_core::verify::{Reason, Verdict, Verify, authorization};
use countersign_core::{
    Begin, Binding, Connection, Cx, Error, ErrorKind, Exchange, Identity, Leg, Next, Payload,
    Result, Scheme,
};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode, request, response};

use crate::canary::TOKEN_MARK;
use crate::server::{Answer, Seen, Then};

/// A scheme of two legs that must share a connection: a greeting, and an answer to what the server said to it.
#[derive(Clone, Debug)]
pub struct Handshake {
    user: String,
    identity: Identity,
}

impl Handshake {
    /// The handshake of `user`.
    pub fn new(user: impl Into<String>) -> Self {
        let user = user.into();
        Self {
            identity: Identity::of(&user),
            user,
        }
    }
}

impl Scheme for Handshake {
    type Exchange = HandshakeExchange;

    fn begin(&self, _: Cx<'_>) -> Begin<HandshakeExchange> {
        Begin::ready(HandshakeExchange {
            scheme: self.clone(),
            step: Step::Greet,
            connection: None,
        })
    }
}

/// The exchange of [`Handshake`].
#[derive(Debug)]
pub struct HandshakeExchange {
    scheme: Handshake,
    step: Step,
    connection: Option<Connection>,
}

#[derive(Debug)]
enum Step {
    Greet,
    Prove(String),
    Known,
}

/// What is remembered of a connection that was authenticated.
#[derive(Clone)]
struct Authenticated;

impl Exchange for HandshakeExchange {
    fn name(&self) -> &'static str {
        "handshake"
    }

    fn binding(&self) -> Binding {
        Binding::Connection(self.scheme.identity.clone())
    }

    fn bound(&mut self, connection: &Connection) {
        let known = connection.recall::<Authenticated>().is_some();
        self.step = if known { Step::Known } else { Step::Greet };
        self.connection = Some(connection.clone());
    }

    fn plan(&self) -> Leg {
        match self.step {
            Step::Greet => Leg::Probe,
            Step::Prove(_) | Step::Known => Leg::Tentative,
        }
    }

    fn prepare(&mut self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        let value = match &self.step {
            Step::Greet => "Handshake hello".to_owned(),
            Step::Prove(token) => format!("Handshake user={}, token={token}", self.scheme.user),
            Step::Known => return Ok(()),
        };
        request
            .headers
            .insert(AUTHORIZATION, HeaderValue::try_from(value).unwrap());
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        if response.status != StatusCode::UNAUTHORIZED {
            if let Some(connection) = &self.connection {
                connection.remember(Authenticated);
            }
            return Ok(Next::Done);
        }
        let challenges = challenge::parse(response.headers.get_all(WWW_AUTHENTICATE));
        let token = challenges
            .iter()
            .find_map(|challenge| challenge.text("token"));
        self.step = match (&self.step, token) {
            (Step::Greet, Some(token)) => Step::Prove(token.to_owned()),
            (Step::Known, _) => Step::Greet,
            _ => return Ok(Next::Done),
        };
        Ok(Next::Again)
    }
}

/// The verifier's side of it: a token counts on the connection that it was given on, once.
#[derive(Clone, Debug, Default)]
pub struct HandshakeVerifier(Arc<AtomicUsize>);

/// What the verifier remembers of a connection.
#[derive(Clone)]
enum Known {
    Token(String),
    User(String),
}

impl Verify for HandshakeVerifier {
    type Principal = String;

    fn verify(&self, request: &request::Parts, _: &Payload) -> Begin<Verdict<String>> {
        let Some(connection) = request.extensions.get::<Connection>() else {
            return Begin::failed(Error::new(ErrorKind::Connection, "serve PerConnection"));
        };
        Begin::ready(match authorization(request, "handshake") {
            Err(reason) => Verdict::refuse(reason),
            Ok(Some(value)) => self.judge(connection, value),
            Ok(None) => match connection.recall() {
                Some(Known::User(user)) => Verdict::accept("handshake", user),
                _ => refuse(Reason::Missing, "Handshake"),
            },
        })
    }
}

impl HandshakeVerifier {
    fn judge(&self, connection: &Connection, value: &HeaderValue) -> Verdict<String> {
        let Ok(proof) = challenge::parse_credentials(value) else {
            return Verdict::refuse(Reason::Malformed);
        };
        let (Some(token), Some(user)) = (proof.text("token"), proof.text("user")) else {
            let token = format!("t{}", self.0.fetch_add(1, Ordering::Relaxed));
            let challenge = format!("Handshake token={token}");
            connection.remember(Known::Token(token));
            return refuse(Reason::Rejected, &challenge);
        };
        let given = connection.recall();
        connection.remember(Known::Token(String::new()));
        match given {
            Some(Known::Token(given)) if given == token => {
                connection.remember(Known::User(user.to_owned()));
                Verdict::accept("handshake", user.to_owned())
            }
            _ => refuse(Reason::Rejected, "Handshake"),
        }
    }
}

fn refuse(reason: Reason, challenge: &str) -> Verdict<String> {
    Verdict::challenge(reason, [HeaderValue::from_str(challenge).unwrap()])
}

/// A server of scripted bytes: knows which connection said what, and closes one in so many without a word.
#[derive(Clone, Debug)]
pub struct HandshakeServer(Arc<State>);

#[derive(Debug, Default)]
struct State {
    connections: Mutex<HashMap<usize, Tie>>,
    close_every: usize,
    answered: AtomicUsize,
    handshakes: AtomicUsize,
    split: AtomicUsize,
    mixed: AtomicUsize,
}

#[derive(Debug, Default)]
struct Tie {
    token: Option<String>,
    user: Option<String>,
}

impl HandshakeServer {
    /// Closes a connection after one answer in `close_every`, at random with a fixed seed; never for 0.
    pub fn new(close_every: usize) -> Self {
        Self(Arc::new(State {
            close_every,
            ..State::default()
        }))
    }

    /// Answers a request, which says in `x-wanted` in whose name it is meant.
    pub fn answer(&self, seen: &Seen) -> Answer {
        let mut connections = self.0.connections.lock().unwrap();
        let tie = connections.entry(seen.connection).or_default();
        let answer = match seen.request.header("authorization") {
            None => self.serve(tie, seen),
            Some("Handshake hello") => self.greet(tie),
            Some(proof) => self.judge(tie, proof, seen),
        };
        let count = self.0.answered.fetch_add(1, Ordering::Relaxed) + 1;
        let closes = self.0.close_every > 0 && scattered(count).is_multiple_of(self.0.close_every);
        answer.then(if closes { Then::Close } else { Then::Keep })
    }

    fn greet(&self, tie: &mut Tie) -> Answer {
        let count = self.0.handshakes.fetch_add(1, Ordering::Relaxed);
        let token = format!("{TOKEN_MARK}{count}");
        let challenge = format!("Handshake token={token}");
        *tie = Tie {
            token: Some(token),
            user: None,
        };
        Answer::new(401).header("www-authenticate", &challenge)
    }

    fn judge(&self, tie: &mut Tie, proof: &str, seen: &Seen) -> Answer {
        let value = HeaderValue::from_str(proof).unwrap();
        let Ok(proof) = challenge::parse_credentials(&value) else {
            return Answer::new(400);
        };
        if tie.token.take().as_deref() != proof.text("token") {
            self.0.split.fetch_add(1, Ordering::Relaxed);
            return Answer::new(403);
        }
        tie.user = proof.text("user").map(str::to_owned);
        self.serve(tie, seen)
    }

    fn serve(&self, tie: &Tie, seen: &Seen) -> Answer {
        let Some(user) = &tie.user else {
            return Answer::new(401).header("www-authenticate", "Handshake");
        };
        if seen.request.header("x-wanted") != Some(user) {
            self.0.mixed.fetch_add(1, Ordering::Relaxed);
        }
        Answer::new(200).body(user.as_bytes())
    }

    /// How many handshakes were begun.
    pub fn handshakes(&self) -> usize {
        self.0.handshakes.load(Ordering::Relaxed)
    }

    /// How many answers came over another connection than the challenge.
    pub fn split(&self) -> usize {
        self.0.split.load(Ordering::Relaxed)
    }

    /// How many requests were served in another name than they were meant.
    pub fn mixed(&self) -> usize {
        self.0.mixed.load(Ordering::Relaxed)
    }
}

/// A number that looks drawn, always the same for the same count: the finalizer of SplitMix64.
fn scattered(count: usize) -> usize {
    let mut number = (count as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (number ^ (number >> 31)) as usize
}
