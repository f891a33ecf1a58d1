//! What a person reads: status and body on standard output, what was done on standard error.

use http::StatusCode;

use super::Report;
use crate::redact::Redactor;
use crate::send::{Leg, Received, Sent};

/// Prints a report. `+` stands before what the scheme and the cookie jar added.
pub(super) fn print(report: &Report, redactor: &Redactor) {
    for leg in report.legs() {
        eprint!("{}", request(&leg.request, redactor));
        if let Some(response) = &leg.response {
            eprint!("{}", self::response(response, redactor));
        }
        eprintln!();
    }
    if let Some(failure) = report.failure() {
        return eprintln!("error: {}", redactor.text(&failure.to_string()));
    }
    eprintln!("{}", summary(report));
    match (report.status(), report.legs().last()) {
        (
            Some(status),
            Some(Leg {
                response: Some(last),
                ..
            }),
        ) => {
            super::to_stdout(format!("{}\n", status_line(status)).as_bytes());
            super::to_stdout(&redactor.bytes(&last.body()));
        }
        (_, Some(Leg { request, .. })) => {
            super::to_stdout(&message(request, redactor));
        }
        _ => {}
    }
}

/// Prints something of each leg, and how it ended aside.
pub(super) fn print_each(report: &Report, redactor: &Redactor, shown: impl Fn(&Leg) -> Vec<u8>) {
    for leg in report.legs() {
        super::to_stdout(&shown(leg));
    }
    match report.failure() {
        Some(failure) => eprintln!("error: {}", redactor.text(&failure.to_string())),
        None => eprintln!("{}", summary(report)),
    }
}

/// The request of a leg and its answer.
pub(super) fn messages(leg: &Leg, redactor: &Redactor) -> Vec<u8> {
    let mut messages = message(&leg.request, redactor);
    messages.extend(b"\n\n");
    if let Some(answer) = &leg.response {
        messages.extend(answer_head(answer, redactor).into_bytes());
        messages.extend(redactor.bytes(&answer.body()).iter());
        messages.extend(b"\n\n");
    }
    messages
}

fn answer_head(answer: &Received, redactor: &Redactor) -> String {
    let mut text = format!("HTTP/1.1 {}\n", status_line(answer.status));
    for (name, value) in &answer.headers {
        text.push_str(&format!(
            "{name}: {}\n",
            redactor.header(name, value, false)
        ));
    }
    text.push('\n');
    text
}

fn request(request: &Sent, redactor: &Redactor) -> String {
    let url = redactor.url(&request.uri.to_string(), &request.added.pairs);
    let mut text = format!("> {} {url}\n", request.method);
    for (name, value) in &request.headers {
        let added = request.added.has(name, value);
        let mark = if added { '+' } else { '>' };
        let value = redactor.header(name, value, added);
        text.push_str(&format!("{mark} {name}: {value}\n"));
    }
    let of_jar = request.added.remark_of_jar().map(str::to_owned);
    for remark in request.added.remarks().chain(of_jar) {
        text.push_str(&format!("  {remark}\n"));
    }
    text
}

fn response(response: &Received, redactor: &Redactor) -> String {
    let mut text = format!("< {}\n", status_line(response.status));
    for (name, value) in &response.headers {
        text.push_str(&format!(
            "< {name}: {}\n",
            redactor.header(name, value, false)
        ));
    }
    text
}

fn summary(report: &Report) -> String {
    let legs = report.legs();
    let added = legs.iter().any(|leg| leg.request.added.has_credentials());
    let with = if added { "with" } else { "without" };
    match legs.len() {
        1 => format!("{}: 1 request, {with} credentials", report.outcome()),
        count => format!("{}: {count} requests, {with} credentials", report.outcome()),
    }
}

/// The request as HTTP/1.1 writes it, with its body.
pub(crate) fn message(request: &Sent, redactor: &Redactor) -> Vec<u8> {
    let mut message = head(request, redactor).into_bytes();
    message.extend(redactor.body(&request.body()));
    message
}

fn head(request: &Sent, redactor: &Redactor) -> String {
    let target = request
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let target = redactor.url(target, &request.added.pairs);
    let mut text = format!("{} {target} HTTP/1.1\n", request.method);
    for (name, value) in &request.headers {
        let value = redactor.header(name, value, request.added.has(name, value));
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push('\n');
    text
}

fn status_line(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16())
        .trim_end()
        .to_owned()
}
