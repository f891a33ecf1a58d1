//! A request as a command of curl that sends the same.

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderName, HeaderValue, Method};

use crate::connect::Route;
use crate::redact::Redactor;
use crate::send::Sent;

/// Before a larger body curl asks whether it may send it, in bytes.
const ASKS_FROM: usize = 1024;

/// The command, on a line of its own.
pub(super) fn command(request: &Sent, route: &Route, redactor: &Redactor) -> Vec<u8> {
    let body = redactor.body(&request.body());
    let has_body = !body.is_empty() || request.headers.contains_key(CONTENT_LENGTH);
    let mut command = Vec::new();
    let is_text = !body.contains(&0) && str::from_utf8(&body).is_ok();
    if !is_text {
        command.extend(format!("printf '{}' | ", octal(&body)).into_bytes());
    }
    command.extend(b"curl --globoff --path-as-is");
    method(&mut command, request, has_body);
    for (name, value) in &request.headers {
        let is_of_curl = (name == HOST && request.owns_host) || name == CONTENT_LENGTH;
        if !is_of_curl {
            header(&mut command, name, &shown(request, name, value, redactor));
        }
    }
    without_defaults(&mut command, request, body.len(), has_body);
    match is_text {
        true if has_body => put(&mut command, "--data-raw", &body),
        true => {}
        false => command.extend(b" --data-binary @-"),
    }
    for (option, value) in route.options(&request.uri) {
        put(&mut command, option, redactor.text(&value).as_bytes());
    }
    let url = redactor.url(&request.uri.to_string(), &request.added.pairs);
    put(&mut command, "--url", url.as_bytes());
    command.push(b'\n');
    command
}

fn method(command: &mut Vec<u8>, request: &Sent, has_body: bool) {
    match request.method {
        Method::GET if !has_body => {}
        Method::HEAD if !has_body => command.extend(b" --head"),
        _ => put(command, "--request", request.method.as_str().as_bytes()),
    }
}

/// The value in the bytes that it goes out in: what is shown is Latin-1.
fn shown(request: &Sent, name: &HeaderName, value: &HeaderValue, redactor: &Redactor) -> Vec<u8> {
    let text = redactor.header(name, value, request.added.has(name, value));
    let bytes = text.chars().map(u8::try_from);
    bytes.map(|byte| byte.unwrap_or(b'?')).collect()
}

/// Without a value there is a semicolon in place of the colon.
fn header(command: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    let mut line = name.as_str().as_bytes().to_vec();
    match value.is_empty() {
        true => line.push(b';'),
        false => line.extend([b": ", value].concat()),
    }
    put(command, "--header", &line);
}

/// Takes out what curl would add by itself.
fn without_defaults(command: &mut Vec<u8>, request: &Sent, body: usize, has_body: bool) {
    let defaults = [
        (USER_AGENT, true),
        (ACCEPT, true),
        (CONTENT_TYPE, has_body),
        (http::header::EXPECT, body > ASKS_FROM),
    ];
    let is_added =
        |(name, added): &(HeaderName, bool)| *added && !request.headers.contains_key(name);
    for (name, _) in defaults.into_iter().filter(is_added) {
        put(command, "--header", format!("{name}:").as_bytes());
    }
}

/// An option and its value, quoted for a shell.
fn put(command: &mut Vec<u8>, option: &str, value: &[u8]) {
    let mut quoted = vec![b'\''];
    for byte in value {
        match byte {
            b'\'' => quoted.extend(b"'\\''"),
            byte => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    command.extend([b" ", option.as_bytes(), b" "].concat());
    command.extend(quoted);
}

fn octal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:03o}")).collect()
}
