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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use http::StatusCode;

    use super::*;
    use crate::collection::Supplied;
    use crate::send::Record;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        /// What is left of each line.
        fn lines(&self) -> Vec<String> {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            let last = |line: &str| line.rsplit("\r\x1b[2K").next().unwrap().to_owned();
            text.split('\n').map(last).collect()
        }
    }

    fn ended(name: &str, status: StatusCode) -> Outcome {
        Outcome {
            iteration: 1,
            name: name.to_owned(),
            auth: Supplied::default(),
            target: None,
            took: Duration::from_millis(7),
            record: Record::heads(),
            end: End::Answered(status),
            notes: Vec::new(),
        }
    }

    #[test]
    fn one_line_changes_and_what_failed_stays() {
        let screen = Screen::default();
        let mut progress = Progress::new(Box::new(screen.clone()));
        progress.all = 2;
        let (redactor, mut summary) = (Redactor::default(), Summary::default());
        for (number, status) in [(1, StatusCode::OK), (2, StatusCode::NOT_FOUND)] {
            let outcome = ended(&format!("r{number}"), status);
            progress.starting(&outcome.name, number).unwrap();
            assert_eq!(
                *screen.lines().last().unwrap(),
                format!("{number}/2 r{number}")
            );
            progress.done(&outcome, &redactor).unwrap();
            summary.add(&outcome);
        }
        progress.end(&summary).unwrap();
        let lines = screen.lines();
        assert_eq!(lines[0], "404      7 ms  r2  none");
        assert_eq!(
            lines[1],
            "2 requests in 0 ms: 1 accepted, 1 with another HTTP error"
        );
        assert_eq!(lines[2..], [""]);
    }
}
