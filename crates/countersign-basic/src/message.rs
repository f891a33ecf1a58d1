//! The `Authorization` and `WWW-Authenticate` fields of RFC 7617.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::challenge::{self, Param, ParseError};
use countersign_core::verify::Reason;
use countersign_core::{Error, Result, Secret};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, response};
use zeroize::Zeroizing;

/// The scheme's name on the wire; case does not matter there.
pub(crate) const SCHEME: &str = "Basic";

/// How text becomes bytes before base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Latin1,
}

/// What a server reads.
pub(crate) struct Login {
    pub(crate) username: String,
    pub(crate) password: Secret,
}

/// A control character that no credential may hold. A tab passes: the reference vectors sign it, and inside base64 it
/// does no harm.
pub(crate) fn has_control(text: &str) -> bool {
    text.chars()
        .any(|character| character.is_control() && character != '\t')
}

/// `Basic base64(username ":" password)`; the caller has checked both.
pub(crate) fn write(username: &str, password: &str, charset: Charset) -> Result<HeaderValue> {
    let plain = Zeroizing::new(plain(username, password, charset)?);
    let encoded = Zeroizing::new(STANDARD.encode(&plain));
    let mut value = challenge::write_token68(SCHEME, &encoded).map_err(too_long)?;
    value.set_sensitive(true);
    // The first clone moves the bytes behind a count, which allocates; no request shall pay for it.
    Ok(value.clone())
}

fn plain(username: &str, password: &str, charset: Charset) -> Result<Vec<u8>> {
    let characters = || username.chars().chain([':']).chain(password.chars());
    match charset {
        Charset::Utf8 => Ok([username, ":", password].concat().into_bytes()),
        Charset::Latin1 => characters()
            .map(|one| u8::try_from(one).map_err(not_latin1))
            .collect(),
    }
}

fn not_latin1<E>(_: E) -> Error {
    Error::configuration("a character of the credentials is not in Latin-1: send them in UTF-8")
}

fn too_long(error: challenge::WriteError) -> Error {
    Error::configuration("the credentials do not fit into a header").with_source(error)
}

/// Reads credentials strictly: one token68 of canonical base64 over UTF-8.
pub(crate) fn read(value: &HeaderValue) -> Result<Login, Reason> {
    let credentials = challenge::parse_credentials(value).map_err(reason)?;
    credentials
        .token68()
        .and_then(login)
        .ok_or(Reason::Rejected)
}

fn reason(error: ParseError) -> Reason {
    match error {
        ParseError::LimitExceeded => Reason::TooLarge,
        _ => Reason::Malformed,
    }
}

fn login(token68: &str) -> Option<Login> {
    let plain = Zeroizing::new(STANDARD.decode(token68).ok()?);
    let text = str::from_utf8(&plain)
        .ok()
        .filter(|text| !has_control(text))?;
    let (username, password) = text.split_once(':')?;
    Some(Login {
        username: username.to_owned(),
        password: password.into(),
    })
}

/// The challenge of a server: RFC 7617 section 2.1.
pub(crate) fn challenge(realm: &str) -> Result<HeaderValue> {
    let params = [
        Param::quoted("realm", realm),
        Param::quoted("charset", "UTF-8"),
    ];
    challenge::write(SCHEME, &params)
        .map_err(|error| Error::configuration("the realm cannot be sent").with_source(error))
}

/// The charset that the first Basic challenge of a refusal asks for: the configured one unless it says UTF-8.
pub(crate) fn offered(refused: &response::Parts) -> Option<Option<Charset>> {
    let challenges = challenge::parse(refused.headers.get_all(WWW_AUTHENTICATE));
    let basic = challenges.iter().find(|challenge| challenge.is(SCHEME))?;
    let utf8 = basic
        .text("charset")
        .is_some_and(|name| name.eq_ignore_ascii_case("UTF-8"));
    Some(utf8.then_some(Charset::Utf8))
}
