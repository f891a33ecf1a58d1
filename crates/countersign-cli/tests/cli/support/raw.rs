//! A server that says what it is told to, and shows every byte that it got.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(10);

/// Answers one connection after the other, each with the next of its answers, then closes it.
pub(crate) struct RawServer {
    address: SocketAddr,
    requests: Receiver<String>,
    thread: JoinHandle<()>,
}

impl RawServer {
    /// Starts it. An answer may name the server itself by `{url}`; `Content-Length` is added if it
    /// is not there.
    pub(crate) fn start(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let answers: Vec<String> = answers
            .iter()
            .map(|answer| framed(&answer.replace("{url}", &url)))
            .collect();
        let (sender, requests) = channel();
        let thread = std::thread::spawn(move || {
            for answer in answers {
                let Some(mut stream) = accept(&listener) else {
                    return;
                };
                let request = read(&mut stream);
                stream.write_all(answer.as_bytes()).unwrap();
                sender.send(request).unwrap();
            }
        });
        Self {
            address,
            requests,
            thread,
        }
    }

    /// The URL of a path on it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests that came, once the command has ended.
    pub(crate) fn requests(self) -> Vec<String> {
        // Wakes the thread if it waits for a request that never came.
        while !self.thread.is_finished() {
            drop(TcpStream::connect(self.address));
            std::thread::sleep(Duration::from_millis(10));
        }
        self.thread.join().unwrap();
        self.requests
            .try_iter()
            .filter(|request| !request.is_empty())
            .collect()
    }
}

pub(super) fn accept(listener: &TcpListener) -> Option<TcpStream> {
    listener.set_nonblocking(true).unwrap();
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            return Some(stream);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    None
}

/// The whole of one request; empty if there is none.
pub(super) fn read(stream: &mut TcpStream) -> String {
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    while !is_whole(&request) {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(length) => request.extend_from_slice(&chunk[..length]),
        }
    }
    request.into_iter().map(char::from).collect()
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    if head.contains("transfer-encoding: chunked") {
        return request.ends_with(b"0\r\n\r\n");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
    request
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap()
        + 4
        + length
        <= request.len()
}

pub(super) fn framed(answer: &str) -> String {
    let (head, body) = answer.split_once("\n\n").unwrap_or((answer, ""));
    let head = head.replace('\n', "\r\n");
    let length = match head.contains("Content-Length") {
        true => String::new(),
        false => format!("Content-Length: {}\r\n", body.len()),
    };
    format!("HTTP/1.1 {head}\r\n{length}Connection: close\r\n\r\n{body}")
}
