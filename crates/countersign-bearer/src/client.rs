//! The client: one token in one place.

use countersign_core::canonical::query;
use countersign_core::{Error, Payload, Result, Sign, add_header};
use http::header::AUTHORIZATION;
use http::{Uri, request};

use crate::credentials::{Bearer, Place};
use crate::message::{self, PARAMETER};

const NAME: &str = "bearer";

impl Sign for Bearer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.place == Place::Form
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        match self.place {
            Place::Header => {
                add_header(request, AUTHORIZATION, self.header.clone(), NAME);
                return Ok(());
            }
            Place::Query => request.uri = in_query(&request.uri, self.token()?)?,
            Place::Form => {
                let form = in_form(request, body, self.token()?)?;
                request.uri = without_parameter(&request.uri)?;
                body.replace(form);
            }
        }
        remove_header(request);
        Ok(())
    }
}

/// A request has its token in one place only (RFC 6750 section 2).
fn remove_header(request: &mut request::Parts) {
    if request.headers.remove(AUTHORIZATION).is_some() {
        tracing::warn!(header = %AUTHORIZATION, scheme = NAME, "removes a header that the caller set");
    }
}

fn without_parameter(uri: &Uri) -> Result<Uri> {
    query::retain(uri, |pair| !pair.is_named(PARAMETER)).map_err(no_place)
}

fn in_query(uri: &Uri, token: &str) -> Result<Uri> {
    query::append(&without_parameter(uri)?, PARAMETER, token).map_err(no_place)
}

fn no_place(error: countersign_core::canonical::uri::UriError) -> Error {
    Error::configuration("the URL has no place for the token").with_source(error)
}

fn in_form(request: &request::Parts, body: &Payload, token: &str) -> Result<String> {
    if !message::is_form(request) {
        return Err(no_form());
    }
    let form = body
        .bytes()
        .and_then(|bytes| str::from_utf8(bytes).ok())
        .ok_or_else(no_form)?;
    Ok(message::form_with(form, token))
}

fn no_form() -> Error {
    Error::configuration(
        "the token goes into a form, and this body is none: send application/x-www-form-urlencoded by POST, \
         or put the token into the header",
    )
}
