//! The device grant: the command shows an address, which a person opens elsewhere.

use super::browser::{Browser, Mood};
use super::waiting::Waiting;
use super::{Issuer, WRONG};
use crate::Result;
use crate::peers::USER;
use crate::peers::answer::Answer;
use crate::peers::checks::Checks;
use crate::peers::send::{ACCEPTED, NO_PERSON, NO_TOKEN, Send};

const GRANT: &str = "device_code";

/// Consent, which is asked for at the pace that the server wants, none, and a wrong secret.
pub(super) fn check(checks: &mut Checks, issuer: &Issuer) {
    let send = || issuer.grants(GRANT);
    checks.check("device: agreed to, once it has slowed down", || {
        let before = issuer.count("slow_down")?;
        let sent = led(&send().args(&["--raw"]), Mood::Agrees, "device-granted")?.ends(ACCEPTED)?;
        Answer::new(200, sent.text()?).names(USER)?;
        match issuer.count("slow_down")? - before {
            1 => Ok(()),
            times => Err(format!("told to slow down {times} times").into()),
        }
    });
    checks.check("device: declined", || {
        let device = led(&send(), Mood::Declines, "device-declined")?;
        device.ends(NO_PERSON)?.says("access_denied").map(drop)
    });
    checks.check("device: nobody enters the code", || {
        let sent = send().within(3).exits(NO_PERSON)?;
        sent.says("enter the code")?
            .says("nobody consented")
            .map(drop)
    });
    checks.check("device: wrong secret", || {
        let sent = send().set("clientSecret", WRONG).exits(NO_TOKEN)?;
        sent.legs(0)?.hides(&[WRONG]).map(drop)
    });
}

/// A command whose address is opened by a person of this mood.
fn led(send: &Send, mood: Mood, picture: &str) -> Result<Waiting> {
    let mut waiting = Waiting::start(send)?;
    let address = waiting.next(|line| line.strip_prefix("or open "))?;
    Browser::new(mood, picture)?.open(&address)?;
    Ok(waiting)
}
