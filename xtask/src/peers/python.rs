//! Python's requests and httpx.

use std::process::Command;

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
    let output = capture(&mut command(library, call))?;
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

fn command(library: &str, call: &Call<'_>) -> Command {
    let mut command = bounded(90, venv().join("bin/python"));
    command
        .arg(file("client.py"))
        .args([library, call.method, &call.url, call.body]);
    command
        .arg(call.times.to_string())
        .args(call.login.iter().flatten());
    command
}

fn answer(json: &Value) -> Option<Answer> {
    let status = u16::try_from(json["status"].as_u64()?).ok()?;
    Some(Answer {
        status,
        body: json["body"].as_str()?.to_owned(),
        log: String::new(),
    })
}
