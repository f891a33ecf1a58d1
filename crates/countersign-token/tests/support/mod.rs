//! An authorization server in memory whose refresh tokens work once, a clock that is set, and a source of its tokens.
#![allow(dead_code, unreachable_pub)] // Each test takes what it needs.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign_core::{Clock, Error, ErrorKind, Sources};
use countersign_token::{
    BoxFuture, Key, Manager, MemoryStore, Refused, RefusedKind, Settings, Source, Store, Token,
};

/// A clock that stands until it is set.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicU64>);

impl TestClock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(1_700_000_000)))
    }

    pub fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn go_back(&self, seconds: u64) {
        self.0.fetch_sub(seconds, Ordering::SeqCst);
    }

    pub fn time(&self) -> SystemTime {
        UNIX_EPOCH + self.now()
    }

    pub fn settings(&self) -> Settings {
        Settings::default().sources(Sources {
            clock: Arc::new(self.clone()),
            ..Sources::default()
        })
    }
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// What the server does next instead of answering.
#[derive(Clone, Debug)]
pub enum Mishap {
    Fail(RefusedKind),
    Panic,
    /// Issues, and gives no refresh token with it.
    WithoutRefresh,
}

/// Issues tokens `A1`, `R1`, `A2`, `R2`, ...; only the newest refresh token works, once.
#[derive(Debug)]
pub struct Server {
    pub clock: TestClock,
    pub lifetime: Duration,
    pub delay: Duration,
    pub current: u64,
    pub grants: u64,
    pub refreshes: u64,
    pub invalid_grants: u64,
    pub failures: u64,
    pub revoked: Vec<String>,
    /// Whether the grant is refused.
    pub denies: bool,
    pub mishaps: VecDeque<Mishap>,
}

impl Server {
    /// Requests of any kind.
    pub fn requests(&self) -> u64 {
        self.grants + self.refreshes + self.invalid_grants + self.failures
    }

    fn answer(&mut self, held: Option<Token>) -> Result<Token, Refused> {
        let mishap = self.mishaps.pop_front();
        match mishap {
            Some(Mishap::Fail(kind)) => {
                self.failures += 1;
                return Err(refusal(kind));
            }
            Some(Mishap::Panic) => {
                self.failures += 1;
                panic!("the source panicked");
            }
            _ => {}
        }
        match held.and_then(|token| token.refresh) {
            None if self.denies => {
                self.failures += 1;
                return Err(refusal(RefusedKind::Interaction));
            }
            None => self.grants += 1,
            Some(refresh) if refresh == format!("R{}", self.current).into() => self.refreshes += 1,
            Some(_) => {
                self.invalid_grants += 1;
                return Err(refusal(RefusedKind::InvalidGrant));
            }
        }
        let token = self.issue();
        Ok(match mishap {
            Some(Mishap::WithoutRefresh) => Token::new(token.access, token.issued_at),
            _ => token,
        })
    }

    pub fn issue(&mut self) -> Token {
        self.current += 1;
        Token::new(format!("A{}", self.current), self.clock.time())
            .refresh(format!("R{}", self.current))
            .expires_in(self.lifetime)
    }
}

pub fn refusal(kind: RefusedKind) -> Refused {
    Refused::new(kind, Error::new(ErrorKind::Fetch, "the server refused"))
}

#[derive(Clone)]
pub struct Client {
    pub server: Arc<Mutex<Server>>,
    pub key: Key,
    pub name: Option<String>,
    pub silent: bool,
}

impl Client {
    pub fn new(clock: &TestClock) -> Self {
        let server = Server {
            clock: clock.clone(),
            lifetime: Duration::from_secs(3600),
            delay: Duration::ZERO,
            current: 0,
            grants: 0,
            refreshes: 0,
            invalid_grants: 0,
            failures: 0,
            revoked: Vec::new(),
            denies: false,
            mishaps: VecDeque::new(),
        };
        Self {
            server: Arc::new(Mutex::new(server)),
            key: key("shop"),
            name: None,
            silent: true,
        }
    }

    /// Reads or changes the server.
    pub fn server<T>(&self, work: impl FnOnce(&mut Server) -> T) -> T {
        let mut server = self
            .server
            .lock()
            .unwrap_or_else(|poison| poison.into_inner());
        work(&mut server)
    }

    pub fn mishap(&self, mishap: Mishap) {
        self.server(|server| server.mishaps.push_back(mishap));
    }

    pub fn fail(&self, kind: RefusedKind) {
        self.mishap(Mishap::Fail(kind));
    }

    /// A manager of its tokens by the server's clock.
    pub fn manager(&self, store: impl Store) -> Manager {
        let settings = self.server(|server| server.clock.settings());
        Manager::with_settings(self.clone(), store, settings)
    }

    pub fn fresh(&self) -> (Manager, MemoryStore) {
        let store = MemoryStore::new();
        (self.manager(store.clone()), store)
    }
}

impl Source for Client {
    fn key(&self) -> &Key {
        &self.key
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn obtain(&self, held: Option<Token>) -> BoxFuture<'static, Result<Token, Refused>> {
        let this = self.clone();
        Box::pin(async move {
            let delay = this.server(|server| server.delay);
            // Half of the time on the way there, half on the way back: what was issued may be lost.
            tokio::time::sleep(delay / 2).await;
            let answer = this.server(|server| server.answer(held));
            tokio::time::sleep(delay / 2).await;
            answer
        })
    }

    fn revoke(&self, token: Token) -> BoxFuture<'static, Result<(), Refused>> {
        let this = self.clone();
        Box::pin(async move {
            this.server(|server| server.revoked.push(text(&token.access)));
            Ok(())
        })
    }

    fn is_silent(&self) -> bool {
        self.silent
    }
}

pub fn key(client: &str) -> Key {
    Key::builder()
        .server("https://login.test/token")
        .client_id(client)
        .grant("password")
        .build()
}

pub fn text(secret: &countersign_core::Secret) -> String {
    secret.expose_str().unwrap_or("?").to_owned()
}

pub async fn access(manager: &Manager) -> Result<String, Refused> {
    Ok(text(&manager.token().await?.token().access))
}

/// The refresh token that is stored.
pub async fn stored_refresh(store: &impl Store, key: &Key) -> Option<String> {
    let entry = store.get(key.id()).await.ok()??;
    entry.token.refresh.as_ref().map(text)
}

/// Lets background tasks run until `done`, two seconds at most.
pub async fn until(done: impl Fn() -> bool) {
    for _ in 0..2000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it did not come to pass in two seconds");
}
