//! [`Json`]: one object, written as the run goes on.

use std::io;

use serde::Serialize;
use serde_json::json;

use super::{Out, Report};
use crate::collection::Supplied;
use crate::output::{ErrorObject, RequestObject};
use crate::redact::Redactor;
use crate::run::outcome::{End, Outcome, Summary, Waits};
use crate::run::plan::Plan;

/// See the module.
pub(super) struct Json {
    out: Out,
    is_first: bool,
}

#[derive(Serialize)]
struct RequestLine<'a> {
    iteration: usize,
    name: &'a str,
    method: Option<&'a str>,
    origin: Option<&'a str>,
    auth: &'a Supplied,
    status: Option<u16>,
    outcome: &'static str,
    sent: usize,
    milliseconds: u128,
    error: Option<ErrorObject>,
    notes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_challenge: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestObject>,
}

impl Json {
    pub(super) fn new(out: Out) -> Self {
        Self {
            out,
            is_first: true,
        }
    }
}

impl Report for Json {
    fn begin(&mut self, plan: &Plan<'_>) -> io::Result<()> {
        let (name, iterations) = (json!(plan.name), plan.rows.len());
        let (scripts, settings): (Vec<_>, Vec<_>) =
            plan.unused.iter().partition(|unused| unused.is_script);
        let (scripts, settings) = (json!(scripts), json!(settings));
        write!(
            self.out,
            "{{\"collection\":{name},\"iterations\":{iterations},\"notRun\":{scripts},\"notObeyed\":{settings},\"requests\":["
        )
    }

    fn done(&mut self, outcome: &Outcome, redactor: &Redactor) -> io::Result<()> {
        let comma = if self.is_first { "" } else { "," };
        self.is_first = false;
        writeln!(self.out, "{comma}")?;
        Ok(serde_json::to_writer(
            &mut self.out,
            &line(outcome, redactor),
        )?)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let object = json!({
            "accepted": summary.accepted,
            "answered": summary.answered,
            "refused": summary.refused,
            "failed": summary.failed,
            "signed": summary.signed,
            "left": summary.left,
            "sent": summary.sent,
            "milliseconds": u64::try_from(summary.took.as_millis()).unwrap_or(u64::MAX),
            "interrupted": summary.interrupted,
            "exit": summary.exit() as u8,
        });
        writeln!(self.out, "\n],\"summary\":{object}}}")?;
        self.out.flush()
    }
}

fn line<'a>(outcome: &'a Outcome, redactor: &Redactor) -> RequestLine<'a> {
    let (error, request, waits) = match &outcome.end {
        End::Answered(_) => (None, None, None),
        End::Failed(failure) => (Some(ErrorObject::of(failure, redactor)), None, None),
        End::Signed(request, waits) => {
            let waits = *waits == Waits::ForAnswer;
            (
                None,
                Some(RequestObject::of(request, redactor)),
                Some(waits),
            )
        }
    };
    let target = outcome.target.as_ref();
    RequestLine {
        iteration: outcome.iteration,
        name: &outcome.name,
        method: target.map(|target| target.method.as_str()),
        origin: target.map(|target| target.origin.as_str()),
        auth: &outcome.auth,
        status: outcome.status().map(|status| status.as_u16()),
        outcome: outcome.word(),
        sent: outcome.sent(),
        milliseconds: outcome.took.as_millis(),
        error,
        notes: outcome
            .notes
            .iter()
            .map(|note| redactor.text(note))
            .collect(),
        needs_challenge: waits,
        request,
    }
}
