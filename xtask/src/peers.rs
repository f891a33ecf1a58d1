//! The checks against programs that are not ours: servers for the client, clients for the server.

mod answer;
mod apache;
mod asap;
mod attempt;
mod certificate;
mod checks;
mod client;
mod cookies;
mod curl;
mod edgegrid;
mod hawk;
mod httpbin;
mod jwt;
mod keys;
mod legs;
mod moto;
mod newman;
mod nginx;
mod ntlm;
mod oauth1;
mod oauth2;
mod objects;
mod program;
mod python;
mod s3s;
mod send;
mod serve;
mod server;
mod signed;
mod signing;
mod sigv4;
mod squid;
mod through;

use std::path::PathBuf;

use checks::Checks;

use crate::Result;
use crate::shell::{cargo, root, run, target};

/// A peer by its name, and what is checked with it.
struct Peer {
    name: &'static str,
    check: fn(&mut Checks) -> Result,
}

/// A new peer joins by one line here.
const PEERS: &[Peer] = &[
    Peer {
        name: "apache",
        check: apache::check,
    },
    Peer {
        name: "squid",
        check: squid::check,
    },
    Peer {
        name: "nginx",
        check: nginx::check,
    },
    Peer {
        name: "httpbin",
        check: httpbin::check,
    },
    Peer {
        name: "curl",
        check: curl::check,
    },
    Peer {
        name: "requests",
        check: python::check_requests,
    },
    Peer {
        name: "httpx",
        check: python::check_httpx,
    },
    Peer {
        name: "botocore",
        check: sigv4::botocore,
    },
    Peer {
        name: "moto",
        check: moto::check,
    },
    Peer {
        name: "s3s",
        check: s3s::check,
    },
    Peer {
        name: "hapi-hawk",
        check: hawk::hapi,
    },
    Peer {
        name: "mohawk",
        check: hawk::mohawk,
    },
    Peer {
        name: "oauthlib",
        check: oauth1::oauthlib,
    },
    Peer {
        name: "requests-oauthlib",
        check: oauth1::requests,
    },
    Peer {
        name: "oauth-1.0a",
        check: oauth1::npm,
    },
    Peer {
        name: "edgegrid-python",
        check: edgegrid::python,
    },
    Peer {
        name: "akamai-edgegrid",
        check: edgegrid::npm,
    },
    Peer {
        name: "pyjwt",
        check: jwt::check,
    },
    Peer {
        name: "atlassian-jwt-auth",
        check: asap::check,
    },
    Peer {
        name: "pyspnego",
        check: ntlm::pyspnego,
    },
    Peer {
        name: "requests-ntlm",
        check: ntlm::requests,
    },
    Peer {
        name: "cookies",
        check: cookies::check,
    },
    Peer {
        name: "newman",
        check: newman::check,
    },
    Peer {
        name: "oidc-provider",
        check: oauth2::oidc,
    },
    Peer {
        name: "authlib",
        check: oauth2::authlib,
    },
];

/// The name and password that every peer knows.
const USER: &str = "mufasa";
const PASSWORD: &str = "circle of life";

/// Where a peer that is no Debian package is installed.
fn installed(name: &str) -> PathBuf {
    target().join("peers").join(name)
}

/// The Python environment with the peers that are written in Python.
pub(crate) fn venv() -> PathBuf {
    installed("venv")
}

/// A file of `tests/peers`.
fn file(name: &str) -> PathBuf {
    root().join("tests/peers").join(name)
}

/// Installs every peer that is missing.
pub(crate) fn install() -> Result {
    run(std::process::Command::new(file("install.sh")).arg(installed("")))
}

/// Installs the peers and checks those that are named, or all.
pub(crate) fn install_and_check(names: &[&str]) -> Result {
    install()?;
    check(names)
}

/// Checks the peers that are named, or all, and closes with the line that counts.
pub(crate) fn check(names: &[&str]) -> Result {
    run(&mut cargo("build --package countersign-cli"))?;
    let mut checks = Checks::default();
    for peer in chosen(names)? {
        checks.begin(peer.name);
        if let Err(error) = (peer.check)(&mut checks) {
            checks.record("runs to its end", Err(error));
        }
    }
    checks.close()
}

fn chosen(names: &[&str]) -> Result<Vec<&'static Peer>> {
    if let Some(unknown) = names
        .iter()
        .find(|name| PEERS.iter().all(|peer| peer.name != **name))
    {
        return Err(format!("no peer `{unknown}`: there are {}", all()).into());
    }
    let chosen = PEERS
        .iter()
        .filter(|peer| names.is_empty() || names.contains(&peer.name));
    Ok(chosen.collect())
}

/// Says that the peers were left out, and why.
pub(crate) fn skip(why: &str) {
    println!("\nskipped: the checks with {}, as {why}", all());
}

fn all() -> String {
    PEERS
        .iter()
        .map(|peer| peer.name)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn peers_are_chosen_by_name() {
        assert_eq!(chosen(&[]).unwrap().len(), PEERS.len());
        assert_eq!(chosen(&["nginx"]).unwrap()[0].name, "nginx");
        assert!(chosen(&["nginz"]).is_err());
    }
}
