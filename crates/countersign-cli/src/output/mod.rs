//! What the command prints.

mod curl;
mod file;
mod human;
mod json;
mod offered;
mod report;

pub(crate) use file::{new_file, private_file};
pub(crate) use human::message;
pub(crate) use json::{ErrorObject, RequestObject};
pub(crate) use report::Report;

use crate::args::{Dump, SendArgs};
use crate::redact::Redactor;
use crate::send::{Leg, Sent};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// The last answer, and aside what led to it.
    Answer,
    /// One JSON object.
    Json,
    /// Each request as a command of curl.
    Curl,
    /// Every message.
    Dump,
}

impl Style {
    /// The one that the arguments ask for.
    pub(crate) fn of(args: &SendArgs) -> Self {
        match args.dump {
            Some(Dump::Redacted | Dump::Raw) => Self::Dump,
            None if args.to_curl => Self::Curl,
            None if args.json => Self::Json,
            None => Self::Answer,
        }
    }
}

/// Prints a report, for a program or for a person, without the secrets in it.
pub(crate) fn print(report: &Report, mut redactor: Redactor, style: Style) {
    for leg in report.legs() {
        learn(&mut redactor, leg);
    }
    match style {
        Style::Answer => human::print(report, &redactor),
        Style::Json => json::print(report, &redactor),
        Style::Curl => human::print_each(report, &redactor, |leg| {
            curl::command(&leg.request, report.route(), &redactor)
        }),
        Style::Dump => {
            human::print_each(report, &redactor, |leg| human::messages(leg, &redactor));
        }
    }
    let offered = report.offered().filter(|_| style != Style::Json);
    let offered = offered.map(|offered| offered::objects(offered, &redactor));
    for challenge in offered.iter().flatten() {
        eprintln!("challenge: {challenge}");
    }
    if let Some(note) = report.note() {
        eprintln!("note: {}", redactor.text(note));
    }
}

/// Learns what a leg shows of secrets, since servers echo it.
pub(crate) fn learn(redactor: &mut Redactor, leg: &Leg) {
    learn_request(redactor, &leg.request);
    for (name, value) in leg.response.iter().flat_map(|response| &response.headers) {
        redactor.learn_header(name, value, false);
    }
}

/// Learns what a request shows of secrets.
pub(crate) fn learn_request(redactor: &mut Redactor, request: &Sent) {
    for (name, value) in &request.headers {
        redactor.learn_header(name, value, request.added.has(name, value));
    }
    let query = request.uri.query().unwrap_or_default();
    redactor.learn_pairs(query, &request.added.pairs);
    if let Ok(form) = str::from_utf8(&request.body()) {
        redactor.learn_pairs(form, &[]);
    }
}

/// A reader that has gone away is not an error.
pub(crate) fn to_stdout(bytes: &[u8]) {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    drop(stdout.write_all(bytes).and_then(|()| stdout.flush()));
}
