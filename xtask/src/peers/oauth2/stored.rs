//! Tokens that are stored: renewed once, whoever asks, and revoked.

use std::thread::{ScopedJoinHandle, sleep};

use super::browser::{Browser, Mood};
use super::person::CODE;
use super::tokens::Tokens;
use super::{Issuer, SECRET, SHORT_TIME, WRONG};
use crate::Result;
use crate::peers::USER;
use crate::peers::checks::Checks;
use crate::peers::send::{ACCEPTED, NO_PERSON, NO_TOKEN, REFUSED, USAGE};

/// How many processes ask at once.
const PROCESSES: usize = 4;

/// With a server that takes each refresh token once, and ends the grant where one comes again.
pub(super) fn refreshed(checks: &mut Checks, issuer: &Issuer) {
    checks.check("refresh: the refresh token is rotated", || rotates(issuer));
    checks.check("refresh: wrong secret, and the right one after it", || {
        let tokens = consented(issuer)?;
        tokens
            .does("refresh", WRONG)
            .ends(&[NO_TOKEN])?
            .hides(&[WRONG])?;
        tokens.does("refresh", SECRET).ends(&[ACCEPTED]).map(drop)
    });
    checks.check("refresh: an expired token, two requests", || {
        renewed_once(issuer, |tokens| {
            accepted(tokens, issuer)?;
            accepted(tokens, issuer)
        })
    });
    checks.check(
        "refresh: an expired token, several processes at once",
        || renewed_once(issuer, |tokens| at_once(tokens, issuer)),
    );
    checks.check("refresh: a token that was used before is sent once", || {
        reused(issuer)
    });
    checks.check("revoked: access token and refresh token are dead", || {
        let tokens = consented(issuer)?;
        let copy = tokens.copy()?;
        tokens.does("revoke", SECRET).ends(&[ACCEPTED])?;
        copy.does("refresh", SECRET).ends(&[NO_PERSON]).map(drop)
    });
}

/// With a token that this grant gets without a person.
pub(super) fn revoked(checks: &mut Checks, issuer: &Issuer, grant: &str) {
    let tokens = || Tokens::get(issuer, grant, None);
    checks.check(&format!("{grant}: a stored token"), || {
        tokens()?.send(issuer).exits(ACCEPTED)?.legs(1).map(drop)
    });
    checks.check(&format!("{grant}: revoked"), || {
        let tokens = tokens()?;
        let token = tokens.shows("access_token")?;
        issuer.carries(&token).exits(ACCEPTED)?;
        tokens
            .does("revoke", SECRET)
            .ends(&[ACCEPTED])?
            .hides(&[&token])?;
        issuer.carries(&token).exits(REFUSED)?;
        tokens.send(issuer).exits(USAGE).map(drop)
    });
}

/// With a token that somebody else revoked: the refusal costs one renewal, once.
pub(super) fn repaired(checks: &mut Checks, issuer: &Issuer, grant: &str) {
    checks.check(&format!("{grant}: revoked elsewhere, and repaired"), || {
        let tokens = Tokens::get(issuer, grant, None)?;
        let token = tokens.shows("access_token")?;
        // Without its refresh token, which the server would revoke too.
        let copy = tokens.shared("")?;
        copy.does("revoke", SECRET).ends(&[ACCEPTED])?;
        tokens.send(issuer).exits(ACCEPTED)?.legs(2)?;
        tokens.send(issuer).exits(ACCEPTED)?.legs(1)?;
        issuer.carries(&token).exits(REFUSED)?;
        issuer
            .carries(&tokens.shows("access_token")?)
            .exits(ACCEPTED)
            .map(drop)
    });
}

/// With a token whose end comes by itself.
pub(super) fn ended(checks: &mut Checks, issuer: &Issuer) {
    checks.check("expiry: several processes at once, one refresh", || {
        let tokens = consented(issuer)?;
        let token = tokens.shows("access_token")?;
        issuer.carries(&token).exits(ACCEPTED)?;
        sleep(SHORT_TIME);
        issuer.carries(&token).exits(REFUSED)?;
        once(renewals(issuer, || at_once(&tokens, issuer))?)
    });
    checks.check("expiry: client credentials without a refresh token", || {
        let tokens = Tokens::get(issuer, "client_credentials", None)?;
        let token = tokens.shows("access_token")?;
        sleep(SHORT_TIME);
        tokens.send(issuer).exits(ACCEPTED)?.legs(1)?;
        match tokens.shows("access_token")? == token {
            true => Err("the token is the old one".into()),
            false => Ok(()),
        }
    });
}

/// Of the user who consents in the browser.
fn consented(issuer: &Issuer) -> Result<Tokens> {
    let browser = Browser::new(Mood::Agrees, "stored")?;
    Tokens::get(issuer, CODE, Some(browser.command()))
}

fn accepted(tokens: &Tokens, issuer: &Issuer) -> Result {
    tokens.send(issuer).answer()?.names(USER)
}

fn rotates(issuer: &Issuer) -> Result {
    let tokens = consented(issuer)?;
    let old = ["access_token", "refresh_token"].map(|part| tokens.shows(part));
    tokens.does("refresh", SECRET).ends(&[ACCEPTED])?;
    for (part, old) in ["access_token", "refresh_token"].into_iter().zip(old) {
        if tokens.shows(part)? == old? {
            return Err(format!("the {part} is the old one").into());
        }
    }
    accepted(&tokens, issuer)
}

/// One request to the token endpoint, and none that was refused.
fn renewed_once(issuer: &Issuer, run: impl FnOnce(&Tokens) -> Result) -> Result {
    let tokens = consented(issuer)?;
    tokens.age()?;
    once(renewals(issuer, || run(&tokens))?)
}

/// How often a token was refreshed meanwhile, and how often that was refused.
fn renewals(issuer: &Issuer, run: impl FnOnce() -> Result) -> Result<(u64, u64)> {
    let counts = || -> Result<_> {
        Ok((
            issuer.count("refresh_token")?,
            issuer.count("refresh_token refused")?,
        ))
    };
    let before = counts()?;
    run()?;
    let after = counts()?;
    Ok((after.0 - before.0, after.1 - before.1))
}

fn once(renewals: (u64, u64)) -> Result {
    match renewals {
        (1, 0) => Ok(()),
        (renewed, refused) => {
            Err(format!("renewed {renewed} times, refused {refused} times").into())
        }
    }
}

fn at_once(tokens: &Tokens, issuer: &Issuer) -> Result {
    let send = || accepted(tokens, issuer).map_err(|error| error.to_string());
    let results = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..PROCESSES).map(|_| scope.spawn(send)).collect();
        let results = threads.into_iter().map(ScopedJoinHandle::join);
        results.collect::<Vec<_>>()
    });
    for result in results {
        result.map_err(|_| "a thread panicked")??;
    }
    Ok(())
}

/// A copy that somebody else has renewed: its refresh token is refused, and not tried again.
fn reused(issuer: &Issuer) -> Result {
    let tokens = consented(issuer)?;
    let copy = tokens.copy()?;
    copy.age()?;
    tokens.does("refresh", SECRET).ends(&[ACCEPTED])?;
    let before = issuer.count("refresh_token refused")?;
    for _ in 0..2 {
        copy.send(issuer).exits(NO_PERSON)?.legs(0)?;
    }
    match issuer.count("refresh_token refused")? - before {
        1 => Ok(()),
        times => Err(format!("it was sent {times} times").into()),
    }
}
