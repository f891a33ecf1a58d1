//! ASAP with atlassian-jwt-auth, as the server and as the client.

use serde_json::{Value, json};

use super::answer::Answer;
use super::attempt::Attempt;
use super::checks::Checks;
use super::keys::KeyPairs;
use super::program::{deliver, serve};
use super::send::{REFUSED, Send};
use super::serve::Serve;
use super::server::Server;
use super::signing::{Signing, TARGET};
use crate::Result;

const ISSUER: &str = "pride/rock";
const KID: &str = "pride/rock/key-1";
const AUDIENCE: &str = "circle of life";

/// Both sides, by an algorithm of each kind.
pub(super) fn check(checks: &mut Checks) -> Result {
    let keys = &KeyPairs::new()?;
    for (algorithm, pair) in [("RS256", "rsa"), ("PS512", "rsa"), ("ES384", "ES384")] {
        let case = Case {
            keys,
            algorithm,
            pair,
        };
        case.server(checks)?;
        case.client(checks)?;
    }
    Ok(())
}

/// An algorithm, and the name of its pair of keys.
struct Case<'a> {
    keys: &'a KeyPairs,
    algorithm: &'a str,
    pair: &'a str,
}

impl Case<'_> {
    fn server(&self, checks: &mut Checks) -> Result {
        let public = self.keys.path(&format!("{}.pub", self.pair));
        let server = serve("asap/server.py", &[KID, AUDIENCE, &public])?;
        self.check(checks, "server", &|attempt| {
            attempt.by_us(self.send(&server, attempt))
        });
        checks.check(
            &format!("server, {}: another audience", self.algorithm),
            || {
                let send = self.send(&server, &Attempt::new("GET", TARGET, ""));
                send.set("aud", "hakuna matata").exits(REFUSED).map(drop)
            },
        );
        Ok(())
    }

    fn client(&self, checks: &mut Checks) -> Result {
        let public = self.keys.value(&format!("{}.pub", self.pair));
        let set = [
            ("alg", self.algorithm),
            ("iss", ISSUER),
            ("kid", KID),
            ("aud", AUDIENCE),
            ("publicKey", &public),
        ];
        let ours = Serve::with("asap", &set, &[])?;
        self.check(checks, "client", &|attempt| {
            deliver("asap/client.py", &self.order(&ours, attempt)?)
        });
        Ok(())
    }

    fn check(
        &self,
        checks: &mut Checks,
        side: &str,
        send: &dyn Fn(&Attempt<'_>) -> Result<Vec<Answer>>,
    ) {
        let signing = Signing {
            scheme: "asap",
            principal: ISSUER,
            target: TARGET,
            covers: &[],
            adds: false,
            send,
        };
        signing.check(checks, &format!("{side}, {}", self.algorithm));
    }

    fn send(&self, server: &Server, attempt: &Attempt<'_>) -> Send {
        let send = Send::new(attempt.method, server.url(attempt.target))
            .args(&["--auth", "asap"])
            .set("alg", self.algorithm)
            .set("iss", attempt.name(ISSUER))
            .set("kid", &kid(attempt))
            .set("aud", AUDIENCE)
            .set("privateKey", &self.keys.value(&self.private(attempt)));
        match attempt.body {
            "" => send,
            body => send.args(&["-d", body]),
        }
    }

    fn order(&self, ours: &Serve, attempt: &Attempt<'_>) -> Result<Value> {
        let mut order = attempt.order(&ours.url(attempt.target));
        order["asap"] = json!({
            "issuer": attempt.name(ISSUER),
            "kid": kid(attempt),
            "key": self.keys.text(&self.private(attempt))?,
            "audience": AUDIENCE,
            "algorithm": self.algorithm,
        });
        Ok(order)
    }

    fn private(&self, attempt: &Attempt<'_>) -> String {
        format!("{}{}.pem", attempt.secret("", "other-"), self.pair)
    }
}

fn kid(attempt: &Attempt<'_>) -> String {
    KID.replace(ISSUER, attempt.name(ISSUER))
}
