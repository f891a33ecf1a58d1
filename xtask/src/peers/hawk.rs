//! Hawk with @hapi/hawk, as the server and as the client, and with mohawk.

use serde_json::{Value, json};

use super::answer::{Answer, BODY};
use super::attempt::{Attempt, Part, Signer};
use super::checks::Checks;
use super::program::{deliver, merge, serve};
use super::send::{ACCEPTED, FAILED, REFUSED, Send};
use super::serve::Serve;
use super::server::Server;
use super::signing::{Signing, TARGET};
use crate::Result;

const ID: &str = "dh37fgj492je";
const KEY: &str = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
const WRONG: &str = "hakuna matata";

const ALL: &[Part] = &[Part::Method, Part::Target, Part::Body];

/// Both sides of @hapi/hawk.
pub(super) fn hapi(checks: &mut Checks) -> Result {
    for algorithm in ["sha256", "sha1"] {
        let server = serve("hawk/server.js", &[ID, KEY, algorithm])?;
        let us = |attempt: &Attempt<'_>| attempt.by_us(send(&server, algorithm, attempt));
        let signing = Signing {
            scheme: "hawk",
            principal: ID,
            target: TARGET,
            covers: ALL,
            adds: false,
            send: &us,
        };
        signing.check(checks, &format!("server, {algorithm}"));
        answers(checks, &server, algorithm);
        granted(checks, &server, algorithm);
        client(checks, "hawk/client.js", algorithm)?;
    }
    attributes(checks)?;
    clock(checks)?;
    bewit(checks)
}

/// mohawk as the client.
pub(super) fn mohawk(checks: &mut Checks) -> Result {
    client(checks, "hawk/mohawk_client.py", "sha256")
}

fn send(server: &Server, algorithm: &str, attempt: &Attempt<'_>) -> Send {
    let send = Send::new(attempt.method, server.url(attempt.target)).args(&["--auth", "hawk"]);
    let send = send
        .set("authId", attempt.name(ID))
        .set("authKey", attempt.secret(KEY, WRONG))
        .set("algorithm", algorithm)
        .set("includePayloadHash", "true");
    match attempt.body {
        "" => send,
        body => send.args(&["-H", "Content-Type: text/plain; charset=utf-8", "-d", body]),
    }
}

/// What the server does with its clock and with the proof of its answer.
fn answers(checks: &mut Checks, server: &Server, algorithm: &str) {
    let to = |target| send(server, algorithm, &Attempt::new("POST", target, BODY));
    let check = |checks: &mut Checks, name: &str, run: &dyn Fn() -> Result| {
        checks.check(&format!("server, {algorithm}: {name}"), run);
    };
    check(checks, "a payload hash that is demanded", &|| {
        to("/payload").exits(ACCEPTED)?;
        let without = to("/payload").set("includePayloadHash", "false");
        without.exits(REFUSED).map(drop)
    });
    check(checks, "a clock that is ahead is followed", &|| {
        to("/late").exits(ACCEPTED)?.legs(2).map(drop)
    });
    check(checks, "a forged time is not", &|| {
        to("/lying").exits(REFUSED)?.legs(1).map(drop)
    });
    check(checks, "a forged proof of the answer", &|| {
        to("/forged").exits(FAILED).map(drop)
    });
    let demands = |target, proof| to(target).set("requireProof", proof);
    for (proof, wrong) in [("head", "/silent"), ("body", "/other")] {
        check(
            checks,
            &format!("a proof of the {proof} is demanded"),
            &|| {
                demands("/right", proof).exits(ACCEPTED)?;
                demands(wrong, proof).exits(FAILED).map(drop)
            },
        );
    }
    check(checks, "ext, app and dlg", &|| {
        let send = to("/attributes").set("extraData", "rock of ages?; a=b");
        let send = send.set("app", "pride").set("delegation", "rock");
        send.exits(ACCEPTED).map(drop)
    });
}

/// Our bewits, in place of the header.
fn granted(checks: &mut Checks, server: &Server, algorithm: &str) {
    let get = Attempt::new("GET", "/bewit?a=1&b=%20x&b=", "");
    let send = |attempt: &Attempt<'_>| {
        let send = Send::new("GET", server.url(attempt.target)).args(&["--auth", "hawk"]);
        send.set("authId", attempt.name(ID))
            .set("authKey", attempt.secret(KEY, WRONG))
            .set("algorithm", algorithm)
            .set("bewit", "true")
    };
    let mut ends = |name: &str, attempt: &Attempt<'_>, send: Send, status: u16| {
        checks.check(&format!("server, {algorithm}: {name}"), || {
            let answers = attempt.by_us(send)?;
            answers.iter().try_for_each(|answer| answer.is(status))
        });
    };
    let said = send(&get).set("extraData", "rock of ages?; a=b");
    ends("a bewit", &get, send(&get), 200);
    ends("a bewit with ext", &get, said, 200);
    ends(
        "a bewit that lived in 2001",
        &get,
        send(&get).args(&["--at", "1000000000"]),
        401,
    );
    let twice = Attempt { times: 2, ..get };
    ends("a bewit used twice", &twice, send(&twice), 200);
    for signer in [Signer::Impostor, Signer::Stranger] {
        let other = Attempt { signer, ..get };
        ends("a bewit of another key or name", &other, send(&other), 401);
    }
    for part in [Part::Method, Part::Target] {
        let changed = Attempt {
            changed: Some(part),
            ..get
        };
        ends("a bewit for another request", &changed, send(&changed), 401);
    }
}

/// A client that is not ours.
fn client(checks: &mut Checks, program: &str, algorithm: &str) -> Result {
    let ours = ours(
        &[("algorithm", algorithm), ("includePayloadHash", "true")],
        &[],
    )?;
    let them = |attempt: &Attempt<'_>| {
        let mut order = order(&ours, attempt);
        order["credentials"]["algorithm"] = algorithm.into();
        deliver(program, &order)
    };
    let signing = Signing {
        scheme: "hawk",
        principal: ID,
        target: TARGET,
        covers: ALL,
        adds: false,
        send: &them,
    };
    signing.check(checks, &format!("client, {algorithm}"));
    Ok(())
}

fn ours(set: &[(&str, &str)], more: &[&str]) -> Result<Serve> {
    let known = [("authId", ID), ("authKey", KEY)];
    Serve::with("hawk", &[&known, set].concat(), more)
}

/// It demands that we prove the answer.
fn order(ours: &Serve, attempt: &Attempt<'_>) -> Value {
    let mut order = attempt.order(&ours.url(attempt.target));
    let (id, key) = (attempt.name(ID), attempt.secret(KEY, WRONG));
    order["credentials"] = json!({ "id": id, "key": key, "algorithm": "sha256" });
    order["proof"] = true.into();
    order
}

/// One order to @hapi/hawk with something more in it.
fn ordered(ours: &Serve, more: Value) -> Result<Answer> {
    let mut order = order(ours, &Attempt::new("GET", TARGET, ""));
    merge(&mut order, more);
    let answer = deliver("hawk/client.js", &order)?.pop();
    answer.ok_or_else(|| "no answer".into())
}

/// A key that is bound to an application.
fn attributes(checks: &mut Checks) -> Result {
    let ours = ours(&[("app", "pride"), ("delegation", "rock")], &[])?;
    let orders = [
        (
            "the right app and dlg",
            json!({"app": "pride", "dlg": "rock", "ext": "x; y=z"}),
            200,
        ),
        ("no app", json!({}), 401),
        ("another dlg", json!({"app": "pride", "dlg": "gorge"}), 401),
    ];
    for (name, more, status) in orders {
        checks.check(&format!("client: {name}"), || {
            ordered(&ours, more)?.is(status)
        });
    }
    Ok(())
}

/// @hapi/hawk checks the proof of our time, and fails if it is wrong.
fn clock(checks: &mut Checks) -> Result {
    let ours = ours(&[], &["--at", "2000000000"])?;
    checks.check("client: our clock is another, which we prove", || {
        ordered(&ours, json!({ "told": "ts" }))?.is(401)
    });
    Ok(())
}

fn bewit(checks: &mut Checks) -> Result {
    let open = ours(&[("allowBewit", "true")], &[])?;
    let closed = ours(&[], &[])?;
    let later = ours(&[("allowBewit", "true")], &["--at", "2000000000"])?;
    let orders = [
        ("a bewit", &open, json!({}), 200),
        (
            "a bewit of another target",
            &open,
            json!({"tamper": {"url": ["a=1", "a=2"]}}),
            401,
        ),
        ("a bewit for a POST", &open, json!({"method": "POST"}), 401),
        ("a bewit that has run out", &later, json!({}), 401),
        ("a bewit where none is allowed", &closed, json!({}), 401),
    ];
    for (name, ours, mut more, status) in orders {
        more["bewit"] = 60.into();
        checks.check(&format!("client: {name}"), || {
            ordered(ours, more)?.is(status)
        });
    }
    Ok(())
}
