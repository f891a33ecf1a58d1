//! A person at a terminal, and a browser on another machine: the redirect is pasted.

use super::Issuer;
use super::browser::{Browser, Mood};
use super::person::CODE;
use super::waiting::Waiting;
use crate::Result;
use crate::peers::USER;
use crate::peers::answer::Answer;
use crate::peers::checks::Checks;
use crate::peers::send::{ACCEPTED, NO_PERSON, Send};

const AGAIN: &str = "Press Enter to start again";

/// The redirect as it is, after others that are none, and after the person declined first.
pub(super) fn check(checks: &mut Checks, issuer: &Issuer) {
    let send = || {
        let send = issuer.grants(CODE).set("deviceAuthorizationUrl", "");
        send.args(&["--no-browser", "--raw"])
    };
    checks.check(
        "pasted: what is none, a wrong state, and the redirect",
        || {
            let mut waiting = Waiting::at_terminal(&send())?;
            let redirect = led(&mut waiting, Mood::AgreesElsewhere)?;
            waiting.types("")?;
            waiting.types("https://other.example/?code=c")?;
            waiting.says("paste the whole address")?;
            waiting.types(&forged(&redirect))?;
            waiting.says("state is that of another request")?;
            waiting.types(&redirect)?;
            accepted(waiting)
        },
    );
    checks.check("pasted: declined, then agreed to without retyping", || {
        let mut waiting = Waiting::at_terminal(&send())?;
        let redirect = led(&mut waiting, Mood::DeclinesElsewhere)?;
        waiting.types(&redirect)?;
        waiting.says("access_denied")?;
        waiting.says(AGAIN)?;
        waiting.types("")?;
        let redirect = led(&mut waiting, Mood::AgreesElsewhere)?;
        waiting.types(&redirect)?;
        accepted(waiting)
    });
    checks.check("pasted: declined, and given up", || given_up(&send()));
}

fn given_up(send: &Send) -> Result {
    let mut waiting = Waiting::at_terminal(send)?;
    let redirect = led(&mut waiting, Mood::DeclinesElsewhere)?;
    waiting.types(&redirect)?;
    waiting.says(AGAIN)?;
    let sent = waiting.ends(NO_PERSON)?.legs(0)?;
    sent.says("access_denied").map(drop)
}

/// Opens the address that is shown, and tells where that led.
fn led(waiting: &mut Waiting, mood: Mood) -> Result<String> {
    let address = waiting.next(|line| line.trim().strip_prefix("http").map(|_| line.trim()))?;
    let page = Browser::new(mood, "elsewhere")?.open(&address)?;
    let url = page["url"].as_str().unwrap_or_default().to_owned();
    match url.contains("state=") {
        true => Ok(url),
        false => Err(format!("it led elsewhere: {page}").into()),
    }
}

fn forged(redirect: &str) -> String {
    redirect.replace("state=", "state=x")
}

fn accepted(waiting: Waiting) -> Result {
    let sent = waiting.ends(ACCEPTED)?;
    Answer::new(200, sent.text()?).names(USER)
}
