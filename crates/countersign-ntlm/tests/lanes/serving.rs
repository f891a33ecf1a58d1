//! A server of our verifier on raw connections, which counts what must not happen.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Connection, Payload};
use countersign_ntlm::{ChannelBinding, MemoryAccounts, NtlmUser, NtlmVerifier};
use countersign_testkit::{Answer, Certificates, RawServer, Seen, Then};

pub const USERS: usize = 8;

/// One certificate for all, made once.
pub fn certificates() -> &'static Certificates {
    static MADE: std::sync::OnceLock<Certificates> = std::sync::OnceLock::new();
    MADE.get_or_init(|| Certificates::new(&["localhost", "127.0.0.1"]))
}

pub struct Serving {
    pub raw: RawServer,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    verifier: Option<NtlmVerifier>,
    connections: Mutex<HashMap<usize, Connection>>,
    close_every: usize,
    answered: AtomicUsize,
    handshakes: AtomicUsize,
    split: AtomicUsize,
    mixed: AtomicUsize,
}

fn verifier(bindings: &[ChannelBinding]) -> NtlmVerifier {
    let mut accounts = MemoryAccounts::new();
    for index in 0..USERS {
        accounts = accounts
            .password(&format!("user{index}"), super::PASSWORD)
            .unwrap();
    }
    let builder = NtlmVerifier::builder("LAB", accounts).negotiate(true);
    builder
        .require_mic(true)
        .channel_bindings(bindings.iter().copied())
        .build()
        .unwrap()
}

impl Serving {
    /// Closes a connection after one answer in `close_every`, without a word; never for 0.
    pub async fn start(close_every: usize) -> Self {
        Self::with(close_every, Some(verifier(&[])), None).await
    }

    /// Lets everybody in.
    pub async fn open() -> Self {
        Self::with(0, None, None).await
    }

    /// Over TLS, and demands that the proof is bound so.
    pub async fn tls(binding: ChannelBinding) -> Self {
        Self::with(0, Some(verifier(&[binding])), Some(certificates())).await
    }

    async fn with(
        close_every: usize,
        verifier: Option<NtlmVerifier>,
        certificates: Option<&Certificates>,
    ) -> Self {
        let state = Arc::new(State {
            verifier,
            close_every,
            ..State::default()
        });
        let answering = Arc::clone(&state);
        let answer = move |seen: &Seen| answering.answer(seen);
        let raw = RawServer::start_on(Ipv4Addr::LOCALHOST.into(), certificates, answer).await;
        Self { raw, state }
    }

    pub fn url(&self) -> String {
        self.raw.url("/")
    }

    pub fn tls_url(&self) -> String {
        format!("https://localhost:{}/", self.raw.address().port())
    }

    pub fn handshakes(&self) -> usize {
        self.state.handshakes.load(Ordering::Relaxed)
    }

    /// How many third messages were refused.
    pub fn split(&self) -> usize {
        self.state.split.load(Ordering::Relaxed)
    }

    /// How many requests were served in another name than they were meant.
    pub fn mixed(&self) -> usize {
        self.state.mixed.load(Ordering::Relaxed)
    }
}

impl State {
    fn answer(&self, seen: &Seen) -> Answer {
        let answer = match self.verify(seen) {
            None => Answer::new(200).body("anybody"),
            Some(Verdict::Accept(accepted)) => self.serve(seen, &accepted.principal),
            Some(Verdict::Refuse(refusal)) => {
                let is_proof = seen
                    .request
                    .header("authorization")
                    .is_some_and(|field| field.starts_with("NTLM TlRMTVNTUAADAAAA"));
                self.split
                    .fetch_add(usize::from(is_proof), Ordering::Relaxed);
                let answer = Answer::new(refusal.reason.status().as_u16());
                refusal.challenges.iter().fold(answer, |answer, challenge| {
                    answer.header("www-authenticate", challenge.to_str().unwrap())
                })
            }
        };
        let count = self.answered.fetch_add(1, Ordering::Relaxed) + 1;
        let closes = self.close_every > 0 && count.is_multiple_of(self.close_every);
        answer.then(if closes { Then::Close } else { Then::Keep })
    }

    fn serve(&self, seen: &Seen, user: &NtlmUser) -> Answer {
        let is_first = seen.request.header("authorization").is_some();
        self.handshakes
            .fetch_add(usize::from(is_first), Ordering::Relaxed);
        let is_other = seen.request.header("x-wanted") != Some(&*user.name);
        self.mixed
            .fetch_add(usize::from(is_other), Ordering::Relaxed);
        Answer::new(200).body(user.name.as_bytes())
    }

    /// The accounts are in memory, so there is nothing to wait for.
    fn verify(&self, seen: &Seen) -> Option<Verdict<NtlmUser>> {
        let connection = self
            .connections
            .lock()
            .unwrap()
            .entry(seen.connection)
            .or_default()
            .clone();
        let (mut head, _) = seen.request.to_http().into_parts();
        head.extensions.insert(connection);
        let verdict = pin!(self.verifier.as_ref()?.verify(&head, &Payload::default()));
        match verdict.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(verdict) => Some(verdict.unwrap()),
            Poll::Pending => panic!("it waits"),
        }
    }
}
