//! A proxy that answers what it is told to, and then opens a tunnel.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use super::raw::{accept, framed, read};

/// Answers one connection after the other, and makes a tunnel of the last.
pub(crate) struct Relay {
    address: SocketAddr,
    requests: Receiver<String>,
}

impl Relay {
    /// Starts it; the tunnel leads to `onward`, an URL.
    pub(crate) fn start(answers: &[&str], onward: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers: Vec<_> = answers.iter().map(|answer| framed(answer)).collect();
        let onward = onward.split("//").nth(1).unwrap().to_owned();
        let (sender, requests) = channel();
        std::thread::spawn(move || {
            for answer in answers {
                let mut stream = accept(&listener)?;
                sender.send(read(&mut stream)).ok()?;
                stream.write_all(answer.as_bytes()).ok()?;
            }
            let mut stream = accept(&listener)?;
            sender.send(read(&mut stream)).ok()?;
            stream.write_all(b"HTTP/1.1 200 open\r\n\r\n").ok()?;
            pipe(stream, TcpStream::connect(onward).ok()?);
            Some(())
        });
        Self { address, requests }
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that came.
    pub(crate) fn requests(self) -> Vec<String> {
        self.requests.try_iter().collect()
    }
}

fn pipe(client: TcpStream, server: TcpStream) {
    let one_way = |mut from: TcpStream, mut to: TcpStream| {
        std::thread::spawn(move || std::io::copy(&mut from, &mut to))
    };
    one_way(client.try_clone().unwrap(), server.try_clone().unwrap());
    one_way(server, client);
}
