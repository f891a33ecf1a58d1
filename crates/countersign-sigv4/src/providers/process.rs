//! [`Process`], a program that prints credentials.

use std::fmt;
use std::io::Read;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use countersign_core::{Begin, Error, Result};
use futures_channel::oneshot;
use zeroize::Zeroizing;

use super::answer::{self, Giver};
use crate::client::CredentialsProvider;
use crate::credentials::Credentials;

/// How much a program may print, in bytes.
const MAX_OUTPUT: u64 = 64 << 10;

const TIMEOUT: Duration = Duration::from_secs(60);

type Output = Zeroizing<Vec<u8>>;

/// Runs a program that prints credentials as JSON: `credential_process`, version 1.
///
/// It is run without a shell, with nothing on its standard input and its standard error thrown away, for a minute at
/// the longest; up to 64 KiB of what it prints are read and never logged. `Debug` shows the program alone.
#[derive(Clone)]
pub struct Process {
    command: Arc<[String]>,
    timeout: Duration,
}

impl Process {
    /// A command line, its words separated and quoted as a POSIX shell does; nothing is expanded.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for one that is empty or has a quote
    /// that does not end.
    pub fn parse(line: &str) -> Result<Self> {
        let words = shlex::split(line).filter(|words| !words.is_empty());
        words.map(Self::of).ok_or_else(|| {
            Error::configuration(
                "the command line of credential_process is empty, or a quote in it does not end",
            )
        })
    }

    /// A program with its arguments.
    pub fn new(
        program: impl Into<String>,
        arguments: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into);
        Self::of([program.into()].into_iter().chain(arguments).collect())
    }

    fn of(command: Vec<String>) -> Self {
        Self {
            command: command.into(),
            timeout: TIMEOUT,
        }
    }

    /// How long it may take; a minute unless told otherwise.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    fn run(&self) -> Result<Output> {
        let (program, arguments) = self
            .command
            .split_first()
            .ok_or_else(|| error("has no program"))?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let child = command.spawn();
        let child = child.map_err(|source| error("could not be run").with_source(source))?;
        Running(child).output(self.timeout)
    }
}

/// A program that is stopped when this value goes.
struct Running(Child);

impl Running {
    fn output(mut self, timeout: Duration) -> Result<Output> {
        let deadline = Instant::now() + timeout;
        let stdout = self.0.stdout.take();
        let (sender, receiver) = mpsc::channel();
        // A program that hangs on to its output is left behind by this thread's end alone.
        std::thread::spawn(move || sender.send(stdout.map(read)));
        let read = receiver.recv_timeout(timeout);
        let read = read.map_err(|_| error("did not end in time"))?;
        let output = read.ok_or_else(|| error("has no output"))??;
        match self.ends_well(deadline)? {
            true => Ok(output),
            false => Err(error("failed: run it by hand to see why")),
        }
    }

    /// A program may close its output and go on.
    fn ends_well(&mut self, deadline: Instant) -> Result<bool> {
        while Instant::now() < deadline {
            if let Some(status) = self.0.try_wait().map_err(|_| error("was lost"))? {
                return Ok(status.success());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(error("did not end in time"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be stopped, and need not be.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn read(stdout: ChildStdout) -> Result<Output> {
    let mut output = Zeroizing::new(Vec::with_capacity(4096));
    let mut stdout = stdout.take(MAX_OUTPUT + 1);
    stdout
        .read_to_end(&mut output)
        .map_err(|_| error("could not be read"))?;
    match output.len() as u64 > MAX_OUTPUT {
        true => Err(error("printed more than 64 KiB")),
        false => Ok(output),
    }
}

fn error(what: &str) -> Error {
    Giver::Process.error(what)
}

impl CredentialsProvider for Process {
    /// A thread of its own waits for the program, so that it needs no particular runtime.
    fn provide(&self) -> Begin<Credentials> {
        let process = self.clone();
        Begin::wait(async move {
            let (sender, receiver) = oneshot::channel();
            // Nobody may wait for it any more.
            std::thread::spawn(move || drop(sender.send(process.run())));
            let output = receiver.await.map_err(|_| error("was lost"))??;
            answer::read(&output, Giver::Process)
        })
    }
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("program", &self.command.first())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
