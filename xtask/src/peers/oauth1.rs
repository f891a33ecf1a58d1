//! OAuth 1.0a with a provider on oauthlib, and with requests-oauthlib and oauth-1.0a as clients.

use serde_json::{Value, json};

use super::answer::Answer;
use super::attempt::{Attempt, Part};
use super::certificate::Certificates;
use super::checks::Checks;
use super::keys::KeyPairs;
use super::legs::Legs;
use super::program::{deliver, serve};
use super::send::{ACCEPTED, REFUSED, Send};
use super::serve::Serve;
use super::server::Server;
use super::signing::{self, Signing};
use crate::Result;

const CONSUMER: &str = "pride";
const SECRET: &str = "circle of life&";
const TOKEN: &str = "sunrise";
const TOKEN_SECRET: &str = "hakuna+matata%";
const WRONG: &str = "hakuna matata";

/// Duplicates, a `+`, and values that are empty or not there.
const TARGET: &str = "/area/one?b=%20x&a=1&c=%2B+y&b=&b=%C3%A4&d";

const METHODS: [&str; 7] = [
    "HMAC-SHA1",
    "HMAC-SHA256",
    "HMAC-SHA512",
    "RSA-SHA1",
    "RSA-SHA256",
    "RSA-SHA512",
    "PLAINTEXT",
];

const HEAD: &[Part] = &[Part::Method, Part::Target];
const ALL: &[Part] = &[Part::Method, Part::Target, Part::Body];

/// How a client signs.
#[derive(Clone, Copy)]
struct Style<'a> {
    method: &'a str,
    placement: Placement,
    body: Body,
}

#[derive(Clone, Copy, PartialEq)]
enum Placement {
    Header,
    Query,
    Form,
}

#[derive(Clone, Copy, PartialEq)]
enum Body {
    Text,
    /// With a hash of it among the parameters.
    Hashed,
    Form,
}

impl<'a> Style<'a> {
    fn all() -> impl Iterator<Item = Self> {
        let style = |method, placement, body| Style {
            method,
            placement,
            body,
        };
        let plain = METHODS.map(|method| style(method, Placement::Header, Body::Text));
        let forms = ["HMAC-SHA1", "HMAC-SHA512", "RSA-SHA256"]
            .into_iter()
            .flat_map(move |method| {
                [
                    style(method, Placement::Header, Body::Form),
                    style(method, Placement::Form, Body::Form),
                    style(method, Placement::Query, Body::Text),
                ]
            });
        plain.into_iter().chain(forms)
    }

    fn hashed() -> impl Iterator<Item = Self> {
        let signing = METHODS.into_iter().filter(|method| *method != "PLAINTEXT");
        signing.map(|method| Style {
            method,
            placement: Placement::Header,
            body: Body::Hashed,
        })
    }

    /// oauthlib hashes with SHA-1, whatever the method.
    fn hashed_by_oauthlib() -> impl Iterator<Item = Self> {
        Self::hashed().filter(|style| style.method == "HMAC-SHA1")
    }

    fn is_rsa(self) -> bool {
        self.method.starts_with("RSA")
    }

    fn covers(self) -> &'static [Part] {
        match (self.method, self.body) {
            ("PLAINTEXT", _) => &[],
            (_, Body::Text) => HEAD,
            _ => ALL,
        }
    }

    fn name(self) -> String {
        let placement = match self.placement {
            Placement::Header => "header",
            Placement::Query => "query",
            Placement::Form => "form",
        };
        let body = match self.body {
            Body::Text => "",
            Body::Hashed => ", body hash",
            Body::Form => ", a form",
        };
        format!("{}, {placement}{body}", self.method)
    }

    fn check(
        self,
        checks: &mut Checks,
        target: &str,
        send: &dyn Fn(&Attempt<'_>) -> Result<Vec<Answer>>,
    ) {
        let signing = Signing {
            scheme: "oauth1",
            principal: CONSUMER,
            target,
            covers: self.covers(),
            adds: self.placement != Placement::Header || self.body == Body::Form,
            send,
        };
        signing.check(checks, &self.name());
    }
}

/// oauthlib as the provider.
pub(super) fn oauthlib(checks: &mut Checks) -> Result {
    let keys = KeyPairs::new()?;
    let args = [CONSUMER, SECRET, TOKEN, TOKEN_SECRET, &keys.path("rsa.pub")];
    let provider = serve("oauth1/provider.py", &args)?;
    for style in Style::all().chain(Style::hashed()) {
        style.check(checks, TARGET, &|attempt| {
            attempt.by_us(send(&provider, &keys, style, attempt))
        });
    }
    more(checks, &provider, &keys);
    let legs = Legs {
        provider: &provider,
        consumer: CONSUMER,
        secret: SECRET,
    };
    legs.check_command(checks);
    legs.check(checks)
}

fn more(checks: &mut Checks, provider: &Server, keys: &KeyPairs) {
    let style = Style {
        method: "HMAC-SHA256",
        placement: Placement::Header,
        body: Body::Text,
    };
    let right = send(provider, keys, style, &Attempt::new("GET", TARGET, ""));
    let switches = [
        ("realm", "of the \"pride\""),
        ("version", "1.0"),
        ("addEmptyParamsToSign", "true"),
    ];
    for (key, value) in switches {
        let send = right.clone().set(key, value);
        checks.check(&format!("with {key}"), || send.exits(ACCEPTED).map(drop));
    }
    for (key, value) in [("token", "sunset"), ("tokenSecret", WRONG)] {
        let send = right.clone().set(key, value);
        checks.check(&format!("another {key}"), || send.exits(REFUSED).map(drop));
    }
    checks.check("an old timestamp", || {
        let send = right.clone().set("timestamp", "1600000000");
        send.exits(REFUSED).map(drop)
    });
}

fn send(provider: &Server, keys: &KeyPairs, style: Style<'_>, attempt: &Attempt<'_>) -> Send {
    let header = style.placement == Placement::Header;
    let send = Send::new(attempt.method, provider.url(attempt.target))
        .args(&["--auth", "oauth1"])
        .set("consumerKey", attempt.name(CONSUMER))
        .set("token", TOKEN)
        .set("tokenSecret", TOKEN_SECRET)
        .set("signatureMethod", style.method)
        .set("addParamsToHeader", &header.to_string())
        .set("includeBodyHash", &(style.body == Body::Hashed).to_string());
    let send = match style.is_rsa() {
        true => send.set(
            "privateKey",
            &keys.value(attempt.secret("pkcs1.pem", "other-rsa.pem")),
        ),
        false => send.set("consumerSecret", attempt.secret(SECRET, WRONG)),
    };
    match (attempt.body, style.body) {
        ("", _) => send,
        (body, Body::Form) => send.args(&["--form", &format!("c={body} +"), "--form", "b="]),
        (body, _) => send.args(&["-H", "Content-Type: text/plain", "-d", body]),
    }
}

/// requests-oauthlib as the client.
pub(super) fn requests(checks: &mut Checks) -> Result {
    let (keys, tls) = (KeyPairs::new()?, Certificates::new()?);
    for style in Style::all().chain(Style::hashed_by_oauthlib()) {
        let ours = ours(&keys, style, &tls)?;
        style.check(checks, TARGET, &|attempt| {
            let mut order = order(&ours, style, &tls, attempt);
            order["oauth"] = json!({
                "client_key": attempt.name(CONSUMER),
                "client_secret": attempt.secret(SECRET, WRONG),
                "resource_owner_key": TOKEN,
                "resource_owner_secret": TOKEN_SECRET,
                "signature_method": style.method,
                "signature_type": match style.placement {
                    Placement::Header => "AUTH_HEADER",
                    Placement::Form if !attempt.body.is_empty() => "BODY",
                    _ => "QUERY",
                },
                "rsa_key": keys.text(attempt.secret("rsa.pem", "other-rsa.pem"))?,
                "force_include_body": style.body == Body::Hashed && !attempt.body.is_empty(),
            });
            deliver("oauth1/requests_client.py", &order)
        });
    }
    Ok(())
}

/// oauth-1.0a as the client, which knows the header alone, and does not take a `+` in a query for a space.
pub(super) fn npm(checks: &mut Checks) -> Result {
    let (keys, tls) = (KeyPairs::new()?, Certificates::new()?);
    for style in Style::all().filter(|style| style.placement == Placement::Header) {
        let ours = ours(&keys, style, &tls)?;
        style.check(checks, signing::TARGET, &|attempt| {
            let mut order = order(&ours, style, &tls, attempt);
            order["oauth"] = json!({
                "method": style.method,
                "consumer": {
                    "key": attempt.name(CONSUMER),
                    "secret": attempt.secret(SECRET, WRONG),
                },
                "token": { "key": TOKEN, "secret": TOKEN_SECRET },
                "realm": "countersign peers",
                "rsa_key": keys.text(attempt.secret("rsa.pem", "other-rsa.pem"))?,
            });
            deliver("oauth1/client.js", &order)
        });
    }
    Ok(())
}

/// PLAINTEXT is served over TLS alone.
fn ours(keys: &KeyPairs, style: Style<'_>, tls: &Certificates) -> Result<Serve> {
    let key = keys.value("rsa.pub");
    let secret = match style.is_rsa() {
        true => ("publicKey", &*key),
        false => ("consumerSecret", SECRET),
    };
    let set = [
        ("consumerKey", CONSUMER),
        secret,
        ("token", TOKEN),
        ("tokenSecret", TOKEN_SECRET),
        ("signatureMethod", style.method),
    ];
    match style.method {
        "PLAINTEXT" => Serve::with("oauth1", &set, &tls.args().each_ref().map(String::as_str)),
        _ => Serve::with("oauth1", &set, &[]),
    }
}

fn order(ours: &Serve, style: Style<'_>, tls: &Certificates, attempt: &Attempt<'_>) -> Value {
    let mut order = attempt.order(&ours.url(attempt.target));
    order["ca"] = tls.authority().into();
    let form = style.body == Body::Form;
    order["type"] = match form {
        true => "application/x-www-form-urlencoded",
        false => "text/plain",
    }
    .into();
    if form && !attempt.body.is_empty() {
        order["body"] = "c=hello+countersign+%2B&e=".into();
    }
    order
}
