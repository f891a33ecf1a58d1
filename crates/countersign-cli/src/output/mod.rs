//! What the command prints.

mod human;
mod json;
mod report;

pub(crate) use report::Report;

use crate::redact::Redactor;
use crate::send::Leg;

/// Prints a report, for a program or for a person, without the secrets in it.
pub(crate) fn print(report: &Report, mut redactor: Redactor, json: bool) {
    for leg in report.legs() {
        learn(&mut redactor, leg);
    }
    match json {
        true => json::print(report, &redactor),
        false => human::print(report, &redactor),
    }
    if let Some(note) = report.note() {
        eprintln!("note: {}", redactor.text(note));
    }
}

/// Learns what a leg shows of secrets, since servers echo it.
fn learn(redactor: &mut Redactor, leg: &Leg) {
    let request = &leg.request;
    for (name, value) in &request.headers {
        redactor.learn_header(name, value, request.added.has(name, value));
    }
    let query = request.uri.query().unwrap_or_default();
    redactor.learn_pairs(query, &request.added.pairs);
    if let Ok(form) = str::from_utf8(&request.body()) {
        redactor.learn_pairs(form, &[]);
    }
    for (name, value) in leg.response.iter().flat_map(|response| &response.headers) {
        redactor.learn_header(name, value, false);
    }
}

/// A reader that has gone away is not an error.
pub(crate) fn to_stdout(bytes: &[u8]) {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    drop(stdout.write_all(bytes).and_then(|()| stdout.flush()));
}
