//! Apache httpd: Basic, Digest with MD5, TLS, and a proxy that demands Digest. Its answers repeat what reached it.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::certificate;
use super::checks::Checks;
use super::curl::Curl;
use super::send::{ACCEPTED, REFUSED, Send, TRANSPORT};
use super::server::{Folder, Server, free_port};
use super::through::Through;
use super::{PASSWORD, USER};
use crate::Result;

const PROGRAM: &str = "/usr/sbin/apache2";
const MODULES: &str = "/usr/lib/apache2/modules";

/// The name and password that need UTF-8, and a colon where only a password may have one.
const FOREIGN: (&str, &str) = ("jäger", "pass:wörd");

/// Basic and Digest with right and wrong credentials, bodies, queries, and TLS.
pub(super) fn check(checks: &mut Checks) -> Result {
    let (tls_port, proxy_port) = (free_port()?, free_port()?);
    let apache = start(tls_port, proxy_port)?;
    for scheme in ["basic", "digest"] {
        credentials(checks, &apache, scheme);
        bodies(checks, &apache, scheme);
    }
    digest(checks, &apache);
    tls(checks, &apache, tls_port);
    proxy(checks, &apache, [tls_port, proxy_port]);
    Ok(())
}

/// Starts it.
pub(super) fn start(tls_port: u16, proxy_port: u16) -> Result<Server> {
    let folder = Folder::new()?;
    let port = free_port()?;
    certificate::make(&folder)?;
    folder.copy(&["echo.sh", "users.basic", "users.digest"])?;
    let place = folder.path().display().to_string();
    let ports = [
        ("PORT", port.to_string()),
        ("TLS_PORT", tls_port.to_string()),
        ("PROXY_PORT", proxy_port.to_string()),
    ];
    let places = [("DIR", place.clone()), ("MODULES", MODULES.to_owned())];
    folder.fill("apache.conf", &[&ports[..], &places].concat())?;
    let config = format!("{place}/apache.conf");
    Server::start(
        folder,
        port,
        Path::new(PROGRAM),
        &["-f", &config, "-D", "FOREGROUND"],
    )
}

fn credentials(checks: &mut Checks, apache: &Server, scheme: &str) {
    let send = Send::login(
        scheme,
        "GET",
        apache.url(&format!("/{scheme}?a=1&b=%20x&b=")),
    );
    let echo = format!("GET /{scheme}?a=1&b=%20x&b=\n");
    checks.check(&format!("{scheme}: right credentials, query kept"), || {
        let sent = send.clone().exits(ACCEPTED)?.body(echo.as_bytes())?;
        sent.hides(&[PASSWORD, "bXVmYXNhOmNpcmNsZSBvZiBsaWZl"])
            .map(drop)
    });
    checks.check(&format!("{scheme}: wrong password"), || {
        send.clone()
            .set("password", "hakuna matata")
            .exits(REFUSED)
            .map(drop)
    });
    checks.check(&format!("{scheme}: unknown user"), || {
        send.clone()
            .set("username", "scar")
            .exits(REFUSED)
            .map(drop)
    });
    checks.check(&format!("{scheme}: name and password in UTF-8"), || {
        let foreign = send
            .clone()
            .set("username", FOREIGN.0)
            .set("password", FOREIGN.1);
        foreign.exits(ACCEPTED)?.body(echo.as_bytes()).map(drop)
    });
}

fn bodies(checks: &mut Checks, apache: &Server, scheme: &str) {
    let path = format!("/{scheme}/upload");
    let url = apache.url(&path);
    checks.check(&format!("{scheme}: POST with a body"), || {
        let send = Send::login(scheme, "POST", &url).args(&["-d", "hello=countersign"]);
        let echo = format!("POST {path}\nhello=countersign");
        send.exits(ACCEPTED)?.body(echo.as_bytes()).map(drop)
    });
    checks.check(
        &format!("{scheme}: PUT of 1 MiB from standard input"),
        || {
            let body: Vec<u8> = (0..1 << 20).map(|n: u32| (n % 251) as u8).collect();
            let echo = [format!("PUT {path}\n").as_bytes(), &body].concat();
            Send::login(scheme, "PUT", &url)
                .stdin(&body)
                .exits(ACCEPTED)?
                .body(&echo)
                .map(drop)
        },
    );
}

fn digest(checks: &mut Checks, apache: &Server) {
    checks.check("digest: one challenge, one answer", || {
        Send::login("digest", "GET", apache.url("/digest"))
            .exits(ACCEPTED)?
            .legs(2)
            .map(drop)
    });
    checks.check("digest: 20 requests, one after the other", || {
        let send = Send::login("digest", "GET", apache.url("/digest"));
        (0..20).try_for_each(|_| send.clone().exits(ACCEPTED).map(drop))
    });
    checks.check("digest: a stale nonce is replaced", || {
        stale(&apache.url("/short"))
    });
    checks.check("digest: switched off, the challenge is the answer", || {
        let send = Send::login("digest", "GET", apache.url("/digest"));
        send.set("disableRetryRequest", "true")
            .exits(REFUSED)?
            .legs(1)
            .map(drop)
    });
    checks.check("digest: Basic is no answer to it", || {
        Send::login("basic", "GET", apache.url("/digest"))
            .exits(REFUSED)
            .map(drop)
    });
}

/// Signs the first request with a nonce that has run out since curl was given it.
fn stale(url: &str) -> Result {
    let nonce = Curl::get(url).answer()?.challenge("nonce")?;
    sleep(Duration::from_secs(2));
    let send = Send::login("digest", "GET", url).set("realm", "countersign peers");
    send.set("nonce", &nonce)
        .set("qop", "auth")
        .exits(ACCEPTED)?
        .legs(2)
        .map(drop)
}

fn tls(checks: &mut Checks, apache: &Server, port: u16) {
    let url = format!("https://127.0.0.1:{port}/basic");
    let ca = apache.folder().path().join("ca.pem").display().to_string();
    let send = Send::new("GET", url).args(&["--auth", "basic"]);
    let send = send.set("username", USER).set("password", PASSWORD);
    checks.check("TLS: an authority of the caller's", || {
        send.clone()
            .args(&["--cacert", &ca])
            .exits(ACCEPTED)
            .map(drop)
    });
    checks.check("TLS: an unknown authority", || {
        send.clone().exits(TRANSPORT).map(drop)
    });
    checks.check("TLS: unchecked on request", || {
        send.clone().args(&["-k"]).exits(ACCEPTED).map(drop)
    });
}

fn proxy(checks: &mut Checks, apache: &Server, [tls_port, proxy_port]: [u16; 2]) {
    let ca = apache.folder().path().join("ca.pem").display().to_string();
    let secure = format!("https://127.0.0.1:{tls_port}");
    for (way, place) in [("forwarded", apache.url("")), ("tunnel", secure)] {
        let through = Through {
            proxy: format!("http://127.0.0.1:{proxy_port}"),
            ca: &ca,
            scheme: "digest",
            place,
        };
        through.check(checks, &format!("proxy, {way}"));
    }
}
