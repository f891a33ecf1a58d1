//! [`Lines`]: one for each request, and a summary.

use std::io;

use super::{Out, Report};
use crate::collection::place::printable;
use crate::exit::Exit;
use crate::output;
use crate::redact::Redactor;
use crate::run::outcome::{End, Outcome, Summary, Waits};
use crate::run::plan::Plan;

/// What a person reads.
pub(super) struct Lines {
    out: Out,
    iterations: usize,
}

impl Lines {
    pub(super) fn new(out: Out) -> Self {
        Self { out, iterations: 1 }
    }

    pub(super) fn out(&mut self) -> &mut Out {
        &mut self.out
    }
}

impl Report for Lines {
    fn begin(&mut self, plan: &Plan<'_>) -> io::Result<()> {
        self.iterations = plan.rows.len();
        for unused in &plan.unused {
            let (what, of) = (printable(&unused.what), printable(&unused.of));
            match unused.is_script {
                true => writeln!(self.out, "not run: the {what} of {of}")?,
                false => writeln!(self.out, "not obeyed: {what} of {of}")?,
            }
        }
        Ok(())
    }

    fn done(&mut self, outcome: &Outcome, redactor: &Redactor) -> io::Result<()> {
        let row = match self.iterations {
            1 => String::new(),
            _ => format!("{}: ", outcome.iteration),
        };
        writeln!(self.out, "{}", line(outcome, &row))?;
        for text in told(outcome) {
            writeln!(self.out, "    {}", printable(&redactor.text(&text)))?;
        }
        if let End::Signed(request, _) = &outcome.end {
            self.out.write_all(&output::message(request, redactor))?;
            self.out.write_all(b"\n\n")?;
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        for name in &summary.waiting {
            writeln!(
                self.out,
                "not signed: {} needs a challenge of the server first",
                printable(name)
            )?;
        }
        writeln!(self.out, "{}", sum(summary))?;
        self.out.flush()
    }
}

/// Status, time, names, scheme and who supplied it.
fn line(outcome: &Outcome, row: &str) -> String {
    let status = match &outcome.end {
        End::Answered(status) => status.as_str().to_owned(),
        End::Failed(_) => "---".to_owned(),
        End::Signed(..) => "off".to_owned(),
    };
    let times = match outcome.sent() {
        0 | 1 => String::new(),
        sent => format!(", sent {sent} times"),
    };
    let line = format!(
        "{status} {:>6} ms  {row}{}  {}{times}",
        outcome.took.as_millis(),
        outcome.name,
        outcome.auth
    );
    printable(&line)
}

/// Why it failed, and what else there is to say.
fn told(outcome: &Outcome) -> impl Iterator<Item = String> {
    let failure = match &outcome.end {
        End::Failed(failure) => Some(format!("error: {failure}")),
        End::Signed(_, Waits::ForAnswer) => Some("waits for a challenge of the server".to_owned()),
        _ => None,
    };
    let notes = outcome.notes.iter().map(|note| format!("note: {note}"));
    failure.into_iter().chain(notes)
}

/// One line about all of it.
pub(super) fn sum(summary: &Summary) -> String {
    let counts = [
        (summary.accepted, "accepted"),
        (summary.signed, "signed and not sent"),
        (summary.answered, "with another HTTP error"),
        (summary.refused, "refused"),
        (summary.failed, "failed"),
        (summary.left, "left out"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let all = match summary.done() + summary.left {
        1 => "1 request".to_owned(),
        all => format!("{all} requests"),
    };
    let how = match summary.exit() {
        Exit::Interrupted => "interrupted: ",
        _ => "",
    };
    let millis = summary.took.as_millis();
    match counts.is_empty() {
        true => format!("{how}no request"),
        false => format!("{how}{all} in {millis} ms: {}", counts.join(", ")),
    }
}
