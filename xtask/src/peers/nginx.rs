//! nginx: Basic, and API key and bearer as strings that it compares itself.

use std::fs;
use std::path::Path;

use super::checks::Checks;
use super::send::{ACCEPTED, REFUSED, Send};
use super::server::{Folder, Server, free_port};
use crate::Result;

const PROGRAM: &str = "/usr/sbin/nginx";
const KEY: &str = "k3y of pride";
const TOKEN: &str = "t0ken.of-pride~";
const GRANTED: &[u8] = b"granted\n";

/// Each scheme with right, wrong and no credentials.
pub(super) fn check(checks: &mut Checks) -> Result {
    let nginx = start()?;
    basic(checks, &nginx);
    let key = |place| Send::new("GET", nginx.url(place)).args(&["--auth", "apikey"]);
    let header = key("/header").set("key", "X-Api-Key").set("in", "header");
    let query = key("/query?a=1").set("key", "api_key").set("in", "query");
    let bearer = Send::new("GET", nginx.url("/bearer")).args(&["--auth", "bearer"]);
    secret(checks, "API key in a header", header, "value", KEY);
    secret(checks, "API key in the query", query, "value", KEY);
    secret(checks, "bearer", bearer, "token", TOKEN);
    Ok(())
}

fn start() -> Result<Server> {
    let folder = Folder::new()?;
    let port = free_port()?;
    let place = folder.path().display().to_string();
    folder.copy(&["users.basic"])?;
    folder.fill(
        "nginx.conf",
        &[("PORT", port.to_string()), ("DIR", place.clone())],
    )?;
    fs::create_dir(folder.path().join("htdocs"))?;
    fs::write(folder.path().join("htdocs/granted.txt"), GRANTED)?;
    let config = format!("{place}/nginx.conf");
    Server::start(
        folder,
        port,
        Path::new(PROGRAM),
        &["-p", &place, "-e", "error.log", "-c", &config],
    )
}

fn basic(checks: &mut Checks, nginx: &Server) {
    let send = |method| Send::login("basic", method, nginx.url("/basic?q=1"));
    checks.check("basic: right credentials", || {
        send("GET")
            .exits(ACCEPTED)?
            .legs(1)?
            .body(GRANTED)
            .map(drop)
    });
    checks.check("basic: HEAD", || {
        send("HEAD").exits(ACCEPTED)?.body(b"").map(drop)
    });
    checks.check("basic: wrong password", || {
        send("GET")
            .set("password", "hakuna matata")
            .exits(REFUSED)
            .map(drop)
    });
    checks.check("basic: without credentials", || {
        Send::new("GET", nginx.url("/basic"))
            .exits(REFUSED)
            .map(drop)
    });
}

fn secret(checks: &mut Checks, name: &str, send: Send, key: &'static str, value: &str) {
    checks.check(&format!("{name}: right"), || {
        let sent = send
            .clone()
            .set(key, value)
            .exits(ACCEPTED)?
            .body(GRANTED)?;
        sent.hides(&[value, "k3y%20of%20pride"]).map(drop)
    });
    checks.check(&format!("{name}: wrong"), || {
        send.clone().set(key, "n0-key").exits(REFUSED).map(drop)
    });
}
