//! What a scheme that signs requests must do, whichever side is ours.

use super::answer::{Answer, BODY};
use super::attempt::{Attempt, Part, Signer};
use super::checks::Checks;
use crate::Result;

/// A target of which every [`Attempt`] can change something.
pub(super) const TARGET: &str = "/area/one?a=1&b=%20x&b=";

const PARTS: [Part; 3] = [Part::Method, Part::Target, Part::Body];

/// A client and a server, of which one is ours.
pub(super) struct Signing<'a> {
    /// By the name that the server reports.
    pub(super) scheme: &'a str,
    /// Whom it reports.
    pub(super) principal: &'a str,
    /// A target with `a=1`.
    pub(super) target: &'a str,
    /// What the signature covers.
    pub(super) covers: &'a [Part],
    /// Whether the scheme adds to the target or to the body, so that another one arrives.
    pub(super) adds: bool,
    /// Makes a request and returns what it was answered, each time that it arrived.
    pub(super) send: &'a dyn Fn(&Attempt<'_>) -> Result<Vec<Answer>>,
}

impl Signing<'_> {
    /// Right and wrong credentials, everything that may be changed on the way, and a replay.
    pub(super) fn check(&self, checks: &mut Checks, name: &str) {
        for (method, body) in [("GET", ""), ("POST", BODY)] {
            checks.check(&format!("{name}: {method}"), || {
                self.accepted(&Attempt::new(method, self.target, body))
            });
        }
        for (signer, who) in [
            (Signer::Impostor, "wrong secret"),
            (Signer::Stranger, "unknown name"),
        ] {
            let attempt = Attempt {
                signer,
                ..self.post()
            };
            checks.check(&format!("{name}: {who}"), || self.ends(&attempt, 401));
        }
        for part in PARTS {
            self.changed(checks, name, part);
        }
        checks.check(&format!("{name}: the same again is refused"), || {
            self.replay()
        });
    }

    fn post(&self) -> Attempt<'_> {
        Attempt::new("POST", self.target, BODY)
    }

    fn accepted(&self, attempt: &Attempt<'_>) -> Result {
        let answer = self.only(attempt)?;
        if !self.adds {
            answer.reports(self.scheme, attempt.method, self.target, attempt.body)?;
        }
        answer.names(self.principal)
    }

    fn changed(&self, checks: &mut Checks, name: &str, part: Part) {
        let attempt = Attempt {
            changed: Some(part),
            ..self.post()
        };
        let (verdict, status) = match self.covers.contains(&part) {
            true => ("refused", 401),
            false => ("not covered", 200),
        };
        let part = format!("{part:?}").to_lowercase();
        checks.check(&format!("{name}: another {part} is {verdict}"), || {
            self.ends(&attempt, status)
        });
    }

    fn ends(&self, attempt: &Attempt<'_>, status: u16) -> Result {
        self.only(attempt)?.is(status)
    }

    fn replay(&self) -> Result {
        let attempt = Attempt {
            times: 2,
            ..self.post()
        };
        match &*(self.send)(&attempt)? {
            [first, second] => first.is(200).and_then(|()| second.is(401)),
            answers => Err(format!("{} answers in place of 2", answers.len()).into()),
        }
    }

    fn only(&self, attempt: &Attempt<'_>) -> Result<Answer> {
        let answer = (self.send)(attempt)?.pop();
        answer.ok_or_else(|| "no answer".into())
    }
}
