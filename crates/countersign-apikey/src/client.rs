//! The client: puts each key in its place.

use countersign_core::canonical::uri::UriError;
use countersign_core::{Error, Payload, Result, Sign, Touch, add_header, add_parameter};
use http::header::COOKIE;
use http::request;

use crate::credentials::{ApiKey, Key};
use crate::message::{self, Slot};

const NAME: &str = "apikey";

impl Sign for ApiKey {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.0.iter().any(|key| key.slot.touches(part))
    }

    fn sign(&self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        self.0.iter().try_for_each(|key| put(key, request))
    }
}

impl Slot {
    fn touches(&self, part: Touch<'_>) -> bool {
        match self {
            Self::Header(name) => part == Touch::Header(name),
            Self::Query(name) => part.is_parameter(name),
            Self::Cookie(_) => part == Touch::Header(&COOKIE),
        }
    }
}

fn put(key: &Key, request: &mut request::Parts) -> Result<()> {
    match &key.slot {
        Slot::Header(name) => add_header(request, name.clone(), key.header.clone(), NAME),
        Slot::Query(name) => add_parameter(request, name, key.text()?, NAME).map_err(no_place)?,
        Slot::Cookie(name) => {
            let cookies = message::cookies_with(&request.headers, name, key.text()?)?;
            // Not `add_header`: the caller's other cookies are in it still.
            request.headers.insert(COOKIE, cookies);
        }
    }
    Ok(())
}

fn no_place(error: UriError) -> Error {
    Error::configuration("the URL has no place for the API key").with_source(error)
}
