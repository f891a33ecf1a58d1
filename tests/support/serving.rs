//! [`Serving`], our NTLM verifier on raw connections, which counts what must not happen.

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Any, Connection, Payload};
use countersign_ntlm::{ChannelBinding, MemoryAccounts, Ntlm, NtlmUser, NtlmVerifier};
use countersign_testkit::{Answer, Certificates, MARK, RawServer, Seen, Then};
use http::Request;

use crate::{Load, net};

/// How many users there are: `user0` and so on.
pub const USERS: usize = 8;
/// Everybody's password.
pub const PASSWORD: &str = MARK;

/// The client's side of a user.
pub fn user(index: usize) -> Any {
    Any::new(Ntlm::new(format!("user{index}"), PASSWORD).unwrap())
}

/// A request that is meant in the name of `user`, which the server is told beside the proof.
pub fn wanted(method: &str, url: &str, user: &str, body: impl Into<Load>) -> Request<Load> {
    let request = Request::builder().method(method).uri(url);
    let request = request.header("x-wanted", user);
    request.body(body.into()).unwrap()
}

/// How one in so many answers ends, at random with a fixed seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// All connections stay.
    #[default]
    Never,
    /// The connection is closed behind the answer, without a word.
    Silently(usize),
    /// The answer says `Connection: close`, and it is.
    Announced(usize),
}

impl Closing {
    /// Whether it is the turn of the `count`th answer.
    fn is_due(self, count: usize) -> bool {
        match self {
            Self::Never => false,
            Self::Silently(one_in) | Self::Announced(one_in) => {
                scattered(count).is_multiple_of(one_in)
            }
        }
    }

    fn close(self, answer: Answer) -> Answer {
        let answer = answer.then(Then::Close);
        match self {
            Self::Announced(_) => answer.header("connection", "close"),
            _ => answer,
        }
    }
}

/// The server.
#[derive(Debug)]
pub struct Serving {
    /// Its connections.
    pub raw: RawServer,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    verifier: Option<NtlmVerifier>,
    connections: Mutex<HashMap<usize, Connection>>,
    closing: Closing,
    pause: Duration,
    served: Mutex<HashSet<String>>,
    legs: AtomicUsize,
    greetings: AtomicUsize,
    asked: AtomicUsize,
    handshakes: AtomicUsize,
    split: AtomicUsize,
    mixed: AtomicUsize,
    repeated: AtomicUsize,
    closed: AtomicUsize,
}

fn add(count: &AtomicUsize, one: bool) -> usize {
    count.fetch_add(usize::from(one), Ordering::Relaxed)
}

/// What a server has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// All requests.
    pub legs: usize,
    /// Those without credentials that were refused.
    pub asked: usize,
    /// First messages.
    pub greetings: usize,
    /// Third messages that were right.
    pub handshakes: usize,
    /// Third messages that were refused, as one for another connection's challenge is.
    pub split: usize,
    /// Requests that were served in another name than they were meant.
    pub mixed: usize,
    /// Requests that were served more than once; `x-number` tells them apart.
    pub repeated: usize,
    /// Connections that were closed.
    pub closed: usize,
}

/// All users.
pub fn accounts() -> MemoryAccounts {
    (0..USERS).fold(MemoryAccounts::new(), |accounts, index| {
        accounts
            .password(&format!("user{index}"), PASSWORD)
            .unwrap()
    })
}

fn verifier(bindings: &[ChannelBinding]) -> NtlmVerifier {
    let builder = NtlmVerifier::builder("LAB", accounts()).negotiate(true);
    let builder = builder.require_mic(true);
    builder
        .channel_bindings(bindings.iter().copied())
        .build()
        .unwrap()
}

impl Serving {
    /// Closes its connections so.
    pub async fn start(closing: Closing) -> Self {
        let verifier = Some(verifier(&[]));
        let state = State {
            verifier,
            closing,
            ..State::default()
        };
        Self::with(state, None).await
    }

    /// Takes its time for each answer.
    pub async fn slow(pause: Duration) -> Self {
        let state = State {
            verifier: Some(verifier(&[])),
            pause,
            ..State::default()
        };
        Self::with(state, None).await
    }

    /// Lets everybody in.
    pub async fn open() -> Self {
        Self::with(State::default(), None).await
    }

    /// Over TLS, without any demand.
    pub async fn named() -> Self {
        Self::by_tls(verifier(&[])).await
    }

    /// Over TLS, and demands that the proof is bound so.
    pub async fn bound(binding: ChannelBinding) -> Self {
        Self::by_tls(verifier(&[binding])).await
    }

    async fn by_tls(verifier: NtlmVerifier) -> Self {
        let state = State {
            verifier: Some(verifier),
            ..State::default()
        };
        Self::with(state, Some(net::certificates())).await
    }

    async fn with(state: State, certificates: Option<&Certificates>) -> Self {
        let state = Arc::new(state);
        let answering = Arc::clone(&state);
        let answer = move |seen: &Seen| answering.answer(seen);
        let raw = RawServer::start_on(Ipv4Addr::LOCALHOST.into(), certificates, answer).await;
        Self { raw, state }
    }

    /// Where it is, in clear text.
    pub fn url(&self) -> String {
        self.raw.url("/")
    }

    /// Where it is, by TLS and by a name.
    pub fn tls_url(&self) -> String {
        format!("https://a.test:{}/", self.raw.address().port())
    }

    /// What it has counted.
    pub fn counted(&self) -> Counted {
        let state = &self.state;
        let [legs, asked, greetings, handshakes] = [
            &state.legs,
            &state.asked,
            &state.greetings,
            &state.handshakes,
        ]
        .map(|count| count.load(Ordering::Relaxed));
        let [split, mixed, repeated, closed] =
            [&state.split, &state.mixed, &state.repeated, &state.closed]
                .map(|count| count.load(Ordering::Relaxed));
        Counted {
            legs,
            asked,
            greetings,
            handshakes,
            split,
            mixed,
            repeated,
            closed,
        }
    }

    /// Whether the request of this number was served.
    pub fn has_served(&self, number: &str) -> bool {
        self.state.served.lock().unwrap().contains(number)
    }
}

impl State {
    fn answer(&self, seen: &Seen) -> Answer {
        std::thread::sleep(self.pause);
        let answer = match self.verify(seen) {
            None => Answer::new(200).body("anybody"),
            Some(Verdict::Accept(accepted)) => self.serve(seen, &accepted.principal),
            Some(Verdict::Refuse(refusal)) => {
                self.count_refused(seen);
                let answer = Answer::new(refusal.reason.status().as_u16());
                refusal.challenges.iter().fold(answer, |answer, challenge| {
                    answer.header("www-authenticate", challenge.to_str().unwrap())
                })
            }
        };
        let closes = self.closing.is_due(add(&self.legs, true) + 1);
        add(&self.closed, closes);
        match closes {
            true => self.closing.close(answer),
            false => answer,
        }
    }

    fn count_refused(&self, seen: &Seen) {
        let field = seen.request.header("authorization");
        let is_message = |number: char| {
            field.is_some_and(|field| field.starts_with(&format!("NTLM TlRMTVNTUAA{number}AAAA")))
        };
        add(&self.asked, field.is_none());
        add(&self.greetings, is_message('B'));
        add(&self.split, is_message('D'));
    }

    fn serve(&self, seen: &Seen, user: &NtlmUser) -> Answer {
        let is_first = seen.request.header("authorization").is_some();
        add(&self.handshakes, is_first);
        let is_other = seen.request.header("x-wanted") != Some(&*user.name);
        add(&self.mixed, is_other);
        if let Some(number) = seen.request.header("x-number") {
            let is_new = self.served.lock().unwrap().insert(number.to_owned());
            add(&self.repeated, !is_new);
        }
        Answer::new(200).body(user.name.as_bytes())
    }

    /// The accounts are in memory, so there is nothing to wait for.
    fn verify(&self, seen: &Seen) -> Option<Verdict<NtlmUser>> {
        let verifier = self.verifier.as_ref()?;
        let mut connections = self.connections.lock().unwrap();
        let connection = connections.entry(seen.connection).or_default().clone();
        drop(connections);
        let (mut head, _) = seen.request.to_http().into_parts();
        head.extensions.insert(connection);
        let verdict = pin!(verifier.verify(&head, &Payload::default()));
        match verdict.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(verdict) => Some(verdict.unwrap()),
            Poll::Pending => panic!("it waits"),
        }
    }
}

/// A number that looks drawn, always the same for the same count: the finalizer of SplitMix64.
fn scattered(count: usize) -> usize {
    let mut number = (count as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (number ^ (number >> 31)) as usize
}
