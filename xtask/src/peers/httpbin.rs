//! httpbin: Digest with three algorithms, `auth` and `auth-int`, each checked by its own code.

use super::checks::Checks;
use super::send::{ACCEPTED, REFUSED, Send};
use super::server::{Folder, Server, free_port};
use super::venv;
use crate::Result;

const ALGORITHMS: [&str; 3] = ["MD5", "SHA-256", "SHA-512"];

/// Every algorithm with every quality of protection, and a server that is never content.
pub(super) fn check(checks: &mut Checks) -> Result {
    let httpbin = start()?;
    for algorithm in ALGORITHMS {
        for qop in ["auth", "auth-int", "none"] {
            digest(checks, &httpbin, algorithm, qop);
        }
        body(checks, &httpbin, algorithm);
    }
    storm(checks, &httpbin);
    others(checks, &httpbin);
    Ok(())
}

/// The server.
pub(super) fn start() -> Result<Server> {
    let port = free_port()?;
    let address = format!("127.0.0.1:{port}");
    let args = ["--bind", &address, "--workers", "1", "httpbin:app"];
    Server::start(Folder::new()?, port, &venv().join("bin/gunicorn"), &args)
}

/// Without a query, as httpbin answers 500 to Digest credentials with one.
fn url(httpbin: &Server, qop: &str, algorithm: &str) -> String {
    httpbin.url(&format!("/digest-auth/{qop}/mufasa/simba/{algorithm}"))
}

fn login(url: String) -> Send {
    Send::login("digest", "GET", url).set("password", "simba")
}

fn digest(checks: &mut Checks, httpbin: &Server, algorithm: &str, qop: &str) {
    let send = login(url(httpbin, qop, algorithm));
    checks.check(&format!("{algorithm}, {qop}: right credentials"), || {
        send.clone().exits(ACCEPTED)?.legs(2).map(drop)
    });
    checks.check(&format!("{algorithm}, {qop}: wrong password"), || {
        send.clone()
            .set("password", "nala")
            .exits(REFUSED)
            .map(drop)
    });
}

fn body(checks: &mut Checks, httpbin: &Server, algorithm: &str) {
    let send = login(url(httpbin, "auth-int", algorithm)).set("qop", "auth-int");
    checks.check(
        &format!("{algorithm}, auth-int: a body from an argument"),
        || {
            send.clone()
                .args(&["-d", "hello=countersign"])
                .exits(ACCEPTED)
                .map(drop)
        },
    );
    checks.check(
        &format!("{algorithm}, auth-int: a body from standard input"),
        || {
            let body: Vec<u8> = (0..=255).cycle().take(70_000).collect();
            send.clone().stdin(&body).exits(ACCEPTED).map(drop)
        },
    );
}

/// httpbin calls every nonce stale that comes with this cookie.
fn storm(checks: &mut Checks, httpbin: &Server) {
    checks.check("always stale: ends after 3 requests", || {
        let send = login(url(httpbin, "auth", "MD5"));
        let sent = send
            .args(&["-H", "Cookie: stale_after=0; fake=fake_value"])
            .exits(REFUSED)?;
        sent.legs(3).map(drop)
    });
}

fn others(checks: &mut Checks, httpbin: &Server) {
    let basic = Send::login("basic", "GET", httpbin.url("/basic-auth/mufasa/simba"));
    checks.check("basic: right credentials", || {
        basic
            .clone()
            .set("password", "simba")
            .exits(ACCEPTED)
            .map(drop)
    });
    checks.check("basic: wrong password", || {
        basic
            .clone()
            .set("password", "nala")
            .exits(REFUSED)
            .map(drop)
    });
    let bearer = Send::new("GET", httpbin.url("/bearer"));
    checks.check("bearer: any token", || {
        bearer
            .clone()
            .args(&["--auth", "bearer"])
            .set("token", "t0ken")
            .exits(ACCEPTED)
            .map(drop)
    });
    checks.check("bearer: no token", || {
        bearer.clone().exits(REFUSED).map(drop)
    });
}
