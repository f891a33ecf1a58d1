//! Python's requests and httpx.

use super::answer::Answer;
use super::checks::Checks;
use super::client::{Call, basic, digest};
pub(super) use super::program::script;
use crate::Result;

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
