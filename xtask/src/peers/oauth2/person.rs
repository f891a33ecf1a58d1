//! Grants for which a person consents in the browser.

use super::browser::{Browser, Mood};
use super::{Issuer, WRONG};
use crate::Result;
use crate::peers::USER;
use crate::peers::checks::Checks;
use crate::peers::send::{NO_PERSON, NO_TOKEN, Send};

pub(super) const CODE: &str = "authorization_code_with_pkce";
const GRANTED: &str = "Access granted";
const NOT_GRANTED: &str = "Access not granted";

/// The code with PKCE by this method: agreed to, declined, and fetched with a wrong secret and a wrong state.
pub(super) fn code(checks: &mut Checks, issuer: &Issuer, method: &str) {
    let name = format!("code with PKCE, {method}");
    let send = || issuer.grants(CODE).set("challengeAlgorithm", method);
    checks.check(&name, || agrees(&send(), &picture(method, "granted")));
    checks.check(&format!("{name}: declined"), || {
        declines(send(), &picture(method, "declined"))
    });
    checks.check(&format!("{name}: wrong secret"), || {
        let browser = Browser::new(Mood::Agrees, &picture(method, "wrong-secret"))?;
        let send = send().set("clientSecret", WRONG);
        let sent = send.browser(browser.command()).exits(NO_TOKEN)?;
        sent.legs(0)?.hides(&[WRONG])?;
        browser.shows(GRANTED).map(drop)
    });
}

/// The access token comes in the fragment; with `with_id`, the ID token beside it is what is used.
pub(super) fn implicit(checks: &mut Checks, issuer: &Issuer, client: &str, with_id: &str) {
    let send = || {
        let send = issuer.grants("implicit").set("clientId", client);
        send.set("useIdToken", with_id)
    };
    checks.check("implicit", || {
        agrees(&send(), &picture(client, "implicit-granted"))
    });
    checks.check("implicit: declined", || {
        declines(send(), &picture(client, "implicit-declined"))
    });
}

/// A browser that is closed, and none at all.
pub(super) fn closes(checks: &mut Checks, issuer: &Issuer) {
    let send = || {
        let send = issuer.grants(CODE).set("deviceAuthorizationUrl", "");
        send.within(6)
    };
    checks.check("code: the browser is closed", || {
        let browser = Browser::new(Mood::Closes, "closed")?;
        let sent = send().browser(browser.command()).exits(NO_PERSON)?;
        let sent = sent.legs(0)?.says("nobody consented within --timeout")?;
        sent.says("If it did not open, open this address").map(drop)
    });
    checks.check("code: there is no browser", || {
        let sent = send().args(&["--no-browser"]).exits(NO_PERSON)?;
        sent.legs(0).map(drop)
    });
}

/// A redirect with another state: it is told here and there, the code is left alone, and the command goes on waiting.
pub(super) fn tricked(checks: &mut Checks, issuer: &Issuer) {
    checks.check("code: a wrong state in the redirect", || {
        let browser = Browser::new(Mood::IsTricked, "forged")?;
        let before = codes(issuer)?;
        let send = issuer.grants(CODE).set("deviceAuthorizationUrl", "");
        let sent = send
            .browser(browser.command())
            .within(12)
            .exits(NO_PERSON)?;
        let sent = sent.legs(0)?.says("state is that of another request")?;
        sent.says("Still waiting")?;
        browser.shows("This answer was not accepted")?;
        match codes(issuer)? == before {
            true => Ok(()),
            false => Err("the code was exchanged".into()),
        }
    });
}

/// How many codes came to the token endpoint.
fn codes(issuer: &Issuer) -> Result<u64> {
    Ok(issuer.count("authorization_code")? + issuer.count("authorization_code refused")?)
}

fn picture(of: &str, what: &str) -> String {
    format!("{of}-{what}")
}

fn agrees(send: &Send, picture: &str) -> Result {
    let browser = Browser::new(Mood::Agrees, picture)?;
    send.clone()
        .browser(browser.command())
        .answer()?
        .names(USER)?;
    browser.shows(GRANTED).map(drop)
}

fn declines(send: Send, picture: &str) -> Result {
    let browser = Browser::new(Mood::Declines, picture)?;
    let sent = send.browser(browser.command()).exits(NO_PERSON)?;
    sent.legs(0)?.says("access_denied")?;
    let page = browser.shows(NOT_GRANTED)?;
    match page["text"].as_str().unwrap_or_default() {
        text if text.contains("access_denied") && text.contains("start again") => Ok(()),
        text => Err(format!("the page does not say it: {text}").into()),
    }
}
