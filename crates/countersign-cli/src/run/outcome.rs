//! How a request ended, and how all of them did.

use std::time::Duration;

use http::{Method, StatusCode};

use crate::collection::Supplied;
use crate::exit::{Exit, Failure};
use crate::send::{Record, Sent};

/// How a request ended.
pub(super) struct Outcome {
    /// From 1 on.
    pub(super) iteration: usize,
    /// The names of its folders and its own.
    pub(super) name: String,
    pub(super) auth: Supplied,
    /// Where it went, if that is known.
    pub(super) target: Option<Target>,
    pub(super) took: Duration,
    /// What went out.
    pub(super) record: Record,
    pub(super) end: End,
    /// What there is to say about it.
    pub(super) notes: Vec<String>,
}

/// Where a request went. The path is not kept: there may be secrets in it.
pub(super) struct Target {
    pub(super) method: Method,
    pub(super) origin: String,
}

/// How it ended.
pub(super) enum End {
    Answered(StatusCode),
    Failed(Failure),
    /// It was signed and not sent; whether the scheme waits for what the server says first.
    Signed(Box<Sent>, Waits),
}

/// What a request that is not sent lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waits {
    Nothing,
    ForAnswer,
}

impl Outcome {
    /// The exit code of `send`.
    pub(super) fn exit(&self) -> Exit {
        match &self.end {
            End::Answered(status) => Exit::of(*status),
            End::Failed(failure) => failure.exit,
            End::Signed(..) => Exit::Accepted,
        }
    }

    /// The same as a word.
    pub(super) fn word(&self) -> &'static str {
        match self.end {
            End::Signed(..) => "offline",
            _ => self.exit().outcome(),
        }
    }

    /// How often it was sent.
    pub(super) fn sent(&self) -> usize {
        self.record.len()
    }

    /// The last answer's status.
    pub(super) fn status(&self) -> Option<StatusCode> {
        match self.end {
            End::Answered(status) => Some(status),
            _ => None,
        }
    }
}

/// How all of them ended.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) accepted: usize,
    pub(super) answered: usize,
    pub(super) refused: usize,
    pub(super) failed: usize,
    /// Signed and not sent.
    pub(super) signed: usize,
    /// Of those, the names of the ones that need an answer of the server before.
    pub(super) waiting: Vec<String>,
    /// Not begun, or not ended.
    pub(super) left: usize,
    /// How often any was sent.
    pub(super) sent: usize,
    pub(super) took: Duration,
    pub(super) interrupted: bool,
    worst: Option<Exit>,
}

impl Summary {
    pub(super) fn add(&mut self, outcome: &Outcome) {
        let exit = outcome.exit();
        let count = match (&outcome.end, exit) {
            (End::Signed(..), _) => &mut self.signed,
            (_, Exit::Accepted) => &mut self.accepted,
            (_, Exit::Answered) => &mut self.answered,
            (_, Exit::Refused) => &mut self.refused,
            _ => &mut self.failed,
        };
        *count += 1;
        if matches!(outcome.end, End::Signed(_, Waits::ForAnswer)) {
            self.waiting.push(outcome.name.clone());
        }
        self.sent += outcome.sent();
        self.worsen(exit);
    }

    /// How many ended.
    pub(super) fn done(&self) -> usize {
        self.accepted + self.answered + self.refused + self.failed + self.signed
    }

    /// Ends no better than so.
    pub(super) fn worsen(&mut self, exit: Exit) {
        self.worst = self.worst.max(Some(exit));
    }

    /// The worst of all.
    pub(super) fn exit(&self) -> Exit {
        self.worst.unwrap_or(Exit::Accepted)
    }
}
