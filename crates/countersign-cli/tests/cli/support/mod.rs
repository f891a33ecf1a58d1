//! Runs the command, and what it talks to.

mod issuer;
mod raw;
mod relay;
mod serve;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

pub(crate) use issuer::{CLIENT, Issuer, SECRET};
pub(crate) use raw::RawServer;
pub(crate) use relay::Relay;
pub(crate) use serve::{MUFASA, Serve};

/// The command, without the surroundings of whoever runs the tests.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(args).env_remove("RUST_BACKTRACE");
    for name in ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"] {
        command.env_remove(name);
    }
    command
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("http_proxy", "http://127.0.0.1:1");
    // What the libraries below would log is no part of what is printed, and all that is printed is looked at.
    command.env("RUST_LOG", "trace");
    command
}

/// What a run of the command came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as the one JSON object that it must be.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// All that was printed.
    pub(crate) fn printed(&self) -> String {
        self.text() + &self.stderr
    }
}

/// Runs `send` to its end.
pub(crate) fn send(args: &[&str]) -> Run {
    send_with(args, b"")
}

/// Runs `send` with this on its standard input, for 20 seconds at most unless told otherwise.
pub(crate) fn send_with(args: &[&str], stdin: &[u8]) -> Run {
    let mut send = command(&["send"]);
    if !args.contains(&"--timeout") {
        send.args(["--timeout", "20"]);
    }
    run(send.args(args), stdin)
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Run {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut pipe, stdin) = (child.stdin.take().unwrap(), stdin.to_vec());
    // A command that does not read breaks the pipe, and may.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
    let run = Run::of(child.wait_with_output().unwrap());
    writer.join().unwrap();
    run
}

/// Sends a signal, such as `-INT`, to a command.
#[cfg(unix)]
pub(crate) fn signal(child: &std::process::Child, signal: &str) {
    let kill = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// The arguments that choose a scheme and set its parameters.
pub(crate) fn set(scheme: &str, parameters: &[&str]) -> Vec<String> {
    let set = parameters.iter().flat_map(|set| ["--set", set]);
    let all = ["--auth", scheme].into_iter().chain(set);
    all.map(str::to_owned).collect()
}

/// A body as JSON carries it.
pub(crate) fn decoded(body: &Value) -> Vec<u8> {
    STANDARD.decode(body.as_str().unwrap()).unwrap()
}

/// The values of a header in the JSON of a request or an answer.
pub(crate) fn header<'a>(message: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = message["headers"].as_array().unwrap().iter();
    let named = headers.filter(|pair| pair[0] == name);
    named.map(|pair| pair[1].as_str().unwrap()).collect()
}
