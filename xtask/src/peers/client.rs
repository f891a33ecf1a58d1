//! What every client that is not ours must be able to do with `countersign serve`.

use super::answer::{Answer, BODY};
use super::checks::Checks;
use super::serve::Serve;
use super::{PASSWORD, USER};
use crate::Result;

const TARGET: &str = "/area/one?a=1&b=%20x&b=";

/// Requests that a client sends one after the other, in one session.
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    pub(super) url: String,
    pub(super) body: &'a str,
    pub(super) times: usize,
    /// Scheme, name and password.
    pub(super) login: Option<[&'a str; 3]>,
}

/// Makes a call and returns its answers.
pub(super) type Client = fn(&Call<'_>) -> Result<Vec<Answer>>;

/// Basic with right, wrong and no credentials.
pub(super) fn basic(checks: &mut Checks, client: Client) -> Result {
    login(
        checks,
        client,
        "basic",
        &Serve::login("basic", &[])?,
        "basic",
    );
    Ok(())
}

/// NTLM likewise.
pub(super) fn ntlm(checks: &mut Checks, client: Client) -> Result {
    login(checks, client, "ntlm", &Serve::login("ntlm", &[])?, "ntlm");
    Ok(())
}

/// Digest likewise, as `serve` offers it of its own accord and with each of these algorithms.
pub(super) fn digest(checks: &mut Checks, client: Client, algorithms: &[&str]) -> Result {
    let serve = Serve::login("digest", &["realm=countersign peers"])?;
    login(checks, client, "digest", &serve, "digest, as offered");
    for algorithm in algorithms {
        let serve = Serve::login("digest", &[&format!("algorithm={algorithm}")])?;
        login(
            checks,
            client,
            "digest",
            &serve,
            &format!("digest, {algorithm}"),
        );
    }
    Ok(())
}

fn login(checks: &mut Checks, client: Client, scheme: &str, serve: &Serve, name: &str) {
    let call = |method, body, login| {
        let call = Call {
            method,
            url: serve.url(TARGET),
            body,
            times: 3,
            login,
        };
        client(&call)
    };
    let right = Some([scheme, USER, PASSWORD]);
    checks.check(&format!("{name}: 3 requests of a session"), || {
        each(&call("GET", "", right)?, |answer| {
            answer.reports(scheme, "GET", TARGET, "")?;
            answer.names_the_user()
        })
    });
    checks.check(&format!("{name}: POST with a body"), || {
        each(&call("POST", BODY, right)?, |answer| {
            answer.reports(scheme, "POST", TARGET, BODY)
        })
    });
    checks.check(&format!("{name}: wrong password"), || {
        let wrong = Some([scheme, USER, "hakuna matata"]);
        each(&call("GET", "", wrong)?, |answer| answer.is(401))
    });
    checks.check(&format!("{name}: no credentials"), || {
        each(&call("GET", "", None)?, |answer| answer.is(401))
    });
}

fn each(answers: &[Answer], check: impl Fn(&Answer) -> Result) -> Result {
    if answers.len() != 3 {
        return Err(format!("{} answers in place of 3", answers.len()).into());
    }
    answers.iter().try_for_each(check)
}
