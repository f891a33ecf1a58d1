//! squid between the client and Apache: 407 and `CONNECT`, by Basic, Digest and NTLM.

use std::path::Path;

use super::checks::Checks;
use super::send::{REFUSED, Send};
use super::server::{Folder, Server, free_port};
use super::through::{DOMAIN, Through};
use super::{PASSWORD, USER, apache, file, program};
use crate::Result;

const PROGRAM: &str = "/usr/sbin/squid";

/// Each scheme with right and wrong credentials, for what is forwarded and for tunnels, beside those for the server.
pub(super) fn check(checks: &mut Checks) -> Result {
    let tls_port = free_port()?;
    let helper = program::serve("squid/ntlm.py", &[DOMAIN, USER, PASSWORD])?;
    let (server, squid) = (apache::start(tls_port, free_port()?)?, start(&helper)?);
    let ca = server.folder().path().join("ca.pem").display().to_string();
    let secure = format!("https://127.0.0.1:{tls_port}");
    for scheme in ["basic", "digest", "ntlm"] {
        for (way, place) in [("forwarded", server.url("")), ("tunnel", secure.clone())] {
            let through = Through {
                proxy: squid.url(""),
                ca: &ca,
                scheme,
                place,
            };
            through.check(checks, &format!("{scheme}, {way}"));
        }
    }
    checks.check("a tunnel without credentials", || {
        let send = Send::new("GET", format!("{secure}/digest"));
        let send = send.args(&["--cacert", &ca, "--proxy", &squid.url("")]);
        send.exits(REFUSED)?
            .says("it asks for NTLM, Digest, Basic")
            .map(drop)
    });
    Ok(())
}

fn start(helper: &Server) -> Result<Server> {
    let (folder, port) = (Folder::new()?, free_port()?);
    folder.copy(&["users.basic", "users.digest"])?;
    let values = [
        ("PORT", port.to_string()),
        ("DIR", folder.path().display().to_string()),
        ("HELPER", file("squid/helper.sh").display().to_string()),
        (
            "HELPER_PORT",
            helper
                .url("")
                .rsplit(':')
                .next()
                .unwrap_or_default()
                .to_owned(),
        ),
    ];
    folder.fill_as("squid/squid.conf", "squid.conf", &values)?;
    let config = folder.path().join("squid.conf").display().to_string();
    let args = ["-N", "-d", "1", "-f", &config];
    Server::start(folder, port, Path::new(PROGRAM), &args)
}
