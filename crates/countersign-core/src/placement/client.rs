//! The client: one token in one place.

use std::fmt;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Uri, request};

use super::is_form;
use crate::add::{add_header, add_parameter, remove_header};
use crate::canonical::uri::UriError;
use crate::canonical::{percent, query};
use crate::error::{Error, Result};
use crate::payload::Payload;
use crate::secret::Secret;
use crate::touch::Touch;

/// Where a client puts its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// `Authorization`, behind this word and one space; an empty word leaves the token bare.
    Header(Arc<str>),
    /// The parameter of this name in the query (RFC 6750 section 2.3), where logs and histories keep it.
    Query(Arc<str>),
    /// The parameter of this name in a form body (RFC 6750 section 2.2).
    Form(Arc<str>),
}

impl Placement {
    /// Makes `token` ready for this place, once for many requests.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for an empty token, one that is no text or that
    /// no header can carry, and for a parameter without a name.
    pub fn place(&self, token: impl Into<Secret>) -> Result<Placed> {
        let token = token.into();
        let text = token.expose_str().filter(|text| !text.is_empty());
        let text = text.ok_or_else(no_token)?;
        let place = match self {
            Self::Header(prefix) => Place::Header(line(prefix, text)?),
            Self::Query(name) => Place::Query(named(name)?.clone()),
            Self::Form(name) => Place::Form(named(name)?.clone()),
        };
        Ok(Placed {
            place,
            token: Arc::new(token),
        })
    }

    /// What stands before the token in `Authorization`: the word and its space. `None` where the token goes elsewhere.
    pub fn before_token(&self) -> Option<String> {
        match self {
            Self::Header(prefix) if prefix.is_empty() => Some(String::new()),
            Self::Header(prefix) => Some([prefix, " "].concat()),
            Self::Query(_) | Self::Form(_) => None,
        }
    }

    /// Whether a token in this place changes that part: the answer to [`Sign::touches`](crate::Sign::touches).
    pub fn touches(&self, part: Touch<'_>) -> bool {
        let named = |name| part.is_parameter(name);
        part.is_authorization()
            || match self {
                Self::Header(_) => false,
                Self::Query(name) => named(name),
                Self::Form(name) => named(name) || part == Touch::Body,
            }
    }

    /// Refuses a place that no request has, before there is a token.
    ///
    /// # Errors
    ///
    /// Those of [`place`](Self::place).
    pub fn check(&self) -> Result<()> {
        self.place("token").map(drop)
    }
}

/// A token as it is put into requests; a clone costs no heap allocation. `Debug` does not show it.
#[derive(Clone)]
pub struct Placed {
    place: Place,
    token: Arc<Secret>,
}

#[derive(Clone, Debug)]
enum Place {
    /// The whole line, which is sensitive, so `Debug` does not show it.
    Header(HeaderValue),
    Query(Arc<str>),
    Form(Arc<str>),
}

impl Placed {
    /// The token by itself.
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// The same token in the parameter of this name in the query instead.
    #[must_use]
    pub fn in_query(self, name: &str) -> Self {
        Self {
            place: Place::Query(name.into()),
            ..self
        }
    }

    /// The same token in the parameter of this name in a form body instead.
    #[must_use]
    pub fn in_form(self, name: &str) -> Self {
        Self {
            place: Place::Form(name.into()),
            ..self
        }
    }

    /// Whether the body's bytes are needed: the answer to [`Sign::reads_body`](crate::Sign::reads_body).
    pub fn reads_body(&self) -> bool {
        matches!(self.place, Place::Form(_))
    }

    /// Whether it changes that part: the answer to [`Sign::touches`](crate::Sign::touches).
    pub fn touches(&self, part: Touch<'_>) -> bool {
        match &self.place {
            Place::Header(_) => part.is_authorization(),
            Place::Query(name) => Placement::Query(name.clone()).touches(part),
            Place::Form(name) => Placement::Form(name.clone()).touches(part),
        }
    }

    /// Puts the token into a request, for the scheme `by`. What stands there already is replaced: in the header, the
    /// header; in the query, its parameters of that name and the header; in a form, those of form, query and header, as
    /// a request has its token in one place only (RFC 6750 section 2).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for a parameter without a name, a target that has
    /// no query, and, for a form, for a body that is none or a method that gives a body no meaning.
    pub fn put(
        &self,
        request: &mut request::Parts,
        body: &mut Payload,
        by: &'static str,
    ) -> Result<()> {
        match &self.place {
            Place::Header(line) => {
                add_header(request, AUTHORIZATION, line.clone(), by);
                return Ok(());
            }
            Place::Query(name) => {
                add_parameter(request, named(name)?, self.text()?, by).map_err(no_place)?;
            }
            Place::Form(name) => self.put_in_form(named(name)?, request, body)?,
        }
        remove_header(request, &AUTHORIZATION, by);
        Ok(())
    }

    fn put_in_form(
        &self,
        name: &str,
        request: &mut request::Parts,
        body: &mut Payload,
    ) -> Result<()> {
        let bytes = body.bytes().filter(|_| is_form(request));
        let form = bytes.and_then(|bytes| str::from_utf8(bytes).ok());
        let form = form_with(form.ok_or_else(no_form)?, name, self.text()?);
        request.uri = without(&request.uri, name)?;
        body.replace(form);
        Ok(())
    }

    fn text(&self) -> Result<&str> {
        self.token.expose_str().ok_or_else(no_token)
    }
}

impl fmt::Debug for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Placed")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

fn line(prefix: &str, token: &str) -> Result<HeaderValue> {
    let space = if prefix.is_empty() { "" } else { " " };
    let line = [prefix, space, token].concat();
    let mut value = HeaderValue::try_from(line).map_err(|_| not_header_text())?;
    value.set_sensitive(true);
    // The first clone moves the bytes behind a count, which allocates; no request shall pay for it.
    Ok(value.clone())
}

fn without(uri: &Uri, name: &str) -> Result<Uri> {
    query::retain(uri, |pair| !pair.is_named(name)).map_err(no_place)
}

/// A form with this parameter once.
fn form_with(form: &str, name: &str, token: &str) -> String {
    let encoded = |text: &'_ str| percent::encoded(text.as_bytes(), percent::FORM).into_owned();
    let others = query::pairs(form).filter(|pair| !pair.is_named(name));
    let mut pieces: Vec<&str> = others.map(query::RawPair::as_str).collect();
    let pair = [encoded(name), encoded(token)].join("=");
    pieces.push(&pair);
    pieces.join("&")
}

fn no_token() -> Error {
    Error::configuration("the token is empty, or no text")
}

fn named(name: &Arc<str>) -> Result<&Arc<str>> {
    match name.is_empty() {
        true => Err(Error::configuration(
            "the parameter of the token has no name",
        )),
        false => Ok(name),
    }
}

fn not_header_text() -> Error {
    Error::configuration("the token or its prefix holds a control character: take it out")
}

fn no_place(error: UriError) -> Error {
    Error::configuration("the URL has no place for the token").with_source(error)
}

fn no_form() -> Error {
    Error::configuration(
        "the token goes into a form, and this body is none: send application/x-www-form-urlencoded by POST, \
         or put the token into the header",
    )
}
