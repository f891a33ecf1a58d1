//! Which part of a header is secret.

use std::borrow::Cow;

use countersign::Secret;
use countersign::challenge::{Param, Params, parse_credentials, parse_params};
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use http::{HeaderName, HeaderValue};

use super::REDACTED;

/// The parameters of credentials, and of what answers them, that neither prove nor reveal anything.
const OPEN: &[&str] = &[
    "username",
    "username*",
    "realm",
    "nonce",
    "uri",
    "algorithm",
    "qop",
    "nc",
    "cnonce",
    "nextnonce",
    "opaque",
    "userhash",
    "Credential",
    "SignedHeaders",
];

/// What proves that the server knows the secret lets others guess it too.
const INFO: &[&str] = &["authentication-info", "proxy-authentication-info"];

/// What a header is to whoever must not see its secrets.
enum Form {
    /// A scheme, then its credentials.
    Credentials,
    /// Parameters without a scheme.
    Parameters,
    /// Names and values.
    Cookies,
    /// One name and value, then attributes.
    SetCookie,
    /// All of it.
    Secret,
    /// None of it.
    Open,
}

/// What a scheme adds is marked as sensitive where it is a credential.
fn form(name: &HeaderName, value: &HeaderValue, added: bool) -> Form {
    match name {
        _ if [AUTHORIZATION, PROXY_AUTHORIZATION].contains(name) => Form::Credentials,
        _ if INFO.contains(&name.as_str()) => Form::Parameters,
        _ if *name == COOKIE => Form::Cookies,
        _ if *name == SET_COOKIE => Form::SetCookie,
        _ if added && value.is_sensitive() => Form::Secret,
        _ => Form::Open,
    }
}

/// The value with its secret parts replaced.
pub(super) fn without_secrets<'a>(
    name: &HeaderName,
    value: &'a HeaderValue,
    added: bool,
) -> Cow<'a, [u8]> {
    let text = value.as_bytes();
    match form(name, value, added) {
        Form::Credentials => credentials(value).into(),
        Form::Parameters => parameters(parse_params(value).ok()).into(),
        Form::Cookies => cookies(text).into(),
        Form::SetCookie => set_cookie(text).into(),
        Form::Secret => REDACTED.as_bytes().into(),
        Form::Open => text.into(),
    }
}

/// The secret parts by themselves, as they may be echoed.
pub(super) fn secrets(name: &HeaderName, value: &HeaderValue, added: bool) -> Vec<Secret> {
    let text = value.as_bytes();
    match form(name, value, added) {
        Form::Credentials => secrets_of_credentials(value),
        Form::Parameters => parse_params(value)
            .map(|all| closed(&all))
            .unwrap_or_default(),
        Form::Cookies => text
            .split(|byte| *byte == b';')
            .filter_map(cookie_value)
            .collect(),
        Form::SetCookie => text
            .split(|byte| *byte == b';')
            .take(1)
            .filter_map(cookie_value)
            .collect(),
        Form::Secret => vec![Secret::new(text)],
        Form::Open => Vec::new(),
    }
}

fn credentials(value: &HeaderValue) -> Vec<u8> {
    let Some((scheme, rest)) = split(value.as_bytes(), b' ') else {
        return REDACTED.into();
    };
    let shown = match parse_credentials(value) {
        Ok(parsed) if parsed.token68().is_none() => parameters(Some(parsed.params().clone())),
        Ok(_) => REDACTED.into(),
        Err(_) => without_quotes(rest).map_or(REDACTED.into(), |pairs| loose(&pairs)),
    };
    [scheme, b" ", &shown].concat()
}

/// Parameters of a scheme that leaves out the quotes which RFC 9110 section 11.4 demands.
fn without_quotes(rest: &[u8]) -> Option<Vec<(&str, &str)>> {
    let text = str::from_utf8(rest)
        .ok()
        .filter(|text| !text.contains('"'))?;
    text.split(',')
        .map(|param| param.trim_ascii().split_once('='))
        .collect()
}

fn loose(pairs: &[(&str, &str)]) -> Vec<u8> {
    let shown = pairs.iter().map(|(name, value)| match is_open(name) {
        true => format!("{name}={value}"),
        false => format!("{name}={REDACTED}"),
    });
    shown.collect::<Vec<_>>().join(", ").into_bytes()
}

/// What is open of parameters, in their order; nothing of what could not be read.
fn parameters(parsed: Option<Params<'_>>) -> Vec<u8> {
    let Some(parsed) = parsed.filter(|parsed| !parsed.is_empty()) else {
        return REDACTED.into();
    };
    parsed
        .iter()
        .map(parameter)
        .collect::<Vec<_>>()
        .join(", ")
        .into_bytes()
}

fn parameter(param: &Param<'_>) -> String {
    let name = param.name();
    match param.text().filter(|_| is_open(name)) {
        None => format!("{name}={REDACTED}"),
        Some(text) if param.is_quoted() => {
            format!(
                "{name}=\"{}\"",
                text.replace('\\', r"\\").replace('"', "\\\"")
            )
        }
        Some(text) => format!("{name}={text}"),
    }
}

fn secrets_of_credentials(value: &HeaderValue) -> Vec<Secret> {
    let Some((_, rest)) = split(value.as_bytes(), b' ') else {
        return vec![Secret::new(value.as_bytes())];
    };
    match (parse_credentials(value), without_quotes(rest)) {
        (Ok(parsed), _) if parsed.token68().is_none() => closed(parsed.params()),
        (Err(_), Some(pairs)) => {
            let closed = pairs.into_iter().filter(|(name, _)| !is_open(name));
            closed.map(|(_, value)| Secret::from(value)).collect()
        }
        _ => vec![Secret::new(rest.trim_ascii())],
    }
}

fn closed(params: &Params<'_>) -> Vec<Secret> {
    let closed = params.iter().filter(|param| !is_open(param.name()));
    closed.map(|param| Secret::new(param.value())).collect()
}

fn is_open(name: &str) -> bool {
    OPEN.iter().any(|open| open.eq_ignore_ascii_case(name))
}

fn cookies(text: &[u8]) -> Vec<u8> {
    let cookies: Vec<Vec<u8>> = text
        .split(|byte| *byte == b';')
        .map(|cookie| cookie_name(cookie.trim_ascii()))
        .collect();
    cookies.join(&b"; "[..])
}

fn set_cookie(text: &[u8]) -> Vec<u8> {
    match split(text, b';') {
        Some((cookie, attributes)) => [&cookie_name(cookie), &b";"[..], attributes].concat(),
        None => cookie_name(text),
    }
}

fn cookie_name(cookie: &[u8]) -> Vec<u8> {
    match split(cookie, b'=') {
        Some((name, _)) => [name, b"=", REDACTED.as_bytes()].concat(),
        None => REDACTED.into(),
    }
}

fn cookie_value(cookie: &[u8]) -> Option<Secret> {
    let value = split(cookie, b'=').map_or(cookie, |(_, value)| value);
    let value = value.trim_ascii();
    Some(Secret::new(value)).filter(|value| !value.is_empty())
}

fn split(text: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|byte| *byte == at)?;
    Some((&text[..place], &text[place + 1..]))
}
