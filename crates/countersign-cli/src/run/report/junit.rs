//! [`Junit`]: a suite for each iteration, a case for each request.

use std::io;
use std::time::Duration;

use super::xml::attribute;
use super::{Out, Report};
use crate::redact::Redactor;
use crate::run::outcome::{End, Outcome, Summary, Waits};
use crate::run::plan::Plan;

/// JUnit has its counts before what they count, so the cases of one suite are kept as text, and all suites.
pub(super) struct Junit {
    out: Out,
    name: String,
    suites: Vec<Suite>,
}

#[derive(Default)]
struct Suite {
    name: String,
    cases: String,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    time: Duration,
}

impl Junit {
    pub(super) fn new(out: Out) -> Self {
        Self {
            out,
            name: String::new(),
            suites: Vec::new(),
        }
    }

    /// The suite of this name, which is the last one or a new one.
    fn suite(&mut self, name: &str) -> &mut Suite {
        let known = self.suites.iter().rposition(|suite| suite.name == name);
        let index = known.unwrap_or(self.suites.len());
        if known.is_none() {
            self.suites.push(Suite {
                name: name.to_owned(),
                ..Suite::default()
            });
        }
        &mut self.suites[index]
    }
}

impl Report for Junit {
    fn begin(&mut self, plan: &Plan<'_>) -> io::Result<()> {
        plan.name.clone_into(&mut self.name);
        for unused in &plan.unused {
            let why = match unused.is_script {
                true => "no script runs",
                false => "this setting is not obeyed",
            };
            let suite = self.suite("without effect");
            suite.skip(&unused.of, &unused.what, why);
        }
        Ok(())
    }

    fn done(&mut self, outcome: &Outcome, redactor: &Redactor) -> io::Result<()> {
        let suite = self.suite(&format!("iteration {}", outcome.iteration));
        suite.add(outcome, redactor);
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        if summary.left > 0 {
            let why = format!("{} requests were left out", summary.left);
            self.suite("left out").skip("run", "the rest", &why);
        }
        let sum = |count: fn(&Suite) -> usize| self.suites.iter().map(count).sum::<usize>();
        writeln!(self.out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        writeln!(
            self.out,
            r#"<testsuites name="{}" tests="{}" failures="{}" errors="{}" skipped="{}" time="{}">"#,
            attribute(&self.name),
            sum(|suite| suite.tests),
            sum(|suite| suite.failures),
            sum(|suite| suite.errors),
            sum(|suite| suite.skipped),
            seconds(summary.took)
        )?;
        for suite in &self.suites {
            suite.write(&mut self.out)?;
        }
        writeln!(self.out, "</testsuites>")?;
        self.out.flush()
    }
}

impl Suite {
    fn add(&mut self, outcome: &Outcome, redactor: &Redactor) {
        let (class, name) = outcome.name.rsplit_once('/').unwrap_or(("", &outcome.name));
        self.begin(class, name, &seconds(outcome.took));
        self.tests += 1;
        self.time += outcome.took;
        if let Some((element, kind, message)) = self.judge(outcome) {
            self.child(element, kind, &redactor.text(&message));
        }
        let notes = outcome.notes.iter().map(|note| redactor.text(note));
        let notes = notes.collect::<Vec<_>>().join("; ");
        if !notes.is_empty() {
            let notes = attribute(&notes);
            self.cases
                .push_str(&format!("<system-out>{notes}</system-out>"));
        }
        self.cases.push_str("</testcase>\n");
    }

    /// Counts it; what is said of a request that was not accepted: element, type and message.
    fn judge<'a>(&mut self, outcome: &'a Outcome) -> Option<(&'static str, &'a str, String)> {
        match &outcome.end {
            End::Failed(failure) => {
                self.errors += 1;
                Some(("error", &failure.kind, failure.to_string()))
            }
            End::Answered(status) if status.as_u16() >= 400 => {
                self.failures += 1;
                let message = format!("status {}", status.as_u16());
                Some(("failure", outcome.word(), message))
            }
            End::Signed(_, Waits::ForAnswer) => {
                self.skipped += 1;
                let message = "needs a challenge of the server first".to_owned();
                Some(("skipped", "", message))
            }
            _ => None,
        }
    }

    fn skip(&mut self, class: &str, name: &str, why: &str) {
        self.tests += 1;
        self.skipped += 1;
        self.begin(class, name, "0");
        self.child("skipped", "", why);
        self.cases.push_str("</testcase>\n");
    }

    fn begin(&mut self, class: &str, name: &str, time: &str) {
        let (class, name) = (attribute(class), attribute(name));
        self.cases.push_str(&format!(
            r#"<testcase classname="{class}" name="{name}" time="{time}">"#
        ));
    }

    fn child(&mut self, element: &str, kind: &str, message: &str) {
        let message = attribute(message);
        match kind {
            "" => self
                .cases
                .push_str(&format!(r#"<{element} message="{message}"/>"#)),
            _ => self.cases.push_str(&format!(
                r#"<{element} type="{}" message="{message}"/>"#,
                attribute(kind)
            )),
        }
    }

    fn write(&self, out: &mut Out) -> io::Result<()> {
        write!(
            out,
            r#"<testsuite name="{}" tests="{}" failures="{}" errors="{}" skipped="{}" time="{}">"#,
            attribute(&self.name),
            self.tests,
            self.failures,
            self.errors,
            self.skipped,
            seconds(self.time)
        )?;
        writeln!(out, "\n{}</testsuite>", self.cases)
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}
