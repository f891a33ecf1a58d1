//! One request that is signed, what is changed of it on its way, and how often it arrives.

use serde_json::{Value, json};

use super::answer::Answer;
use super::send::Send;
use crate::Result;

/// Who signs.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Signer {
    /// The one that the server knows.
    Known,
    /// One with its name, and with another secret.
    Impostor,
    /// One of another name.
    Stranger,
}

/// What is changed after it was signed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Method,
    Target,
    Body,
}

/// The request.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) body: &'a str,
    pub(super) signer: Signer,
    pub(super) changed: Option<Part>,
    pub(super) times: usize,
}

impl<'a> Attempt<'a> {
    /// One that arrives as it was sent, once.
    pub(super) fn new(method: &'a str, target: &'a str, body: &'a str) -> Self {
        Self {
            method,
            target,
            body,
            signer: Signer::Known,
            changed: None,
            times: 1,
        }
    }

    /// The first value for the one that the server knows, the second for an impostor.
    pub(super) fn secret(&self, right: &'a str, wrong: &'a str) -> &'a str {
        match self.signer {
            Signer::Impostor => wrong,
            _ => right,
        }
    }

    /// A name that the server knows, or one that it does not.
    pub(super) fn name(&self, known: &'a str) -> &'a str {
        match self.signer {
            Signer::Stranger => "scar",
            _ => known,
        }
    }

    /// What arrives of a part that was signed.
    pub(super) fn arriving(&self, part: Part, signed: &str) -> String {
        match self.changed {
            Some(changed) if changed == part => {
                let [from, to] = self.change(part);
                signed.replacen(from, to, 1)
            }
            _ => signed.to_owned(),
        }
    }

    fn change(&self, part: Part) -> [&'a str; 2] {
        match part {
            Part::Method if self.method == "PUT" => [self.method, "POST"],
            Part::Method => [self.method, "PUT"],
            Part::Target => ["a=1", "a=2"],
            Part::Body => ["countersign", "counterfeit"],
        }
    }

    /// Made by our client: sent by it, or signed by it and sent otherwise.
    pub(super) fn by_us(&self, send: Send) -> Result<Vec<Answer>> {
        if self.changed.is_none() && self.times == 1 {
            return Ok(vec![send.answer()?]);
        }
        let signed = send.signed()?;
        let sent = (0..self.times).map(|_| signed.arrives(self));
        sent.collect()
    }

    /// What a client that is not ours is ordered to do, beside whom it signs for.
    pub(super) fn order(&self, url: &str) -> Value {
        let tamper: serde_json::Map<_, _> = self
            .changed
            .iter()
            .map(|part| (part.key().to_owned(), self.change(*part).as_slice().into()))
            .collect();
        json!({
            "url": url,
            "method": self.method,
            "body": self.body,
            "times": self.times,
            "tamper": tamper,
        })
    }
}

impl Part {
    /// Its name in an order.
    fn key(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Target => "url",
            Self::Body => "body",
        }
    }
}
