//! [`Bearer`], what the user configures.

use countersign_core::challenge::is_token68;
use countersign_core::placement::{Placed, Placement};
use countersign_core::{Error, Result};

use crate::message::{PARAMETER, SCHEME};

/// A token and where it is put. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub(crate) placed: Placed,
    in_header: bool,
}

impl Bearer {
    /// A token of the grammar that RFC 6750 section 2.1 gives: letters, digits and `-._~+/`, then `=` to pad.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for any other token, and for an
    /// empty one.
    pub fn new(token: &str) -> Result<Self> {
        match is_token68(token) {
            true => Self::any_token(token),
            false => Err(not_a_b64token()),
        }
    }

    /// A token that a server invented without regard to the grammar: any text that a header carries unchanged.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character, a space at
    /// either end, or an empty token.
    pub fn any_token(token: &str) -> Result<Self> {
        if token.is_empty() || token.trim() != token || token.contains('\t') {
            return Err(not_header_text());
        }
        Ok(Self {
            placed: Placement::Header(SCHEME.into()).place(token)?,
            in_header: true,
        })
    }

    /// Writes another word before the token, without spaces around it; an empty one leaves the token bare.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if a header cannot carry it.
    pub fn prefix(self, prefix: &str) -> Result<Self> {
        let token = self.placed.token().clone();
        let placed = Placement::Header(prefix.trim().into()).place(token)?;
        match self.in_header {
            true => Ok(Self { placed, ..self }),
            false => Ok(self),
        }
    }

    /// Puts the token into the query as `access_token` (RFC 6750 section 2.3), where logs and histories keep it:
    /// for servers that take it nowhere else. An `Authorization` header and parameters of that name are removed.
    #[must_use]
    pub fn in_query(self) -> Self {
        Self {
            placed: self.placed.in_query(PARAMETER),
            in_header: false,
        }
    }

    /// Puts the token into the body as `access_token` (RFC 6750 section 2.2). An `Authorization` header and
    /// parameters of that name, in body and query, are removed.
    ///
    /// A request fails unless its body is a form (`application/x-www-form-urlencoded`) and its method gives a body
    /// a meaning.
    #[must_use]
    pub fn in_form(self) -> Self {
        Self {
            placed: self.placed.in_form(PARAMETER),
            in_header: false,
        }
    }
}

fn not_a_b64token() -> Error {
    Error::configuration(
        "not a bearer token: use letters, digits and -._~+/, then = to pad, or send it as it is by any_token",
    )
}

fn not_header_text() -> Error {
    Error::configuration("the token is empty, or has a control character or a space around it")
}
