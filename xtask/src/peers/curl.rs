//! curl: as a client of `countersign serve`, and for a look at what a server offers.

use super::answer::Answer;
use super::certificate::Certificates;
use super::checks::Checks;
use super::client::{Call, basic, digest, ntlm};
use super::serve::Serve;
use super::{PASSWORD, USER, sigv4};
use crate::Result;
use crate::shell::{bounded, capture};

const KEY: &str = "k3y of pride";
const TOKEN: &str = "t0ken.of-pride~";

/// What curl puts after each answer's body, before its status.
const MARK: &str = "\n-- status ";

/// Every scheme of `serve`, a replay, malformed credentials, and TLS.
pub(super) fn check(checks: &mut Checks) -> Result {
    basic(checks, make)?;
    digest(
        checks,
        make,
        &["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"],
    )?;
    ntlm(checks, make)?;
    replay(checks)?;
    malformed(checks)?;
    bearer(checks)?;
    api_key(checks)?;
    sigv4::curl(checks)?;
    tls(checks)
}

/// One invocation of curl.
pub(super) struct Curl {
    args: Vec<String>,
}

impl Curl {
    /// Without credentials.
    pub(super) fn get(url: &str) -> Self {
        Self {
            args: vec![url.to_owned()],
        }
    }

    /// With further arguments.
    pub(super) fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// The only answer.
    pub(super) fn answer(self) -> Result<Answer> {
        self.answers()?
            .pop()
            .ok_or_else(|| "curl got no answer".into())
    }

    fn answers(self) -> Result<Vec<Answer>> {
        let mut command = bounded(60, "curl");
        command.args(["-q", "-s", "-S", "-v", "--noproxy", "*", "--max-time", "20"]);
        let write = format!("{MARK}%{{http_code}}\n");
        let output = capture(command.args(["--write-out", &write]).args(self.args))?;
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            return Err(format!("curl failed: {log}").into());
        }
        parse(&String::from_utf8_lossy(&output.stdout), &log)
    }
}

fn parse(shown: &str, log: &str) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    let mut rest = shown;
    while let Some((body, after)) = rest.split_once(MARK) {
        let (status, next) = after.split_once('\n').ok_or("curl printed half a status")?;
        let (body, log) = (body.to_owned(), log.to_owned());
        answers.push(Answer {
            status: status.parse()?,
            body,
            log,
        });
        rest = next;
    }
    Ok(answers)
}

fn make(call: &Call<'_>) -> Result<Vec<Answer>> {
    let mut curl = Curl::get(&call.url).args(&["-X", call.method]);
    for _ in 1..call.times {
        curl = curl.args(&[&call.url]);
    }
    if let Some([scheme, user, password]) = call.login {
        curl = curl.args(&[&format!("--{scheme}"), "-u", &format!("{user}:{password}")]);
    }
    if !call.body.is_empty() {
        curl = curl.args(&["-d", call.body]);
    }
    curl.answers()
}

fn replay(checks: &mut Checks) -> Result {
    let basic = Serve::login("basic", &[])?;
    checks.check("basic: the same credentials again are accepted", || {
        again(&basic, "--basic", 200)
    });
    let digest = Serve::login("digest", &[])?;
    checks.check("digest: the same credentials again are refused", || {
        again(&digest, "--digest", 401)
    });
    Ok(())
}

/// Has curl accepted, then sends its credentials once more over a socket.
fn again(serve: &Serve, scheme: &str, status: u16) -> Result {
    let login = format!("{USER}:{PASSWORD}");
    let answer = Curl::get(&serve.url("/replay"))
        .args(&[scheme, "-u", &login])
        .answer()?;
    answer.is(200)?;
    match serve.raw("/replay", answer.credentials()?)? {
        found if found == status => Ok(()),
        found => Err(format!("status {found} in place of {status}").into()),
    }
}

fn malformed(checks: &mut Checks) -> Result {
    for (scheme, credentials) in [
        ("basic", "Basic %%%"),
        ("digest", "Digest username=\"mufasa"),
    ] {
        let serve = Serve::login(scheme, &[])?;
        checks.check(&format!("{scheme}: malformed credentials"), || {
            let header = format!("Authorization: {credentials}");
            Curl::get(&serve.url("/"))
                .args(&["-H", &header])
                .answer()?
                .is(400)
        });
    }
    Ok(())
}

fn bearer(checks: &mut Checks) -> Result {
    let serve = Serve::start(&["--auth", "bearer", "--set", &format!("token={TOKEN}")])?;
    let get = |token| {
        Curl::get(&serve.url("/b?c"))
            .args(&["--oauth2-bearer", token])
            .answer()
    };
    checks.check("bearer: right token", || {
        get(TOKEN)?.reports("bearer", "GET", "/b?c", "")
    });
    checks.check("bearer: wrong token", || get("another")?.is(401));
    checks.check("bearer: no token", || {
        Curl::get(&serve.url("/")).answer()?.is(401)
    });
    Ok(())
}

fn api_key(checks: &mut Checks) -> Result {
    let start = |key, place| {
        let value = format!("value={KEY}");
        Serve::start(&[
            "--auth", "apikey", "--set", key, "--set", place, "--set", &value,
        ])
    };
    let serve = start("key=X-Api-Key", "in=header")?;
    let get = |key| Curl::get(&serve.url("/h")).args(&["-H", key]).answer();
    checks.check("API key in a header: right", || {
        get("x-api-key: k3y of pride")?.reports("apikey", "GET", "/h", "")
    });
    checks.check("API key in a header: wrong", || {
        refused(&get("X-Api-Key: another")?)
    });
    let serve = start("key=api_key", "in=query")?;
    let get = |target| Curl::get(&serve.url(target)).answer();
    checks.check("API key in the query: right", || {
        get("/q?api_key=k3y%20of%20pride&a=1")?.is(200)
    });
    checks.check("API key in the query: wrong", || {
        refused(&get("/q?api_key=k3y")?)
    });
    checks.check("API key in the query: none", || refused(&get("/q")?));
    Ok(())
}

fn refused(answer: &Answer) -> Result {
    answer.is(401).or_else(|_| answer.is(403))
}

fn tls(checks: &mut Checks) -> Result {
    let certificates = Certificates::new()?;
    let login = [("username", USER), ("password", PASSWORD)];
    let args = certificates.args();
    let serve = Serve::with("digest", &login, &args.each_ref().map(String::as_str))?;
    let get = || Curl::get(&serve.url("/")).args(&["--digest", "-u", "mufasa:circle of life"]);
    checks.check("TLS: digest over it", || {
        get()
            .args(&["--cacert", &certificates.authority()])
            .answer()?
            .reports("digest", "GET", "/", "")
    });
    checks.check("TLS: an unknown authority", || match get().answer() {
        Ok(_) => Err("curl accepted the certificate".into()),
        Err(_) => Ok(()),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_answers_of_one_invocation_are_told_apart() {
        let answers = parse("{}\n\n-- status 200\n\n-- status 401\n", "").unwrap();
        let told: Vec<_> = answers
            .iter()
            .map(|answer| (answer.status, &*answer.body))
            .collect();
        assert_eq!(told, [(200, "{}\n"), (401, "")]);
    }
}
