//! Names of objects in S3 that every signer has to escape, or leave alone, alike.

use super::checks::Checks;
use super::python::script;
use super::send::{ACCEPTED, REFUSED, Send};
use super::serve::Serve;
use crate::Result;

/// Escaped as AWS's own clients do: all but letters, digits, `-._~` and `/`. A server that keeps objects as files takes these.
pub(super) const NAMES: [&str; 13] = [
    "a%20b",
    "a%2Bb",
    "a//b",
    "a/../b",
    "./x",
    "a%2520b",
    "100%25",
    "%C3%BC%E2%82%AC%F0%9F%98%80",
    "%21%24%26%27%28%29%2A%2C%3B%3D%3A%40",
    "%3F%23%5B%5D",
    "~-._",
    "a%5Cb",
    "%22%3C%3E%5E%60%7B%7C%7D",
];

/// What no file may be called.
pub(super) const NO_FILES: [&str; 2] = ["/lead", "trail/"];

/// What no client has to escape in a URL, and the signers of AWS do.
pub(super) const BARE: &str = "bare+/!$&'()*,;=:@";

/// What `tests/peers/objects.py` does with each object: PUT, GET, a list and a presigned GET.
const CALLS: usize = 4;

/// Puts each object with its name as its body, and gets it back.
pub(super) fn roundtrip(checks: &mut Checks, names: &[&str], signed: impl Fn(&str, &str) -> Send) {
    for name in names {
        checks.check(&format!("the object {name}"), || {
            signed("PUT", name).args(&["-d", name]).exits(ACCEPTED)?;
            let get = signed("GET", name);
            get.clone().exits(ACCEPTED)?.body(name.as_bytes())?;
            let wrong = get.set("secretKey", "hakuna matata");
            wrong.exits(REFUSED).map(drop)
        });
    }
}

/// boto3 with each of them, at a server of ours.
pub(super) fn boto3(checks: &mut Checks, serve: &Serve, how: &str, [id, secret]: [&str; 2]) {
    let calls = |secret: &str, status: u16| -> Result {
        let answers = script("objects.py", &[&serve.url(""), id, secret])?;
        if answers.len() != CALLS * (NAMES.len() + NO_FILES.len() + 1) {
            return Err(format!("boto3 got {} answers", answers.len()).into());
        }
        answers.iter().try_for_each(|answer| answer.is(status))
    };
    checks.check(&format!("boto3, awkward names, {how}"), || {
        calls(secret, 200)
    });
    checks.check(
        &format!("boto3, awkward names, {how}, wrong secret"),
        || calls("hakuna matata", 403),
    );
}
