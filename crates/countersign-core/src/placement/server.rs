//! The server: the one token of a request.

use http::request;

use super::is_form;
use crate::canonical::percent::Plus;
use crate::canonical::query;
use crate::challenge::{ParseError, is_token68, parse_credentials};
use crate::payload::Payload;
use crate::secret::Secret;
use crate::verify::{Reason, authorization};

/// Where a server looks for a token: in `Authorization`, and where it is told to.
#[derive(Clone, Debug)]
pub struct Places {
    scheme: Box<str>,
    query: Option<Box<str>>,
    form: Option<Box<str>>,
    max_token: usize,
}

impl Places {
    /// `Authorization`, behind the word `scheme` in any case.
    pub fn new(scheme: &str) -> Self {
        Self {
            scheme: scheme.into(),
            query: None,
            form: None,
            max_token: 16 << 10,
        }
    }

    /// Looks at the parameter of this name in the query too (RFC 6750 section 2.3).
    #[must_use]
    pub fn query(self, name: &str) -> Self {
        Self {
            query: Some(name.into()),
            ..self
        }
    }

    /// Looks at the parameter of this name in form bodies too (RFC 6750 section 2.2).
    #[must_use]
    pub fn form(self, name: &str) -> Self {
        Self {
            form: Some(name.into()),
            ..self
        }
    }

    /// The longest token that is taken, in bytes. 16 KiB by default; a header holds 8 KiB.
    #[must_use]
    pub fn max_token(self, bytes: usize) -> Self {
        Self {
            max_token: bytes,
            ..self
        }
    }

    /// Whether the body's bytes are needed: the answer to [`Verify::reads_body`](crate::verify::Verify::reads_body).
    pub fn reads_body(&self, request: &request::Parts) -> bool {
        self.form.is_some() && is_form(request)
    }

    /// The one token of a request. Nothing is looked at but the places that were named.
    ///
    /// # Errors
    ///
    /// [`Reason::Missing`] if there is none; [`Reason::Malformed`] for several, in one place or in two, and for one that
    /// is no token68 (RFC 6750 section 2.1); [`Reason::TooLarge`] for one that is too long; [`Reason::Unavailable`] if
    /// the body is needed and not in memory.
    pub fn find(&self, request: &request::Parts, body: &Payload) -> Result<Secret, Reason> {
        let places = [
            in_header(request, &self.scheme)?,
            in_pairs(request.uri.query(), self.query.as_deref())?,
            in_pairs(self.form_of(request, body)?, self.form.as_deref())?,
        ];
        let mut found = places.into_iter().flatten();
        match (found.next(), found.next()) {
            (None, _) => Err(Reason::Missing),
            (Some(token), None) => self.checked(token),
            (Some(_), Some(_)) => Err(Reason::Malformed),
        }
    }

    fn form_of<'a>(
        &self,
        request: &request::Parts,
        body: &'a Payload,
    ) -> Result<Option<&'a str>, Reason> {
        if !self.reads_body(request) {
            return Ok(None);
        }
        let bytes = body.bytes().ok_or(Reason::Unavailable)?;
        let form = str::from_utf8(bytes).map_err(|_| Reason::Malformed)?;
        Ok(Some(form))
    }

    fn checked(&self, token: Secret) -> Result<Secret, Reason> {
        match token.expose_str() {
            _ if token.expose().len() > self.max_token => Err(Reason::TooLarge),
            Some(text) if is_token68(text) => Ok(token),
            _ => Err(Reason::Malformed),
        }
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

fn in_pairs(pairs: Option<&str>, name: Option<&str>) -> Result<Option<Secret>, Reason> {
    let (Some(pairs), Some(name)) = (pairs, name) else {
        return Ok(None);
    };
    let mut found = query::pairs(pairs).filter(|pair| pair.is_named(name));
    let Some(pair) = found.next() else {
        return Ok(None);
    };
    if found.next().is_some() {
        return Err(Reason::Malformed);
    }
    let (_, token) = pair.decoded(Plus::Space).map_err(|_| Reason::Malformed)?;
    Ok(Some(Secret::new(token)))
}
