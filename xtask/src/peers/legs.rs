//! The three legs of OAuth 1.0a, which the example `oauth1_three_legs` walks with a provider, and so does the command, a
//! request for each leg.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

use super::answer::Answer;
use super::checks::Checks;
use super::curl::Curl;
use super::send::{ACCEPTED, Send};
use super::server::{Server, stop};
use crate::Result;
use crate::shell::{bounded, cargo, run, target};

const EXAMPLE: &str = "oauth1_three_legs";

/// A provider, and a consumer that it knows.
pub(super) struct Legs<'a> {
    pub(super) provider: &'a Server,
    pub(super) consumer: &'a str,
    pub(super) secret: &'a str,
}

impl Legs<'_> {
    /// A resource owner who agrees, a callback that was tampered with, and a consumer with a wrong secret.
    pub(super) fn check(&self, checks: &mut Checks) -> Result {
        run(&mut cargo(&format!("build --example {EXAMPLE}")))?;
        checks.check("three legs", || {
            let mut walk = self.begin(self.secret)?;
            let callback = walk.callback()?;
            Curl::get(&callback).answer()?.is(200)?;
            let told = walk.end()?;
            let (status, body) = told.split_once(" OK ").ok_or(told.clone())?;
            Answer::new(status.trim().parse()?, body.to_owned()).names(self.consumer)
        });
        for (what, part) in [
            ("another verifier", "oauth_verifier="),
            ("the callback of another token", "oauth_token="),
        ] {
            checks.check(&format!("three legs: {what}"), || {
                let mut walk = self.begin(self.secret)?;
                let callback = walk.callback()?.replace(part, &format!("{part}x"));
                Curl::get(&callback).answer()?.is(200)?;
                walk.fails()
            });
        }
        checks.check("three legs: wrong secret", || {
            self.begin("hakuna matata")?.fails()
        });
        Ok(())
    }

    /// Each leg is one `countersign send`; what the provider answers goes into the next.
    pub(super) fn check_command(&self, checks: &mut Checks) {
        for in_header in ["true", "false"] {
            let what = format!("three legs by the command: addParamsToHeader {in_header}");
            checks.check(&what, || self.walk_by_command(in_header));
        }
    }

    fn walk_by_command(&self, in_header: &str) -> Result {
        let send = |method, path| {
            let send = Send::new(method, self.provider.url(path)).args(&["--auth", "oauth1"]);
            let send = send.set("consumerKey", self.consumer);
            let send = send.set("consumerSecret", self.secret);
            send.set("addParamsToHeader", in_header)
        };
        let first = send("POST", "/initiate").set("callback", "http://127.0.0.1:80/ready");
        let temporary = first.answer()?;
        parameter(&temporary.body, "oauth_callback_confirmed")?;
        let token = parameter(&temporary.body, "oauth_token")?;
        let consent = self.provider.url("/authorize?oauth_token=") + token;
        let consent = Curl::get(&consent).answer()?;
        let (_, callback) = consent.location()?.split_once('?').ok_or("no query")?;
        let held = |send: Send, body: &str| -> Result<Send> {
            let send = send.set("token", parameter(body, "oauth_token")?);
            Ok(send.set("tokenSecret", parameter(body, "oauth_token_secret")?))
        };
        let last = held(send("POST", "/token"), &temporary.body)?;
        let last = last.set("verifier", parameter(callback, "oauth_verifier")?);
        let resource = held(send("GET", "/resource?a=1&a="), &last.answer()?.body)?;
        resource.exits(ACCEPTED).map(drop)
    }

    fn begin(&self, secret: &str) -> Result<Walk> {
        let mut command = bounded(60, target().join("debug/examples").join(EXAMPLE));
        command.args([&self.provider.url(""), self.consumer, "/resource?a=1&a="]);
        let mut child = command
            .env("CONSUMER_SECRET", secret)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = child.stdout.take().ok_or("no standard output")?;
        Ok(Walk {
            child,
            output: BufReader::new(output),
        })
    }
}

/// The value of a parameter that is not escaped.
fn parameter<'a>(form: &'a str, name: &str) -> Result<&'a str> {
    let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.find(|(known, _)| *known == name);
    let value = found.map(|(_, value)| value);
    value.ok_or_else(|| format!("no {name} in {form}").into())
}

/// The example as it runs.
struct Walk {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Walk {
    /// Where the provider sends the resource owner back to.
    fn callback(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let url = line
            .trim_end()
            .strip_prefix("open ")
            .ok_or("it asks for no consent")?;
        let answer = Curl::get(url).answer()?;
        answer.is(302)?;
        answer.location().map(str::to_owned)
    }

    /// What it says last.
    fn end(&mut self) -> Result<String> {
        let mut told = String::new();
        self.output.read_to_string(&mut told)?;
        match self.child.wait()?.success() {
            true => Ok(told),
            false => Err(format!("it failed: {told}").into()),
        }
    }

    fn fails(&mut self) -> Result {
        match self.end() {
            Ok(told) => Err(format!("it went through: {told}").into()),
            Err(_) => Ok(()),
        }
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
