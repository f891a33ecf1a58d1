//! [`Parameter`], what a server wants beside the parameters that the specifications name.

use std::fmt;

use countersign_core::{Error, Result, Secret};
use http::{HeaderName, HeaderValue, header};

/// A parameter of the user's own, added to a request of one kind. `Debug` does not show its value.
///
/// A name may be given several times; then it is sent as often.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) value: Secret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Body,
    Url,
    Header,
}

/// What every request already has where its grant needs it; another value would make it another request.
const RESERVED: &[&str] = &[
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "device_code",
    "grant_type",
    "password",
    "redirect_uri",
    "refresh_token",
    "response_type",
    "state",
    "username",
];

/// What a request's own framing and form need.
const OWN_FIELDS: &[HeaderName] = &[
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TRANSFER_ENCODING,
];

impl Parameter {
    /// A field of the form that is sent; of the query in an authorization request, which has no body.
    pub fn body(name: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self::new(Place::Body, name, value)
    }

    /// A parameter of the query, where logs keep it.
    pub fn url(name: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self::new(Place::Url, name, value)
    }

    /// A header field. An authorization request, which the browser sends, cannot have one.
    pub fn header(name: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self::new(Place::Header, name, value)
    }

    fn new(place: Place, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self {
            place,
            name: name.into(),
            value: value.into(),
        }
    }

    pub(crate) fn text(&self) -> Result<&str> {
        self.value
            .expose_str()
            .ok_or_else(|| Error::configuration("a parameter's value is no text"))
    }

    pub(crate) fn field(&self) -> Result<(HeaderName, HeaderValue)> {
        let name = HeaderName::try_from(&self.name);
        let value = HeaderValue::from_bytes(self.value.expose());
        let (Ok(name), Ok(mut value)) = (name, value) else {
            return Err(Error::configuration(
                "a parameter that goes into a header has a name or a value that no header can carry",
            ));
        };
        value.set_sensitive(true);
        Ok((name, value))
    }

    pub(crate) fn check(&self) -> Result<()> {
        let is_taken = match self.place {
            Place::Header => OWN_FIELDS.contains(&self.field()?.0),
            _ => self.name.is_empty() || RESERVED.contains(&self.name.as_str()),
        };
        match is_taken {
            true => Err(Error::configuration(format!(
                "the parameter {:?} cannot be added: it has no name, a setting of its own, or is the request's own",
                self.name
            ))),
            false if self.place == Place::Header => Ok(()),
            false => self.text().map(drop),
        }
    }

    /// Whether it is the header that the client authenticates in.
    pub(crate) fn authenticates(&self) -> bool {
        self.place == Place::Header && self.name.eq_ignore_ascii_case("authorization")
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parameter")
            .field("place", &self.place)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
