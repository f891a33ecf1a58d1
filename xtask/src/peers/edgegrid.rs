//! EdgeGrid with edgegrid-python, as the server and as the client, and with akamai-edgegrid.

use serde_json::{Value, json};

use super::answer::BODY;
use super::attempt::{Attempt, Part};
use super::certificate::Certificates;
use super::checks::Checks;
use super::program::{deliver, serve};
use super::send::{REFUSED, Send};
use super::serve::Serve;
use super::server::Server;
use super::signing::{Signing, TARGET};
use crate::Result;

const CLIENT: &str = "akab-client-xxx";
const SECRET: &str = "SOMESECRETofPRIDE=";
const ACCESS: &str = "akab-access-yyy";
const WRONG: &str = "hakuna matata";

const HEADER: &str = "X-Pride";
const VALUE: &str = "rock   of ages";

/// As Akamai's limit is, and one that cuts [`BODY`].
const LIMITS: [(&str, &[Part]); 2] = [
    ("131072", &[Part::Method, Part::Target, Part::Body]),
    ("8", &[Part::Method, Part::Target]),
];

/// Both sides of edgegrid-python.
pub(super) fn python(checks: &mut Checks) -> Result {
    for (limit, covers) in LIMITS {
        let server = serve(
            "edgegrid/server.py",
            &[CLIENT, SECRET, ACCESS, limit, HEADER],
        )?;
        let us = |attempt: &Attempt<'_>| attempt.by_us(send(&server, limit, attempt));
        signing(covers, &us).check(checks, &format!("server, {limit} bytes"));
        header(checks, &server, limit);
        let ours = ours(limit, &[])?;
        let them = |attempt: &Attempt<'_>| {
            deliver("edgegrid/requests_client.py", &order(&ours, limit, attempt))
        };
        signing(covers, &them).check(checks, &format!("client, {limit} bytes"));
    }
    Ok(())
}

/// akamai-edgegrid, which speaks TLS alone and knows one limit.
pub(super) fn npm(checks: &mut Checks) -> Result {
    let certificates = Certificates::new()?;
    let (limit, covers) = LIMITS[0];
    let ours = ours(limit, &certificates.args().each_ref().map(String::as_str))?;
    let them = |attempt: &Attempt<'_>| {
        let mut order = order(&ours, limit, attempt);
        order["ca"] = certificates.authority().into();
        deliver("edgegrid/client.js", &order)
    };
    signing(covers, &them).check(checks, "client");
    Ok(())
}

fn signing<'a>(
    covers: &'a [Part],
    send: &'a dyn Fn(&Attempt<'_>) -> Result<Vec<super::answer::Answer>>,
) -> Signing<'a> {
    Signing {
        scheme: "edgegrid",
        principal: CLIENT,
        target: TARGET,
        covers,
        adds: false,
        send,
    }
}

fn send(server: &Server, limit: &str, attempt: &Attempt<'_>) -> Send {
    let send = Send::new(attempt.method, server.url(attempt.target))
        .args(&["--auth", "edgegrid", "-H", &format!("{HEADER}: {VALUE}")])
        .set("clientToken", attempt.name(CLIENT))
        .set("clientSecret", attempt.secret(SECRET, WRONG))
        .set("accessToken", ACCESS)
        .set("headersToSign", HEADER)
        .set("maxBodySize", limit);
    match attempt.body {
        "" => send,
        body => send.args(&["-d", body]),
    }
}

fn header(checks: &mut Checks, server: &Server, limit: &str) {
    let attempt = Attempt::new("POST", TARGET, BODY);
    let send = || send(server, limit, &attempt);
    checks.check(
        &format!("server, {limit} bytes: another header is refused"),
        || {
            let mut signed = send().signed()?;
            for header in &mut signed.headers {
                *header = header.replace("ages", "stages");
            }
            signed.arrives(&attempt)?.is(401)
        },
    );
    checks.check(
        &format!("server, {limit} bytes: wrong access token"),
        || {
            send()
                .set("accessToken", "akab-scar")
                .exits(REFUSED)
                .map(drop)
        },
    );
    checks.check(&format!("server, {limit} bytes: an old time"), || {
        send()
            .set("timestamp", "20240101T00:00:00+0000")
            .exits(REFUSED)
            .map(drop)
    });
}

fn ours(limit: &str, more: &[&str]) -> Result<Serve> {
    let set = [
        ("clientToken", CLIENT),
        ("clientSecret", SECRET),
        ("accessToken", ACCESS),
        ("headersToSign", HEADER),
        ("maxBodySize", limit),
    ];
    Serve::with("edgegrid", &set, more)
}

fn order(ours: &Serve, limit: &str, attempt: &Attempt<'_>) -> Value {
    let mut order = attempt.order(&ours.url(attempt.target));
    order["headers"] = json!({ HEADER: VALUE, "Content-Type": "text/plain" });
    order["edgegrid"] = json!({
        "client_token": attempt.name(CLIENT),
        "client_secret": attempt.secret(SECRET, WRONG),
        "access_token": ACCESS,
        "headers_to_sign": [HEADER],
        "max_body": limit.parse::<u32>().unwrap_or_default(),
    });
    order
}
