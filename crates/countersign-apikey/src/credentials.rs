//! [`ApiKey`], what the user configures.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Result, Secret};
use http::HeaderValue;

use crate::message::{self, Place, Slot};

/// One key or several, each under its exact name. `Debug` shows no value.
#[derive(Clone)]
pub struct ApiKey(pub(crate) Arc<[Key]>);

#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) slot: Slot,
    pub(crate) header: HeaderValue,
    text: Secret,
}

impl ApiKey {
    /// A key in a header; one of the same name that the caller set is replaced. Case does not matter in the name.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn header(name: &str, value: &str) -> Result<Self> {
        Self::new(Place::Header, name, value)
    }

    /// A key in the query, percent-encoded, at its end; parameters of exactly this name are removed.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn query(name: &str, value: &str) -> Result<Self> {
        Self::new(Place::Query, name, value)
    }

    /// A key in a cookie, beside the caller's other cookies; cookies of exactly this name are removed.
    ///
    /// A jar below authentication may leave a request alone that has a `Cookie` by then: reqwest's own does, so its
    /// cookies are not sent. `countersign-reqwest` shows a middleware that sends both.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn cookie(name: &str, value: &str) -> Result<Self> {
        Self::new(Place::Cookie, name, value)
    }

    /// A key in a place that is chosen at run time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for
    /// - an empty name, one that its place cannot carry, or a header that frames or routes the message (`Host`,
    ///   `Content-Length`, `Connection`, `Proxy-…` and their like);
    /// - an empty value, a control character, a space at either end of a header's value, or what RFC 6265
    ///   section 4.1.1 keeps out of cookies.
    pub fn new(place: Place, name: &str, value: &str) -> Result<Self> {
        match value {
            "" => Err(Error::configuration(
                "the API key is empty: set it, or allow that by lenient",
            )),
            value => Self::lenient(place, name, value),
        }
    }

    /// As [`new`](Self::new), but sends an empty value too, as Postman does.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new) but for the empty value.
    pub fn lenient(place: Place, name: &str, value: &str) -> Result<Self> {
        let slot = Slot::new(place, name)?;
        let header = message::value(&slot, value)?;
        Ok(Self(
            [Key {
                slot,
                header,
                text: value.into(),
            }]
            .into(),
        ))
    }

    /// Sends these and the other ones, each in its place.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if two have the same place and name.
    pub fn and(self, other: Self) -> Result<Self> {
        let is_taken = |key: &Key| self.0.iter().any(|own| own.slot == key.slot);
        match other.0.iter().any(is_taken) {
            true => Err(Error::configuration(
                "two API keys have the same place and name",
            )),
            false => Ok(Self(self.0.iter().chain(&*other.0).cloned().collect())),
        }
    }
}

impl Key {
    pub(crate) fn text(&self) -> Result<&str> {
        self.text
            .expose_str()
            .ok_or_else(|| Error::configuration("the API key is not text"))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = self.0.iter().map(|key| &key.slot);
        f.write_str("ApiKey")?;
        f.debug_list().entries(slots).finish()
    }
}
