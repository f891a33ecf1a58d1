//! Processes that share a folder of tokens. The test starts itself again as the other processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign_core::{Clock, Sources};
use countersign_token::{
    BoxFuture, Entry, FileStore, Key, Manager, Refused, RefusedKind, Settings, Source, Store, Token,
};
use serde_json::{Map, Value};

use self::support::{access, key, refusal, stored_refresh, text};

const FOLDER: &str = "COUNTERSIGN_TOKEN_TEST_FOLDER";
const SERVER: &str = "COUNTERSIGN_TOKEN_TEST_SERVER";
const SECONDS: &str = "COUNTERSIGN_TOKEN_TEST_SECONDS";
const ROUNDS: &str = "COUNTERSIGN_TOKEN_TEST_ROUNDS";
const LIFETIME: Duration = Duration::from_secs(60);

/// Runs 200 times as fast as the system's, alike in all processes.
#[derive(Debug)]
struct FastClock;

impl Clock for FastClock {
    fn now(&self) -> Duration {
        let start = Duration::from_secs(1_700_000_000);
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        start + (real - start) * 200
    }
}

/// What a server whose refresh tokens work once has seen.
#[derive(Default)]
struct Seen {
    current: u64,
    issued: Duration,
    /// How old each token was when it was replaced.
    ages: Vec<Duration>,
    invalid_grants: u64,
}

impl Seen {
    fn answer(&mut self, refresh: &str) -> String {
        let now = FastClock.now();
        if refresh != format!("R{}", self.current) {
            self.invalid_grants += 1;
            return "invalid_grant\n".to_owned();
        }
        self.ages.push(now - self.issued);
        self.current += 1;
        self.issued = now;
        format!("{}\n", self.current)
    }
}

struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    over: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, over) = (Arc::<Mutex<Seen>>::default(), Arc::<AtomicBool>::default());
        let (shared, stop) = (Arc::clone(&seen), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let mut stream = stream.unwrap();
                let mut refresh = String::new();
                BufReader::new(&stream).read_line(&mut refresh).unwrap();
                let answer = shared.lock().unwrap().answer(refresh.trim());
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self {
            address,
            seen,
            over,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        let _ = self.thread.take().unwrap().join();
    }
}

/// Asks the server over its socket.
struct Remote(SocketAddr, Key);

impl Source for Remote {
    fn key(&self) -> &Key {
        &self.1
    }

    fn obtain(&self, held: Option<Token>) -> BoxFuture<'static, Result<Token, Refused>> {
        let address = self.0;
        Box::pin(async move {
            let refresh = text(&held.unwrap().refresh.unwrap());
            let issued_at = UNIX_EPOCH + FastClock.now();
            let asked = tokio::task::spawn_blocking(move || ask(address, &refresh)).await;
            let number = asked.unwrap().unwrap();
            if number == "invalid_grant" {
                return Err(refusal(RefusedKind::InvalidGrant));
            }
            Ok(Token::new(format!("A{number}"), issued_at)
                .refresh(format!("R{number}"))
                .expires_in(LIFETIME))
        })
    }

    fn revoke(&self, _: Token) -> BoxFuture<'static, Result<(), Refused>> {
        Box::pin(async { Ok(()) })
    }

    fn is_silent(&self) -> bool {
        false
    }
}

fn ask(address: SocketAddr, refresh: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    writeln!(stream, "{refresh}")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

fn again(test: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--include-ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::null());
    command
}

/// Not a test by itself: one of the processes that share a folder.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the other tests"]
async fn user() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let server = std::env::var(SERVER).unwrap().parse().unwrap();
    let seconds = std::env::var(SECONDS).unwrap().parse().unwrap();
    let settings = Settings::default().sources(Sources {
        clock: Arc::new(FastClock),
        ..Sources::default()
    });
    let remote = Remote(server, key("shared"));
    let manager = Manager::with_settings(remote, FileStore::new(folder), settings);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let manager = manager.clone();
        tasks.spawn(async move {
            while Instant::now() < end {
                access(&manager).await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn two_processes_of_fifty_tasks_share_one_rotation() {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::start());
    let folder = folder.path().join("tokens");
    let store = FileStore::new(&folder);
    let first = Token::new("A0", UNIX_EPOCH + FastClock.now()).refresh("R0");
    let entry = Entry::new(key("shared"), first.expires_in(Duration::ZERO));
    put(&store, entry).await;
    let seconds = std::env::var(SECONDS).unwrap_or("3".to_owned());
    let start = || {
        again("user", &folder)
            .env(SERVER, server.address.to_string())
            .env(SECONDS, &seconds)
            .spawn()
            .unwrap()
    };
    let users = [start(), start()];
    for mut user in users {
        assert!(user.wait().unwrap().success());
    }
    let stored = stored_refresh(&store, &key("shared")).await.unwrap();
    let seen = server.seen.lock().unwrap();
    assert_eq!(seen.invalid_grants, 0);
    assert!(seen.ages.len() > 4, "only {} refreshes", seen.ages.len());
    // The first replaces one that was over from the start. A second refresh would come at once; a client asks when three
    // quarters of the life it knows of are over, which began before the server's answer came.
    let early = seen.ages[1..].iter().find(|age| **age < LIFETIME / 4);
    assert_eq!(early, None, "more than one refresh in a token's life");
    assert_eq!(stored, format!("R{}", seen.current));
    println!("{} refreshes, each once, none refused", seen.ages.len());
}

async fn put(store: &FileStore, entry: Entry) {
    let mut lease = store.lock(entry.id()).await.unwrap();
    lease.put(entry).await.unwrap();
}

/// Large, so that writing it takes a while.
fn large(number: u64) -> Entry {
    let text = Value::String(number.to_string().repeat(50_000));
    let extra = Map::from_iter([("large".to_owned(), text)]);
    Entry::new(
        key("killed"),
        Token::new("A", SystemTime::now()).extra(extra),
    )
}

/// Not a test by itself: writes until it is killed.
#[tokio::test]
#[ignore = "a part of the other tests"]
async fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = FileStore::new(folder);
    for number in (0..10).cycle() {
        put(&store, large(number)).await;
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_writer_that_is_killed_leaves_a_whole_file_and_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("tokens");
    let store = FileStore::new(&folder);
    put(&store, large(0)).await;
    let drafts = || {
        let files = std::fs::read_dir(&folder).unwrap();
        files.filter(|file| file.as_ref().unwrap().path().extension() == Some("tmp".as_ref()))
    };
    let mut left_over = 0;
    let rounds = std::env::var(ROUNDS).map_or(60, |rounds| rounds.parse().unwrap());
    for round in 0..rounds {
        let writer = Killed(again("writer", &folder).spawn().unwrap());
        std::thread::sleep(Duration::from_millis(10 + round % 20));
        drop(writer);
        let entry = store.get(key("killed").id()).await.unwrap().unwrap();
        assert!(entry.token.extra["large"].as_str().unwrap().len() >= 50_000);
        left_over += drafts().count();
        put(&store, large(1)).await;
        assert_eq!(drafts().count(), 0);
    }
    assert!(left_over > 0, "no writer was killed while it wrote");
    println!("{rounds} writers killed, {left_over} of them while they wrote");
}
