//! What a large collection costs: 50 MB, 10,000 requests, folders 100 deep. Prints times and the memory that was needed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use countersign_postman::{Collection, Variables};

const REQUESTS: usize = 10_000;
const DEPTH: usize = 100;
const SIZE: usize = 50_000_000;

/// Folders in folders, each with as many requests as the next, and in each request a body.
fn file() -> String {
    let filler = "0123456789abcde ".repeat((SIZE / REQUESTS - 200) / 16);
    let mut text = String::with_capacity(SIZE + (1 << 20));
    text.push_str(
        r#"{"info": {"name": "large"}, "variable": [{"key": "host", "value": "h.test"}], "auth": "#,
    );
    text.push_str(
        r#"{"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]}, "item": ["#,
    );
    for folder in 0..DEPTH {
        for number in 0..REQUESTS / DEPTH {
            let _ = write!(
                text,
                r#"{{"name": "request {number}", "request": {{"method": "POST", "url": {{"raw": "https://{{{{host}}}}/{folder}/{number}", "host": ["https://{{{{host}}}}"], "path": ["{folder}", "{number}"]}}, "header": [{{"key": "X-Number", "value": "{number}"}}], "body": {{"mode": "raw", "raw": "{filler}"}}}}}},"#
            );
        }
        let _ = write!(text, r#"{{"name": "folder {folder}", "item": ["#);
    }
    text.push_str(&"]}".repeat(DEPTH));
    text.push_str("]}");
    text
}

/// The most memory that this process has held, in MB, and what it holds now.
fn memory() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        number
            .and_then(|number| number.parse::<u64>().ok())
            .unwrap_or_default()
            / 1000
    };
    (of("VmHWM:"), of("VmRSS:"))
}

fn measure<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = work();
    let (most, now) = memory();
    let time = start.elapsed().as_millis();
    println!("{what:32} {time:6} ms, {now:5} MB held, {most:5} MB at most");
    made
}

fn main() {
    let folder = std::env::temp_dir().join(format!("countersign-large-{}", std::process::id()));
    fs::write(&folder, file()).unwrap();
    let length = fs::metadata(&folder).unwrap().len() / 1_000_000;
    println!("{length} MB, {REQUESTS} requests, {DEPTH} folders deep");
    let collection = measure("read", || Collection::open(&folder).unwrap());
    fs::remove_file(&folder).unwrap();
    assert_eq!(collection.requests().len(), REQUESTS);
    measure("the effective auth of each", || {
        for item in collection.requests() {
            assert!(item.effective_auth().unwrap().level().is_some());
        }
    });
    let variables = Variables::new().set("token", "t0k3n");
    let runtime = tokio::runtime::Builder::new_current_thread();
    measure("prepare each", || {
        let mut runtime = runtime;
        runtime.build().unwrap().block_on(async {
            for item in collection.requests() {
                collection.prepare(item, &variables).await.unwrap();
            }
        });
    });
    measure("the unresolved of each", || {
        for item in collection.requests() {
            assert!(collection.unresolved(item, &variables).is_empty());
        }
    });
    let shared = measure("without secrets", || collection.without_secrets());
    let text = measure("write", || shared.to_json());
    assert!(text.len() > SIZE);
}
