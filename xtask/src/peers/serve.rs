//! `countersign serve` for the clients that are not ours.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::send::program;
use super::server::stop;
use super::{PASSWORD, USER};
use crate::Result;
use crate::shell::bounded;

const WAIT: Duration = Duration::from_secs(20);

/// A running `countersign serve`, stopped when this value goes.
pub(super) struct Serve {
    child: Child,
    url: String,
}

impl Serve {
    /// Starts it on a free port and waits for its first line.
    pub(super) fn start(args: &[&str]) -> Result<Self> {
        let mut command = bounded(300, program());
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--for", "300"])
            .args(args);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("no standard output")?;
        let mut serve = Self {
            child,
            url: String::new(),
        };
        let line = first_line(output)?;
        let url = line.strip_prefix("listening on ");
        serve.url = url
            .ok_or_else(|| format!("the first line is `{line}`"))?
            .to_owned();
        Ok(serve)
    }

    /// With a scheme that takes the name and password that peers know, and further parameters.
    pub(super) fn login(scheme: &str, set: &[&str]) -> Result<Self> {
        let login = [("username", USER), ("password", PASSWORD)];
        let set = set.iter().filter_map(|setting| setting.split_once('='));
        let set: Vec<_> = login.into_iter().chain(set).collect();
        Self::with(scheme, &set, &[])
    }

    /// With a scheme, its parameters, and further arguments.
    pub(super) fn with(scheme: &str, set: &[(&str, &str)], more: &[&str]) -> Result<Self> {
        let mut args = vec!["--auth", scheme];
        args.extend(more);
        let set: Vec<String> = set
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        args.extend(set.iter().flat_map(|setting| ["--set", setting]));
        Self::start(&args)
    }

    /// The URL of a path on it.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url.trim_end_matches('/'))
    }

    /// Sends a GET with these credentials over a socket and returns the answer's status.
    pub(super) fn raw(&self, path: &str, credentials: &str) -> Result<u16> {
        let authority = self.url.trim_start_matches("http://").trim_end_matches('/');
        let mut socket = TcpStream::connect(authority)?;
        socket.set_read_timeout(Some(WAIT))?;
        write!(
            socket,
            "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n"
        )?;
        write!(socket, "Authorization: {credentials}\r\n\r\n")?;
        let mut answer = String::new();
        socket.read_to_string(&mut answer)?;
        let status = answer.split(' ').nth(1).ok_or("no status line")?;
        Ok(status.parse()?)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

fn first_line(output: ChildStdout) -> Result<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || read(output, &sender));
    receiver
        .recv_timeout(WAIT)
        .map_err(|_| "it says nothing on standard output".into())
}

/// Hands over the first line, then reads on, as a full pipe would stop the server.
fn read(output: ChildStdout, first: &Sender<String>) {
    for line in BufReader::new(output)
        .lines()
        .map_while(std::result::Result::ok)
    {
        // Nobody waits for the later lines.
        drop(first.send(line));
    }
}
