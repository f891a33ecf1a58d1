//! `countersign send` against a peer, by its contract: arguments, exit code and JSON.

use std::io::Write;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::answer::Answer;
use super::signed::Signed;
use super::{PASSWORD, USER};
use crate::Result;
use crate::shell::{bounded, target};

/// The exit code for an accepted request.
pub(super) const ACCEPTED: i32 = 0;
/// The exit code for another HTTP error.
const ANSWERED: i32 = 1;
/// The exit code for wrong arguments, and for tokens that are not there.
pub(super) const USAGE: i32 = 2;
/// The exit code where the scheme failed.
pub(super) const FAILED: i32 = 3;
/// The exit code for a refusal: 401, 403 or 407.
pub(super) const REFUSED: i32 = 4;
/// The exit code where the token endpoint refused.
pub(super) const NO_TOKEN: i32 = 5;
/// The exit code where a person has to consent and none did.
pub(super) const NO_PERSON: i32 = 6;
/// The exit code where the transport failed.
pub(super) const TRANSPORT: i32 = 7;

/// One invocation of the command.
#[derive(Clone)]
pub(super) struct Send {
    args: Vec<String>,
    set: Vec<(&'static str, String)>,
    stdin: Vec<u8>,
    browser: Option<String>,
    seconds: Option<u32>,
}

impl Send {
    /// Without a scheme.
    pub(super) fn new(method: &str, url: impl Into<String>) -> Self {
        let url = url.into();
        Self::of(&["send", method, &url]).within(20)
    }

    /// `countersign` with these arguments.
    pub(super) fn of(args: &[&str]) -> Self {
        Self {
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            set: Vec::new(),
            stdin: Vec::new(),
            browser: None,
            seconds: None,
        }
    }

    /// With a scheme that takes the name and password that peers know.
    pub(super) fn login(scheme: &str, method: &str, url: impl Into<String>) -> Self {
        let send = Self::new(method, url).args(&["--auth", scheme]);
        send.set("username", USER).set("password", PASSWORD)
    }

    /// With further arguments.
    pub(super) fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// With a parameter of the scheme, in place of an earlier one of the same key.
    pub(super) fn set(mut self, key: &'static str, value: &str) -> Self {
        self.set.retain(|(known, _)| *known != key);
        self.set.push((key, value.to_owned()));
        self
    }

    /// With the command line of a browser.
    pub(super) fn browser(mut self, command: String) -> Self {
        self.browser = Some(command);
        self
    }

    /// With this much time.
    pub(super) fn within(mut self, seconds: u32) -> Self {
        self.seconds = Some(seconds);
        self
    }

    /// With a body that the command reads from its standard input.
    pub(super) fn stdin(mut self, body: &[u8]) -> Self {
        self.stdin = body.to_vec();
        self.args(&["-d", "-"])
    }

    /// Runs it; an error unless it exits with `code`.
    pub(super) fn exits(self, code: i32) -> Result<Sent> {
        self.run(&[code], outcome(code))
    }

    /// Runs it and returns the last answer, unless there is none.
    pub(super) fn answer(self) -> Result<Answer> {
        let args = self.args(&["--raw"]);
        let sent = args.run(&[ACCEPTED, ANSWERED, REFUSED], "")?;
        Ok(Answer::new(sent.status()?, sent.text()?))
    }

    /// The request as it would be sent.
    pub(super) fn signed(self) -> Result<Signed> {
        let sent = self
            .args(&["--offline", "--raw"])
            .run(&[ACCEPTED], "offline")?;
        sent.request()
    }

    /// The command line; nobody is at a browser unless one is given.
    pub(super) fn command(&self) -> Command {
        self.given_to(bounded(60, program()))
    }

    /// A command that is this program, with its arguments and its environment.
    pub(super) fn given_to(&self, mut command: Command) -> Command {
        command.args(&self.args).arg("--json");
        if let Some(seconds) = self.seconds {
            command.args(["--timeout", &seconds.to_string()]);
        }
        for (key, value) in &self.set {
            command.arg("--set").arg(format!("{key}={value}"));
        }
        match &self.browser {
            Some(browser) => command.env("BROWSER", browser),
            None => command.env_remove("BROWSER").env_remove("DISPLAY"),
        };
        command
    }

    fn run(self, codes: &[i32], outcome: &str) -> Result<Sent> {
        let sent = self.ends(codes)?;
        if !outcome.is_empty() && sent.json["outcome"] != outcome {
            return Err(format!("the outcome is not {outcome}: {}", sent.shown).into());
        }
        Ok(sent)
    }

    /// Runs it; an error unless it exits with one of `codes`.
    pub(super) fn ends(self, codes: &[i32]) -> Result<Sent> {
        let mut command = self.command();
        let (status, shown, errors) = feed(&mut command, self.stdin)?;
        if !status.is_some_and(|status| codes.contains(&status)) {
            return Err(
                format!("exit code {status:?} in place of {codes:?}: {shown}{errors}").into(),
            );
        }
        Sent::new(shown, &errors)
    }
}

/// What an exit code means.
fn outcome(code: i32) -> &'static str {
    match code {
        ACCEPTED => "accepted",
        REFUSED => "refused",
        _ => "failed",
    }
}

/// The command as it was built.
pub(super) fn program() -> std::path::PathBuf {
    target().join("debug/countersign")
}

fn feed(command: &mut Command, stdin: Vec<u8>) -> Result<(Option<i32>, String, String)> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let pipe = child.stdin.take();
    let writer = std::thread::spawn(move || pipe.map(|mut pipe| pipe.write_all(&stdin)));
    let output = child.wait_with_output()?;
    // A command that ends without reading its standard input breaks the pipe, and may.
    drop(writer.join());
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    ))
}

/// What the command printed.
#[derive(Debug)]
pub(super) struct Sent {
    json: Value,
    shown: String,
}

impl Sent {
    /// From its standard output and its standard error.
    pub(super) fn new(shown: String, errors: &str) -> Result<Self> {
        Ok(Self {
            json: serde_json::from_str(&shown)?,
            shown: shown + errors,
        })
    }

    /// An error unless this many requests went out.
    pub(super) fn legs(self, count: usize) -> Result<Self> {
        match self.json["legs"].as_array().map(Vec::len) {
            Some(legs) if legs == count => Ok(self),
            legs => Err(format!("{legs:?} legs in place of {count}").into()),
        }
    }

    /// An error unless the last answer's body is this.
    pub(super) fn body(self, wanted: &[u8]) -> Result<Self> {
        let found = self.last_body()?;
        if found == wanted {
            return Ok(self);
        }
        let found = String::from_utf8_lossy(&found).into_owned();
        Err(format!("the answer's body is another: {found:.200}").into())
    }

    /// The last answer's body.
    pub(super) fn text(&self) -> Result<String> {
        Ok(String::from_utf8(self.last_body()?)?)
    }

    fn last_body(&self) -> Result<Vec<u8>> {
        decoded(&self.last_leg()?["response"]["body"])
    }

    fn status(&self) -> Result<u16> {
        let status = self.json["status"].as_u64().ok_or("no answer")?;
        Ok(u16::try_from(status)?)
    }

    fn request(&self) -> Result<Signed> {
        let request = &self.last_leg()?["request"];
        let headers = request["headers"].as_array().into_iter().flatten();
        let headers = headers.filter_map(|field| Some((field[0].as_str()?, field[1].as_str()?)));
        Ok(Signed {
            method: request["method"].as_str().ok_or("no method")?.to_owned(),
            url: request["url"].as_str().ok_or("no URL")?.to_owned(),
            headers: headers
                .map(|(name, value)| format!("{name}: {value}"))
                .collect(),
            body: String::from_utf8(decoded(&request["body"])?)?,
        })
    }

    fn last_leg(&self) -> Result<&Value> {
        let legs = self.json["legs"].as_array();
        legs.and_then(|legs| legs.last())
            .ok_or_else(|| "no leg".into())
    }

    /// An error unless this shows in what was printed.
    pub(super) fn says(self, text: &str) -> Result<Self> {
        match self.shown.contains(text) {
            true => Ok(self),
            false => Err(format!("`{text}` does not show: {}", self.shown).into()),
        }
    }

    /// The JSON that was printed.
    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    /// An error if any of these shows in what was printed.
    pub(super) fn hides(self, secrets: &[&str]) -> Result<Self> {
        match secrets.iter().find(|secret| self.shown.contains(**secret)) {
            Some(secret) => Err(format!("`{secret}` shows: {}", self.shown).into()),
            None => Ok(self),
        }
    }
}

fn decoded(body: &Value) -> Result<Vec<u8>> {
    let encoded = body.as_str().ok_or("no body")?;
    Ok(BASE64_STANDARD.decode(encoded)?)
}
