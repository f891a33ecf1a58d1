//! JWT bearer with PyJWT, as the server and as the client.

use serde_json::{Value, json};

use super::answer::Answer;
use super::attempt::{Attempt, Signer};
use super::checks::Checks;
use super::keys::KeyPairs;
use super::program::{deliver, merge, run, serve};
use super::send::{ACCEPTED, REFUSED, Send};
use super::serve::Serve;
use super::server::Server;
use crate::Result;

/// As long as the longest hash.
const SECRET: &str = "it's the circle of life, and it moves us all, through despair and hope";
const WRONG: &str = "hakuna matata, what a wonderful phrase, it means no worries for the rest";

const ISSUER: &str = "rock";
const AUDIENCE: &str = "pride";
const SUBJECT: &str = "mufasa";

/// An algorithm, and another one that its key fits.
const ALGORITHMS: [[&str; 2]; 12] = [
    ["HS256", "HS384"],
    ["HS384", "HS512"],
    ["HS512", "HS256"],
    ["RS256", "PS256"],
    ["RS384", "RS256"],
    ["RS512", "RS384"],
    ["PS256", "RS256"],
    ["PS384", "PS512"],
    ["PS512", "PS256"],
    ["ES256", ""],
    ["ES384", ""],
    ["ES512", ""],
];

/// Both sides.
pub(super) fn check(checks: &mut Checks) -> Result {
    let keys = KeyPairs::new()?;
    let server = serve("jwt/server.py", &[SECRET, &keys.path(""), ISSUER, AUDIENCE])?;
    for [algorithm, other] in ALGORITHMS {
        let case = Case {
            keys: &keys,
            algorithm,
            other,
        };
        case.server(checks, &server);
        case.client(checks)?;
    }
    placed(checks, &keys, &server);
    claims(checks, &keys)
}

/// An algorithm, and another one that its key fits, if there is one.
struct Case<'a> {
    keys: &'a KeyPairs,
    algorithm: &'a str,
    other: &'a str,
}

impl Case<'_> {
    fn is_symmetric(&self) -> bool {
        self.algorithm.starts_with("HS")
    }

    /// The name of its pair of keys.
    fn pair(&self) -> &str {
        match self.algorithm.starts_with("ES") {
            true => self.algorithm,
            false => "rsa",
        }
    }

    fn private(&self, signer: Signer) -> String {
        let other = if signer == Signer::Known {
            ""
        } else {
            "other-"
        };
        format!("{other}{}.pem", self.pair())
    }

    fn server(&self, checks: &mut Checks, server: &Server) {
        let name = |what| format!("server, {}: {what}", self.algorithm);
        let send = |signer| self.send(server, self.algorithm, signer);
        checks.check(&name("right key"), || {
            let answer = send(Signer::Known).answer()?;
            answer.reports("jwt", "GET", &format!("/{}", self.algorithm), "")?;
            answer.names(SUBJECT)
        });
        checks.check(&name("wrong key"), || {
            send(Signer::Impostor).exits(REFUSED).map(drop)
        });
        checks.check(&name("another payload is refused"), || self.swapped(server));
        checks.check(&name("another audience"), || {
            let payload = payload().replace(AUDIENCE, "hyenas");
            send(Signer::Known)
                .set("payload", &payload)
                .exits(REFUSED)
                .map(drop)
        });
        if !self.other.is_empty() {
            checks.check(&name(&format!("{} is refused", self.other)), || {
                let send = self.send(server, self.algorithm, Signer::Known);
                send.set("algorithm", self.other).exits(REFUSED).map(drop)
            });
        }
    }

    fn send(&self, server: &Server, path: &str, signer: Signer) -> Send {
        let send = Send::new("GET", server.url(&format!("/{path}")))
            .args(&["--auth", "jwt"])
            .set("algorithm", self.algorithm)
            .set("payload", &payload())
            .set("expiresIn", "60")
            .set("issuedAt", "true")
            .set("notBefore", "true")
            .set("randomId", "true");
        match (self.is_symmetric(), signer) {
            (true, Signer::Known) => send.set("secret", SECRET),
            (true, _) => send.set("secret", WRONG),
            (false, _) => send.set("privateKey", &self.keys.value(&self.private(signer))),
        }
    }

    /// Puts the payload of one token under the signature of another.
    fn swapped(&self, server: &Server) -> Result {
        let send = || self.send(server, self.algorithm, Signer::Known);
        let mut signed = send().signed()?;
        let other = send()
            .set("payload", &payload().replace(SUBJECT, "scar"))
            .signed()?;
        let payload_of = |headers: &[String]| {
            let token = headers
                .iter()
                .find_map(|header| header.split_once("Bearer "));
            token.and_then(|(_, token)| token.split('.').nth(1).map(str::to_owned))
        };
        let payloads = payload_of(&signed.headers).zip(payload_of(&other.headers));
        let (old, new) = payloads.ok_or("no token was sent")?;
        for header in &mut signed.headers {
            *header = header.replace(&old, &new);
        }
        signed.arrives(&Attempt::new("GET", "", ""))?.is(401)
    }

    fn client(&self, checks: &mut Checks) -> Result {
        let name = |what: &str| format!("client, {}: {what}", self.algorithm);
        for (kind, ours) in self.ours()? {
            checks.check(&name(&format!("right key, verified by {kind}")), || {
                let answer = self.ordered(&ours, Signer::Known, json!({}))?;
                answer.reports("jwt", "GET", "/a?b", "")?;
                answer.names(SUBJECT)
            });
            checks.check(&name(&format!("wrong key, verified by {kind}")), || {
                self.ordered(&ours, Signer::Impostor, json!({}))?.is(401)
            });
            for forge in ["none", "NONE", "HS256"] {
                checks.check(
                    &name(&format!("{forge} is claimed, verified by {kind}")),
                    || {
                        self.ordered(&ours, Signer::Known, json!({ "forge": forge }))?
                            .is(401)
                    },
                );
            }
            if !self.other.is_empty() {
                let order = json!({ "algorithm": self.other });
                checks.check(
                    &name(&format!("{} is refused by {kind}", self.other)),
                    || self.ordered(&ours, Signer::Known, order)?.is(401),
                );
            }
        }
        Ok(())
    }

    /// One server for each way to configure its key.
    fn ours(&self) -> Result<Vec<(&'static str, Serve)>> {
        if self.is_symmetric() {
            return Ok(vec![("secret", self.serve("secret", SECRET)?)]);
        }
        let public = format!("{}.pub", self.pair());
        let set = json!({ "keys": { self.algorithm: self.keys.text(&public)? } });
        let jwks = run("jwt/client.py", &[&set.to_string()])?;
        Ok(vec![
            (
                "public key",
                self.serve("publicKey", &self.keys.value(&public))?,
            ),
            ("key set", self.serve("jwks", &jwks)?),
        ])
    }

    fn serve(&self, key: &str, value: &str) -> Result<Serve> {
        let set = [
            ("algorithm", self.algorithm),
            (key, value),
            ("payload", &payload()),
            ("expiresIn", "60"),
        ];
        Serve::with("jwt", &set, &[])
    }

    /// PyJWT's token, with something else in its order.
    fn ordered(&self, ours: &Serve, signer: Signer, more: Value) -> Result<Answer> {
        let key = match (self.is_symmetric(), signer) {
            (true, Signer::Known) => SECRET.to_owned(),
            (true, _) => WRONG.to_owned(),
            (false, _) => self.keys.text(&self.private(signer))?,
        };
        let mut order = Attempt::new("GET", "/a?b", "").order(&ours.url("/a?b"));
        order["algorithm"] = self.algorithm.into();
        order["headers"] = json!({ "kid": self.algorithm });
        order["key"] = key.into();
        order["claims"] = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": 0, "nbf": 0, "exp": 60,
        });
        merge(&mut order, more);
        let answer = deliver("jwt/client.py", &order)?.pop();
        answer.ok_or_else(|| "no answer".into())
    }
}

fn payload() -> String {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT }).to_string()
}

/// PyJWT's server finds it in the query too; ours is told where to look.
fn placed(checks: &mut Checks, keys: &KeyPairs, server: &Server) {
    let case = Case {
        keys,
        algorithm: "HS256",
        other: "",
    };
    checks.check("server: in the query", || {
        let send = case
            .send(server, "HS256?a=1", Signer::Known)
            .set("addTokenTo", "queryParam");
        send.exits(ACCEPTED)?.hides(&[SECRET]).map(drop)
    });
    checks.check("server: a key in PKCS#1", || {
        let case = Case {
            algorithm: "RS256",
            ..case
        };
        let send = case.send(server, "RS256", Signer::Known);
        send.set("privateKey", &keys.value("pkcs1.pem"))
            .exits(ACCEPTED)
            .map(drop)
    });
}

/// Claims that our server refuses, and a public key that is taken for a secret.
fn claims(checks: &mut Checks, keys: &KeyPairs) -> Result {
    let case = Case {
        keys,
        algorithm: "RS256",
        other: "",
    };
    let public = keys.text("rsa.pub")?;
    let ours = case.serve("publicKey", &keys.value("rsa.pub"))?;
    let orders = [
        ("one that has run out", json!({ "claims": { "exp": -120 } })),
        (
            "one that is not good yet",
            json!({ "claims": { "nbf": 120, "exp": 240 } }),
        ),
        (
            "one of another issuer",
            json!({ "claims": { "iss": "gorge" } }),
        ),
        (
            "one for somebody else",
            json!({ "claims": { "aud": "hyenas" } }),
        ),
        (
            "one without an expiry",
            json!({ "claims": { "exp": null } }),
        ),
        (
            "the public key as a secret",
            json!({ "forge": "sign", "key": public }),
        ),
    ];
    for (name, more) in orders {
        checks.check(&format!("client: {name}"), || {
            case.ordered(&ours, Signer::Known, more)?.is(401)
        });
    }
    Ok(())
}
