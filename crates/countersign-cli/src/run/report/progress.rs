//! [`Progress`]: one line that changes, and what failed.

use std::io;

use super::lines::Lines;
use super::{Out, Report};
use crate::collection::place::printable;
use crate::exit::Exit;
use crate::redact::Redactor;
use crate::run::outcome::{End, Outcome, Summary};
use crate::run::plan::Plan;

/// Goes back to the beginning of the line and empties it.
const AGAIN: &[u8] = b"\r\x1b[2K";

/// How much of a name is shown, in characters: the line must not be wider than the terminal.
const WIDTH: usize = 48;

/// What a person sees on a terminal.
pub(super) struct Progress {
    lines: Lines,
    all: usize,
}

impl Progress {
    pub(super) fn new(out: Out) -> Self {
        Self {
            lines: Lines::new(out),
            all: 0,
        }
    }

    fn again(&mut self) -> io::Result<()> {
        self.lines.out().write_all(AGAIN)
    }
}

impl Report for Progress {
    fn begin(&mut self, plan: &Plan<'_>) -> io::Result<()> {
        self.all = plan.len();
        self.lines.begin(plan)
    }

    fn starting(&mut self, name: &str, number: usize) -> io::Result<()> {
        self.again()?;
        let name: String = printable(name).chars().take(WIDTH).collect();
        let all = self.all;
        write!(self.lines.out(), "{number}/{all} {name}")?;
        self.lines.out().flush()
    }

    fn done(&mut self, outcome: &Outcome, redactor: &Redactor) -> io::Result<()> {
        let is_plain = outcome.exit() == Exit::Accepted && outcome.notes.is_empty();
        if is_plain && !matches!(outcome.end, End::Signed(..)) {
            return Ok(());
        }
        self.again()?;
        self.lines.done(outcome, redactor)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.again()?;
        self.lines.end(summary)
    }
}
