//! Which part of a header is secret.

use std::borrow::Cow;

use countersign::Secret;
use countersign::challenge::{Param, Params, parse, parse_credentials, parse_params};
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue};

use super::REDACTED;
use super::open::{DIGEST, EDGEGRID, is_open};
use super::pairs::decoded;

/// A proof of the key in a Hawk challenge.
const PROOF: &str = "tsm";

/// What proves that the server knows the secret lets others guess it too.
const INFO: &[&str] = &["authentication-info", "proxy-authentication-info"];

/// As [`INFO`], for Hawk.
const SERVER_AUTHORIZATION: &str = "server-authorization";

/// What a header is to whoever must not see its secrets.
enum Form {
    /// A scheme, then its credentials.
    Credentials,
    /// Parameters of Digest, without its name.
    Parameters,
    /// What a server asks for; it may prove that it knows the key.
    Challenges,
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
        _ if name.as_str() == SERVER_AUTHORIZATION => Form::Credentials,
        _ if *name == WWW_AUTHENTICATE => Form::Challenges,
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
        Form::Parameters => parameters(DIGEST, parse_params(value).ok()).into(),
        Form::Cookies => cookies(text).into(),
        Form::SetCookie => set_cookie(text).into(),
        Form::Secret => REDACTED.as_bytes().into(),
        // A proof in a challenge was learned, and is taken out with all else that was.
        Form::Challenges | Form::Open => text.into(),
    }
}

/// The secret parts by themselves, as they may be echoed.
pub(super) fn secrets(name: &HeaderName, value: &HeaderValue, added: bool) -> Vec<Secret> {
    let text = value.as_bytes();
    match form(name, value, added) {
        Form::Credentials => secrets_of_credentials(value),
        Form::Parameters => parse_params(value)
            .map(|all| closed(DIGEST, &all))
            .unwrap_or_default(),
        Form::Challenges => proofs(value),
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
    let name = str::from_utf8(scheme).unwrap_or_default();
    let shown = match parse_credentials(value) {
        Ok(parsed) if parsed.token68().is_none() => parameters(name, Some(parsed.params().clone())),
        Ok(_) => REDACTED.into(),
        Err(_) => without_quotes(name, rest).map_or(REDACTED.into(), |pairs| loose(name, &pairs)),
    };
    [scheme, b" ", &shown].concat()
}

/// Parameters of a scheme that leaves out the quotes which RFC 9110 section 11.4 demands.
fn without_quotes<'a>(scheme: &str, rest: &'a [u8]) -> Option<Vec<(&'a str, &'a str)>> {
    let text = str::from_utf8(rest)
        .ok()
        .filter(|text| !text.contains('"'))?;
    text.split(separator(scheme).trim_end())
        .map(|param| param.trim_ascii().split_once('='))
        .collect()
}

fn separator(scheme: &str) -> &'static str {
    match scheme.eq_ignore_ascii_case(EDGEGRID) {
        true => ";",
        false => ", ",
    }
}

fn loose(scheme: &str, pairs: &[(&str, &str)]) -> Vec<u8> {
    let shown = pairs
        .iter()
        .map(|(name, value)| match is_open(scheme, name) {
            true => format!("{name}={value}"),
            false => format!("{name}={REDACTED}"),
        });
    let shown: Vec<_> = shown.collect();
    shown.join(separator(scheme)).into_bytes()
}

/// What is open of parameters, in their order; nothing of what could not be read.
fn parameters(scheme: &str, parsed: Option<Params<'_>>) -> Vec<u8> {
    let Some(parsed) = parsed.filter(|parsed| !parsed.is_empty()) else {
        return REDACTED.into();
    };
    parsed
        .iter()
        .map(|param| parameter(scheme, param))
        .collect::<Vec<_>>()
        .join(", ")
        .into_bytes()
}

fn parameter(scheme: &str, param: &Param<'_>) -> String {
    let name = param.name();
    match param.text().filter(|_| is_open(scheme, name)) {
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
    let Some((scheme, rest)) = split(value.as_bytes(), b' ') else {
        return vec![Secret::new(value.as_bytes())];
    };
    let scheme = str::from_utf8(scheme).unwrap_or_default();
    match (parse_credentials(value), without_quotes(scheme, rest)) {
        (Ok(parsed), _) if parsed.token68().is_none() => closed(scheme, parsed.params()),
        (Err(_), Some(pairs)) => {
            let closed = pairs.into_iter().filter(|(name, _)| !is_open(scheme, name));
            closed.map(|(_, value)| Secret::from(value)).collect()
        }
        _ => vec![Secret::new(rest.trim_ascii())],
    }
}

fn closed(scheme: &str, params: &Params<'_>) -> Vec<Secret> {
    let closed = params.iter().filter(|param| !is_open(scheme, param.name()));
    closed.map(|param| decoded(param.value())).collect()
}

fn proofs(value: &HeaderValue) -> Vec<Secret> {
    let challenges = parse([value]);
    let proofs = challenges.iter().filter_map(|one| one.param(PROOF));
    proofs.map(Secret::new).collect()
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
