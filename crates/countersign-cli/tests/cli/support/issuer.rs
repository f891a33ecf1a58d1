//! An authorization server with a resource of its own, stopped when its handle goes.

use std::collections::HashSet;
use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::raw::{framed, read};

pub(crate) const CLIENT: &str = "pride";
pub(crate) const SECRET: &str = "circle&of+life";

/// A request that came: its path and its form, or its query.
pub(crate) type Seen = (String, Vec<(String, String)>);

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    issued: u32,
    good: HashSet<String>,
    lifetime: u64,
    pause: Duration,
}

/// A running authorization server.
pub(crate) struct Issuer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Issuer {
    /// One whose access tokens are good for an hour.
    pub(crate) fn start() -> Self {
        Self::lasting(3600)
    }

    /// One whose access tokens are good for so many seconds.
    pub(crate) fn lasting(lifetime: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            lifetime,
            ..State::default()
        }));
        let is_over = Arc::new(AtomicBool::new(false));
        let (shared, over) = (Arc::clone(&state), Arc::clone(&is_over));
        let thread = std::thread::spawn(move || serve(&listener, &shared, &over));
        Self {
            address,
            state,
            is_over,
            thread: Some(thread),
        }
    }

    /// The URL of a path on it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The forms that came to this path.
    pub(crate) fn seen(&self, path: &str) -> Vec<Vec<(String, String)>> {
        let state = self.state.lock().unwrap();
        let here = state.seen.iter().filter(|(seen, _)| seen == path);
        here.map(|(_, form)| form.clone()).collect()
    }

    /// Forgets every token that it gave.
    pub(crate) fn forget(&self) {
        self.state.lock().unwrap().good.clear();
    }

    /// Makes all access tokens invalid.
    pub(crate) fn end_access(&self) {
        let mut state = self.state.lock().unwrap();
        state.good.retain(|token| !token.starts_with("access"));
    }

    /// Answers so long after it has done what was asked.
    pub(crate) fn pause(&self, pause: Duration) {
        self.state.lock().unwrap().pause = pause;
    }

    /// The settings of a grant of the client, as arguments.
    pub(crate) fn set(&self, grant: &str) -> Vec<String> {
        let settings = [
            format!("grant_type={grant}"),
            format!("accessTokenUrl={}", self.url("/token")),
            format!("authUrl={}", self.url("/authorize")),
            format!("deviceAuthorizationUrl={}", self.url("/device")),
            format!("revocationUrl={}", self.url("/revoke")),
            format!("clientId={CLIENT}"),
            "client_authentication=body".to_owned(),
        ];
        let settings = settings.into_iter();
        settings.flat_map(|set| ["--set".to_owned(), set]).collect()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        drop(TcpStream::connect(self.address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}

/// For a minute at most.
fn serve(listener: &TcpListener, state: &Mutex<State>, is_over: &AtomicBool) {
    let end = Instant::now() + Duration::from_secs(60);
    for stream in listener.incoming() {
        if is_over.load(Ordering::Relaxed) || Instant::now() > end {
            return;
        }
        let mut stream = stream.unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let request = read(&mut stream);
        if !request.is_empty() {
            let (answer, pause) = {
                let mut state = state.lock().unwrap();
                (state.answer(&request), state.pause)
            };
            std::thread::sleep(pause);
            drop(stream.write_all(framed(&answer).as_bytes()));
        }
    }
}

fn get<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    let found = form.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}

fn json_answer(status: &str, body: &Value) -> String {
    format!("{status}\nContent-Type: application/json\n\n{body}")
}

impl State {
    fn answer(&mut self, request: &str) -> String {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let target = head.split(' ').nth(1).unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let text = if body.is_empty() { query } else { body };
        let form: Vec<_> = form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        self.seen.push((path.to_owned(), form.clone()));
        match path {
            "/authorize" => self.authorize(&form),
            "/token" => self.token(&form),
            "/device" => json_answer(
                "200 OK",
                &json!({"device_code": self.next("device"), "user_code": "WDJB-MJHT", "interval": 1,
                        "verification_uri": "https://login.example/device", "expires_in": 600}),
            ),
            "/revoke" => {
                self.good.remove(get(&form, "token"));
                "200 OK".to_owned()
            }
            _ => self.resource(head),
        }
    }

    fn next(&mut self, kind: &str) -> String {
        self.issued += 1;
        let token = format!("{kind}-0f1e2d3c-{}", self.issued);
        self.good.insert(token.clone());
        token
    }

    fn authorize(&mut self, asked: &[(String, String)]) -> String {
        let code = self.next("code");
        let (uri, state) = (get(asked, "redirect_uri"), get(asked, "state"));
        format!("302 Found\nLocation: {uri}?code={code}&state={state}")
    }

    fn token(&mut self, form: &[(String, String)]) -> String {
        let refusal = |error: &str| json_answer("400 Bad Request", &json!({"error": error}));
        if get(form, "client_id") != CLIENT || get(form, "client_secret") != SECRET {
            return refusal("invalid_client");
        }
        let is_granted = match get(form, "grant_type") {
            "client_credentials" => true,
            "password" => get(form, "password") == "hakuna",
            "authorization_code" => self.good.remove(get(form, "code")),
            "refresh_token" => self.good.remove(get(form, "refresh_token")),
            _ => self.good.remove(get(form, "device_code")),
        };
        if !is_granted {
            return refusal("invalid_grant");
        }
        let refreshes = get(form, "grant_type") != "client_credentials";
        let refresh = refreshes.then(|| self.next("refresh"));
        let access = self.next("access");
        let lifetime = self.lifetime;
        json_answer(
            "200 OK",
            &json!({"access_token": access, "token_type": "Bearer", "expires_in": lifetime,
                    "refresh_token": refresh, "scope": get(form, "scope")}),
        )
    }

    /// It echoes the token, as some servers do.
    fn resource(&self, head: &str) -> String {
        let line = head
            .lines()
            .find_map(|line| line.strip_prefix("authorization: Bearer "));
        match line.filter(|token| self.good.contains(*token)) {
            Some(token) => format!("200 OK\n\nhello {token}"),
            None => "401 Unauthorized\nWWW-Authenticate: Bearer error=\"invalid_token\"".to_owned(),
        }
    }
}
