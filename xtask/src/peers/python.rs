//! Python's requests and httpx, and what runs a script of ours.

use serde_json::Value;

use super::answer::Answer;
use super::checks::Checks;
use super::client::{Call, basic, digest};
use super::{file, venv};
use crate::Result;
use crate::shell::{bounded, capture};

/// Basic, and Digest with what requests knows.
pub(super) fn check_requests(checks: &mut Checks) -> Result {
    let client = |call: &Call<'_>| make("requests", call);
    basic(checks, client)?;
    digest(checks, client, &["MD5", "MD5-sess", "SHA-256", "SHA-512"])
}

/// Basic, and Digest with what httpx knows.
pub(super) fn check_httpx(checks: &mut Checks) -> Result {
    let client = |call: &Call<'_>| make("httpx", call);
    basic(checks, client)?;
    let session = ["MD5-sess", "SHA-256-sess", "SHA-512-sess"];
    digest(
        checks,
        client,
        &[&["MD5", "SHA-256", "SHA-512"], session.as_slice()].concat(),
    )
}

fn make(library: &str, call: &Call<'_>) -> Result<Vec<Answer>> {
    let times = call.times.to_string();
    let args = [library, call.method, &call.url, call.body, &times];
    let login: Vec<&str> = call.login.iter().flatten().copied().collect();
    script("client.py", &[&args, login.as_slice()].concat())
}

/// Runs a program of `tests/peers` that prints the answers it got.
pub(super) fn script(name: &str, args: &[&str]) -> Result<Vec<Answer>> {
    let mut command = bounded(90, venv().join("bin/python"));
    let output = capture(command.arg(file(name)).args(args))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let answers: Value = serde_json::from_slice(&output.stdout)?;
    Ok(answers
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(answer)
        .collect())
}

fn answer(json: &Value) -> Option<Answer> {
    let status = u16::try_from(json["status"].as_u64()?).ok()?;
    Some(Answer {
        status,
        body: json["body"].as_str()?.to_owned(),
        log: String::new(),
    })
}
