//! Looking after stored tokens: select, rename, delete, share and prune.

use std::thread::sleep;

use super::tokens::Tokens;
use super::{CLIENT, Issuer, SHORT_TIME};
use crate::Result;
use crate::peers::checks::Checks;
use crate::peers::send::{ACCEPTED, USAGE};

const GRANT: &str = "client_credentials";

/// With tokens of two clients.
pub(super) fn check(checks: &mut Checks, issuer: &Issuer) {
    checks.check("select: the selected token is the one that is sent", || {
        let tokens = two(issuer)?;
        tokens.send_selected(issuer).exits(USAGE)?;
        for (which, principal) in [("one", CLIENT), ("two", &issuer.in_body), ("one", CLIENT)] {
            tokens.command(&["select", which]).ends(&[ACCEPTED])?;
            tokens.send_selected(issuer).answer()?.names(principal)?;
        }
        Ok(())
    });
    checks.check("rename: the new name is the one that counts", || {
        let tokens = two(issuer)?;
        tokens
            .command(&["rename", "two", "mine"])
            .ends(&[ACCEPTED])?;
        tokens.send(issuer).answer()?.names(&issuer.in_body)?;
        tokens.command(&["show", "two"]).ends(&[USAGE]).map(drop)
    });
    checks.check("delete: the server is not told", || {
        let tokens = Tokens::get(issuer, GRANT, None)?;
        let token = tokens.shows("access_token")?;
        tokens.command(&["delete", "mine"]).ends(&[ACCEPTED])?;
        tokens.send(issuer).exits(USAGE)?;
        issuer.carries(&token).exits(ACCEPTED).map(drop)
    });
    checks.check("export and import: two folders, one token", || {
        shared(issuer)
    });
}

fn shared(issuer: &Issuer) -> Result {
    let tokens = Tokens::get(issuer, GRANT, None)?;
    let before = issuer.count(GRANT)?;
    let copy = tokens.shared("")?;
    copy.send(issuer).answer()?.names(CLIENT)?;
    match issuer.count(GRANT)? == before {
        true => Ok(()),
        false => Err("the copy got a token of its own".into()),
    }
}

/// One that has ended and cannot be refreshed goes, one that is good stays.
pub(super) fn prune(checks: &mut Checks, issuer: &Issuer) {
    checks.check("prune: what has ended goes, and nothing else", || {
        let tokens = Tokens::none()?;
        tokens.getting(issuer, GRANT, "old").ends(&[ACCEPTED])?;
        let pruned = || -> Result<Option<usize>> {
            let sent = tokens.command(&["prune"]).ends(&[ACCEPTED])?;
            Ok(sent.json()["tokens"].as_array().map(Vec::len))
        };
        let early = pruned()?;
        sleep(SHORT_TIME);
        let young = tokens.getting(issuer, GRANT, "young");
        young.set("scope", "read").ends(&[ACCEPTED])?;
        let late = pruned()?;
        tokens.command(&["show", "young"]).ends(&[ACCEPTED])?;
        tokens.command(&["show", "old"]).ends(&[USAGE])?;
        match (early, late) {
            (Some(0), Some(1)) => Ok(()),
            counts => Err(format!("pruned {counts:?}").into()),
        }
    });
}

fn two(issuer: &Issuer) -> Result<Tokens> {
    let tokens = Tokens::none()?;
    tokens.getting(issuer, GRANT, "one").ends(&[ACCEPTED])?;
    let two = tokens.getting(issuer, GRANT, "two");
    let two = two.set("client_authentication", "body");
    two.set("clientId", &issuer.in_body).ends(&[ACCEPTED])?;
    Ok(tokens)
}
