//! What a run prints: for a person, and for programs.

mod json;
mod junit;
mod lines;
mod progress;
mod xml;

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::Path;

use super::outcome::{End, Outcome, Summary};
use super::plan::Plan;
use crate::args::{ReportFormat, RunArgs};
use crate::collection::Source;
use crate::exit::Failure;
use crate::output;
use crate::redact::Redactor;
use json::Json;
use junit::Junit;
use lines::Lines;
use progress::Progress;

/// Where a report is written.
type Out = Box<dyn Write>;

/// One report, written as the run goes on.
trait Report {
    /// It begins.
    fn begin(&mut self, plan: &Plan<'_>) -> io::Result<()>;

    /// A request begins, the how manieth it is.
    fn starting(&mut self, _: &str, _: usize) -> io::Result<()> {
        Ok(())
    }

    /// A request has ended.
    fn done(&mut self, outcome: &Outcome, redactor: &Redactor) -> io::Result<()>;

    /// All of it has ended.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}

/// All reports of a run, without the secrets in them.
pub(super) struct Reports {
    all: Vec<Box<dyn Report>>,
    redactor: Redactor,
    broken: Option<io::Error>,
}

impl Reports {
    /// Those that the arguments ask for.
    pub(super) fn open(args: &RunArgs, source: &Source) -> Result<Self, Failure> {
        let own_file = args.report_file.as_deref();
        let mut all = Vec::new();
        if let Some(format) = args.report {
            all.push(machine(format, own_file)?);
        }
        all.push(human(args.report.is_some() && own_file.is_none()));
        Ok(Self {
            all,
            redactor: source.redactor(args.raw),
            broken: None,
        })
    }

    fn each(&mut self, what: impl Fn(&mut dyn Report, &Redactor) -> io::Result<()>) {
        for report in &mut self.all {
            match what(report.as_mut(), &self.redactor) {
                // A reader that has gone away is not an error.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    self.broken.get_or_insert(error);
                }
                _ => {}
            }
        }
    }

    pub(super) fn begin(&mut self, plan: &Plan<'_>) {
        self.each(|report, _| report.begin(plan));
    }

    pub(super) fn starting(&mut self, name: &str, number: usize) {
        self.each(|report, _| report.starting(name, number));
    }

    pub(super) fn done(&mut self, outcome: &Outcome) {
        let End::Signed(request, _) = &outcome.end else {
            return self.each(|report, redactor| report.done(outcome, redactor));
        };
        let known = self.redactor.clone();
        output::learn_request(&mut self.redactor, request);
        self.each(|report, redactor| report.done(outcome, redactor));
        self.redactor = known;
    }

    /// Ends them; a report that could not be written is an error.
    pub(super) fn end(mut self, summary: &Summary) -> Result<(), Failure> {
        self.each(|report, _| report.end(summary));
        match self.broken {
            Some(error) => Err(Failure::usage(format!(
                "a report cannot be written: {error}"
            ))),
            None => Ok(()),
        }
    }
}

fn machine(format: ReportFormat, path: Option<&Path>) -> Result<Box<dyn Report>, Failure> {
    let out: Out = match path {
        Some(path) => {
            let file = File::create(path);
            let file =
                file.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(io::stdout()),
    };
    Ok(match format {
        ReportFormat::Json => Box::new(Json::new(out)),
        ReportFormat::Junit => Box::new(Junit::new(out)),
    })
}

/// Lines, or on a terminal one line that changes; on standard error if standard output has a report.
fn human(aside: bool) -> Box<dyn Report> {
    let (out, terminal): (Out, _) = match aside {
        true => (Box::new(io::stderr()), io::stderr().is_terminal()),
        false => (Box::new(io::stdout()), io::stdout().is_terminal()),
    };
    match terminal {
        true => Box::new(Progress::new(out)),
        false => Box::new(Lines::new(out)),
    }
}
