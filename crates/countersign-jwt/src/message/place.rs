//! Where a token stands in a request.

use countersign_core::canonical::percent::Plus;
use countersign_core::canonical::query;
use countersign_core::canonical::uri::UriError;
use countersign_core::challenge::{ParseError, parse_credentials};
use countersign_core::verify::{Reason, authorization};
use countersign_core::{Error, Result, Secret, add_header};
use http::header::AUTHORIZATION;
use http::{HeaderValue, request};

/// The word before a token, unless another one is chosen.
pub(crate) const BEARER: &str = "Bearer";

/// Where a client puts its token.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// `Authorization`, behind this word.
    Header(String),
    /// A parameter of the query.
    Query(String),
}

/// A token as it is put into requests.
pub(crate) struct Token {
    pub(crate) text: Secret,
    line: Option<HeaderValue>,
}

impl Place {
    /// What `text` looks like in this place.
    pub(crate) fn token(&self, text: Secret) -> Result<Token> {
        let line = match self {
            Self::Header(prefix) => Some(line(prefix, &text)?),
            Self::Query(_) => None,
        };
        Ok(Token { text, line })
    }

    /// Puts a token that was made for this place into a request, for the scheme `by`.
    pub(crate) fn put(
        &self,
        token: &Token,
        request: &mut request::Parts,
        by: &'static str,
    ) -> Result<()> {
        if let Some(line) = &token.line {
            add_header(request, AUTHORIZATION, line.clone(), by);
        }
        if let Self::Query(name) = self {
            put_in_query(name, &token.text, request)?;
            remove_header(request, by);
        }
        Ok(())
    }

    /// Refuses a place that no request has.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::Header(prefix) => line(prefix, &"token".into()).map(drop),
            Self::Query(name) if name.is_empty() => Err(Error::configuration(
                "the query parameter of the token has no name",
            )),
            Self::Query(_) => Ok(()),
        }
    }
}

fn line(prefix: &str, token: &Secret) -> Result<HeaderValue> {
    let space = if prefix.is_empty() { "" } else { " " };
    let line = [prefix.as_bytes(), space.as_bytes(), token.expose()].concat();
    let line = HeaderValue::try_from(line).map_err(|_| {
        Error::configuration("the token's prefix holds a control character: take it out")
    })?;
    // The first clone moves the bytes behind a count, which allocates; no request shall pay for it.
    Ok(line.clone())
}

fn put_in_query(name: &str, token: &Secret, request: &mut request::Parts) -> Result<()> {
    let token = token.expose_str().unwrap_or_default();
    let others = query::retain(&request.uri, |pair| !pair.is_named(name)).map_err(no_place)?;
    request.uri = query::append(&others, name, token).map_err(no_place)?;
    Ok(())
}

fn no_place(error: UriError) -> Error {
    Error::configuration("the URL has no place for the token").with_source(error)
}

/// A request has its token in one place only (RFC 6750 section 2).
fn remove_header(request: &mut request::Parts, by: &'static str) {
    if request.headers.remove(AUTHORIZATION).is_some() {
        tracing::warn!(header = %AUTHORIZATION, scheme = by, "removes a header that the caller set");
    }
}

/// The one token of a request, behind the word `scheme` in the header or, where that is allowed, in the query
/// parameter `name`; `Ok(None)` if there is none.
pub(crate) fn find(
    request: &request::Parts,
    scheme: &str,
    name: Option<&str>,
) -> Result<Option<Secret>, Reason> {
    let in_query = match name {
        Some(name) => in_query(request, name)?,
        None => None,
    };
    match (in_header(request, scheme)?, in_query) {
        (Some(_), Some(_)) => Err(Reason::Malformed),
        (token, None) | (None, token) => Ok(token),
    }
}

fn in_header(request: &request::Parts, scheme: &str) -> Result<Option<Secret>, Reason> {
    let Some(value) = authorization(request, scheme)? else {
        return Ok(None);
    };
    let credentials = parse_credentials(value).map_err(reason)?;
    match credentials.token68() {
        Some(token) => Ok(Some(token.into())),
        None if credentials.params().is_empty() => Ok(None),
        None => Err(Reason::Malformed),
    }
}

fn reason(error: ParseError) -> Reason {
    match error {
        ParseError::LimitExceeded => Reason::TooLarge,
        _ => Reason::Malformed,
    }
}

fn in_query(request: &request::Parts, name: &str) -> Result<Option<Secret>, Reason> {
    let mut found =
        query::pairs(request.uri.query().unwrap_or_default()).filter(|pair| pair.is_named(name));
    let Some(pair) = found.next() else {
        return Ok(None);
    };
    if found.next().is_some() {
        return Err(Reason::Malformed);
    }
    let (_, token) = pair.decoded(Plus::Literal).map_err(|_| Reason::Malformed)?;
    Ok(Some(Secret::new(token)))
}
