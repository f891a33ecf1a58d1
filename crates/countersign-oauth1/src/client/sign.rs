//! How a request is signed.

use countersign_core::canonical::form;
use countersign_core::canonical::host::HostError;
use countersign_core::canonical::percent::{self, DecodeError, UNRESERVED};
use countersign_core::canonical::uri::{UriError, with_query};
use countersign_core::{Error, ErrorKind, Payload, Result, Touch, add_header, remove_header};
use http::header::AUTHORIZATION;
use http::request;

use super::builder::Placement;
use super::settings::{Fresh, Protocol, text};
use super::{NAME, OAuth1};
use crate::address::Address;
use crate::base_string::{BaseString, Parameters};
use crate::form::Form;
use crate::message;
use crate::method::Text;
use crate::parameter::SIGNATURE;

impl OAuth1 {
    pub(super) fn sign_now(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let place = self.place(request, body)?;
        take_out(request, body)?;
        let fresh = self.fresh(request, body)?;
        let signature;
        let mut protocol = self.0.protocol(&fresh);
        signature = encoded(&self.signature(request, body, &protocol)?);
        if let (Placement::Header, Some(line)) = (place, &self.0.line) {
            let value = line.fill(&fresh.timestamp, &fresh.nonce, &signature)?;
            add_header(request, AUTHORIZATION, value, NAME);
            return Ok(());
        }
        protocol.push((SIGNATURE, text(&signature)));
        match place {
            Placement::Form => put_form(request, body, &protocol)?,
            Placement::Query => put_query(request, &protocol)?,
            _ => return self.put_header(request, &protocol),
        }
        // A request has its parameters in one place only.
        remove_header(request, &AUTHORIZATION, NAME);
        Ok(())
    }

    /// Where the parameters go in this request.
    fn place(&self, request: &request::Parts, body: &Payload) -> Result<Placement> {
        let is_form = || Ok(matches!(form_of(request, body)?, Form::Encoded(_)));
        match self.0.placement {
            Placement::Form if !is_form()? => Err(no_form()),
            Placement::FormOrQuery if is_form()? => Ok(Placement::Form),
            Placement::FormOrQuery => Ok(Placement::Query),
            place => Ok(place),
        }
    }

    fn signature(
        &self,
        request: &request::Parts,
        body: &Payload,
        protocol: &Protocol<'_>,
    ) -> Result<Text> {
        let base = base_string(request, body, protocol)?;
        self.0.key.sign(&base.text(), &self.0.sources)
    }

    /// What this request has of its own among the protocol parameters.
    pub(super) fn fresh(&self, request: &request::Parts, body: &Payload) -> Result<Fresh> {
        let hash = self.body_hash(request, body)?;
        self.0.fresh(hash.as_ref())
    }

    fn body_hash(&self, request: &request::Parts, body: &Payload) -> Result<Option<Text>> {
        match self.0.method.hash().filter(|_| self.hashes_body(request)) {
            Some(hash) => Ok(Some(hash.of_body(bytes(body)?))),
            None => Ok(None),
        }
    }

    pub(super) fn hashes_body(&self, request: &request::Parts) -> bool {
        self.0.body_hash && !form::is_declared(request)
    }

    fn put_header(&self, request: &mut request::Parts, protocol: &Protocol<'_>) -> Result<()> {
        let raw = self.0.raw_header;
        let value = message::header(self.0.realm.as_deref(), protocol, raw)?;
        add_header(request, AUTHORIZATION, value, NAME);
        Ok(())
    }
}

/// Its own parameters, wherever they are; those that an earlier signature left are taken out of the query and the form.
pub(super) fn touches(part: Touch<'_>) -> bool {
    match part {
        Touch::Parameter(pair) => message::is_taken(pair),
        Touch::Body => true,
        other => other.is_authorization(),
    }
}

/// Percent-encoded.
fn encoded(signature: &[u8]) -> Text {
    let mut encoded = Text::new();
    let put = &mut |run: &[u8]| encoded.extend_from_slice(run);
    percent::encode(signature, UNRESERVED, put);
    encoded
}

/// What is signed of a request and the protocol parameters that will be in it.
pub(super) fn base_string<'a>(
    request: &'a request::Parts,
    body: &'a Payload,
    protocol: &'a Protocol<'_>,
) -> Result<BaseString<'a>> {
    let query = request.uri.query().unwrap_or_default();
    let form = form_of(request, body)?.pairs();
    let parameters = Parameters::new(query, form, protocol).map_err(broken_query)?;
    let address = Address::outgoing(request).map_err(no_address)?;
    Ok(BaseString::new(&request.method, address, parameters))
}

fn form_of<'a>(request: &request::Parts, body: &'a Payload) -> Result<Form<'a>> {
    match form::is_readable(request) {
        true => Ok(Form::of(request, bytes(body)?)),
        false => Ok(Form::of(request, &[])),
    }
}

fn bytes(body: &Payload) -> Result<&[u8]> {
    body.bytes().ok_or_else(not_in_memory)
}

/// Takes out what an earlier signature, or the caller, put where ours will be.
pub(super) fn take_out(request: &mut request::Parts, body: &mut Payload) -> Result<()> {
    let query = request.uri.query().unwrap_or_default();
    if let Some(query) = message::without_protocol(query) {
        report("query");
        let query = Some(query).filter(|query| !query.is_empty());
        request.uri = with_query(&request.uri, query.as_deref()).map_err(no_place)?;
    }
    if let Some(form) = message::without_protocol(form_of(request, body)?.pairs()) {
        report("form");
        body.replace(form);
    }
    Ok(())
}

fn report(place: &str) {
    tracing::warn!(
        place,
        scheme = NAME,
        "removes parameters that the caller set"
    );
}

fn put_query(request: &mut request::Parts, protocol: &Protocol<'_>) -> Result<()> {
    let query = message::joined(request.uri.query().unwrap_or_default(), protocol);
    request.uri = with_query(&request.uri, Some(&query)).map_err(no_place)?;
    Ok(())
}

fn put_form(request: &request::Parts, body: &mut Payload, protocol: &Protocol<'_>) -> Result<()> {
    let form = message::joined(form_of(request, body)?.pairs(), protocol);
    body.replace(form);
    Ok(())
}

fn no_address(error: HostError) -> Error {
    Error::configuration("the request has no address that can be signed").with_source(error)
}

fn no_place(error: UriError) -> Error {
    Error::configuration("the URL has no place for the parameters").with_source(error)
}

fn no_form() -> Error {
    Error::configuration(
        "the parameters go into a form, and this body is none: send application/x-www-form-urlencoded, or put them \
         into the header",
    )
}

fn not_in_memory() -> Error {
    Error::new(
        ErrorKind::BodyNotReplayable,
        "the body is signed and not in memory: give it as bytes, or leave out the body hash",
    )
}

fn broken_query(error: DecodeError) -> Error {
    Error::configuration("the query holds a broken percent-escape").with_source(error)
}
