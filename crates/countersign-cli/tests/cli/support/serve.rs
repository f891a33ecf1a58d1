//! `countersign serve`, stopped when its handle goes.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use super::command;

/// What logs in by Digest where [`Serve::login`] takes it.
pub(crate) const MUFASA: [&str; 6] = [
    "--auth",
    "digest",
    "--set",
    "username=Mufasa",
    "--set",
    "password=Circle of Life",
];

/// A running `countersign serve`.
pub(crate) struct Serve {
    child: Child,
    url: String,
}

impl Serve {
    /// Starts it on a free port and waits for its first line.
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--for", "60"]);
        serve
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = serve.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim_end()
            .strip_prefix("listening on ")
            .expect(&line)
            .to_owned();
        Self { child, url }
    }

    /// One that takes this user.
    pub(crate) fn login(scheme: &str) -> Self {
        Self::start(&[
            "--auth",
            scheme,
            "--set",
            "username=Mufasa",
            "--set",
            "password=Circle of Life",
        ])
    }

    /// The URL of a path on it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Stops it; what it said on standard error.
    pub(crate) fn said(mut self) -> String {
        self.child.kill().unwrap();
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said
    }

    /// Its process.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
