//! Tokens of OAuth 2.0: had for one request, stored, renewed and shared.

mod consent;
mod ended;
mod send;
mod serve;
mod share;
mod store;

use std::path::Path;

use tempfile::TempDir;

use crate::support::{Issuer, Run, SECRET, command, run};

/// A folder for tokens, which is not made yet.
struct Store(TempDir);

impl Store {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> String {
        self.0.path().join("tokens").display().to_string()
    }
}

fn secret() -> [String; 2] {
    ["--set".to_owned(), format!("clientSecret={SECRET}")]
}

/// The arguments of a grant of the client, with its secret.
fn grant(issuer: &Issuer, grant: &str) -> Vec<String> {
    [issuer.set(grant), secret().to_vec()].concat()
}

/// Runs the command with these arguments, then `more`.
fn countersign(args: &[&str], more: &[String]) -> Run {
    run(command(args).args(more), b"")
}

/// `token ARGS --json` on a store.
fn token(store: &Store, args: &[&str], more: &[String]) -> Run {
    let common = ["--json".to_owned(), "--store".to_owned(), store.path()];
    countersign(&[&["token"], args].concat(), &[&common, more].concat())
}

/// Stores a token by this grant, under a name.
fn get(store: &Store, issuer: &Issuer, grant_type: &str, name: &str) -> Run {
    get_with(store, issuer, grant_type, name, &[])
}

/// The same with more settings.
fn get_with(store: &Store, issuer: &Issuer, grant_type: &str, name: &str, more: &[&str]) -> Run {
    let mut args = grant(issuer, grant_type);
    let name = format!("tokenName={name}");
    for set in more.iter().copied().chain([name.as_str()]) {
        args.extend(["--set".to_owned(), set.to_owned()]);
    }
    let run = token(store, &["get"], &args);
    assert_eq!(run.code, 0, "{}", run.printed());
    run
}

/// `send GET URL --json` with a stored token.
fn send_stored(store: &Store, issuer: &Issuer, args: &[String]) -> Run {
    let url = issuer.url("/api");
    let common = ["--store".to_owned(), store.path()];
    let first = [
        "send",
        "GET",
        &url,
        "--json",
        "--timeout",
        "20",
        "--auth",
        "oauth2",
    ];
    countersign(&first, &[&common, args].concat())
}

fn named(name: &str) -> [String; 2] {
    ["--token".to_owned(), name.to_owned()]
}

fn files(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect()
}
