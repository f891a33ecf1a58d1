//! The server: finds the keys of a request and looks them up.

use countersign_core::canonical::{percent::Plus, query};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Error, Payload, Result, Secret};
use http::{HeaderValue, request};

use crate::message::{self, Place, Slot};
use crate::store::Keys;

/// The longest key that is looked up, in bytes.
const MAX_KEY: usize = 8 << 10;

/// Demands an API key, or several that all have the same label. The principal is the label, never the key.
///
/// A key that stands twice in its place is malformed, whatever the values.
#[derive(Clone, Debug)]
pub struct ApiKeyVerifier<K> {
    keys: K,
    slots: Vec<Slot>,
    challenge: HeaderValue,
}

impl<K: Keys> ApiKeyVerifier<K> {
    /// A verifier for the key of this name, whose challenge names `realm`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a name that
    /// [`ApiKey`](crate::ApiKey) refuses, and for a control character in `realm`.
    pub fn new(realm: &str, place: Place, name: &str, keys: K) -> Result<Self> {
        let slots = vec![Slot::new(place, name)?];
        Ok(Self {
            keys,
            slots,
            challenge: message::challenge(realm)?,
        })
    }

    /// Demands another key *as well*, with the same label: an application's identifier beside its secret. One key that
    /// may come in one place *or* another is what [`any_of`](countersign_core::verify::any_of) is for.
    ///
    /// ```
    /// use countersign_apikey::{ApiKeyVerifier, MemoryKeys, Place};
    ///
    /// let keys = MemoryKeys::new([("s3cret", "billing"), ("app-7", "billing")]);
    /// let verifier = ApiKeyVerifier::new("example", Place::Header, "X-Api-Key", keys)?
    ///     .and(Place::Header, "X-App-Id")?;
    /// # Ok::<(), countersign_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a name that
    /// [`ApiKey`](crate::ApiKey) refuses, or that is demanded already.
    pub fn and(mut self, place: Place, name: &str) -> Result<Self> {
        let slot = Slot::new(place, name)?;
        if self.slots.contains(&slot) {
            return Err(Error::configuration("this API key is demanded already"));
        }
        self.slots.push(slot);
        Ok(self)
    }
}

impl<K: Keys> Verify for ApiKeyVerifier<K> {
    type Principal = String;

    fn verify(&self, request: &request::Parts, _: &Payload) -> Begin<Verdict<String>> {
        let challenge = self.challenge.clone();
        let keys: Result<Vec<Secret>, Reason> = self
            .slots
            .iter()
            .map(|slot| required(request, slot))
            .collect();
        let found: Vec<_> = match keys {
            Ok(keys) => keys.into_iter().map(|key| self.keys.find(key)).collect(),
            Err(reason) => return Begin::ready(Verdict::challenge(reason, [challenge])),
        };
        Begin::wait(async move {
            Ok(match common(found).await? {
                Some(label) => Verdict::accept("apikey", label),
                None => Verdict::challenge(Reason::Rejected, [challenge]),
            })
        })
    }
}

/// The label that all keys have. All are awaited, so that time does not tell which one is wrong.
async fn common(found: Vec<Begin<Option<String>>>) -> Result<Option<String>> {
    let mut labels = Vec::with_capacity(found.len());
    for label in found {
        labels.push(label.await?);
    }
    let label = labels.pop().flatten();
    Ok(label.filter(|label| labels.iter().all(|other| other.as_ref() == Some(label))))
}

fn required(request: &request::Parts, slot: &Slot) -> Result<Secret, Reason> {
    let key = key(request, slot)?.ok_or(Reason::Missing)?;
    match key.expose().len() {
        0..=MAX_KEY => Ok(key),
        _ => Err(Reason::TooLarge),
    }
}

fn key(request: &request::Parts, slot: &Slot) -> Result<Option<Secret>, Reason> {
    match slot {
        Slot::Header(name) => {
            let value = one(request.headers.get_all(name).iter())?;
            Ok(value.map(|value| Secret::new(value.as_bytes())))
        }
        Slot::Query(name) => {
            let pairs = query::pairs(request.uri.query().unwrap_or_default());
            one(pairs.filter(|pair| pair.is_named(name)))?
                .map(decoded)
                .transpose()
        }
        Slot::Cookie(name) => {
            let cookies = message::cookies(&request.headers);
            let value = one(cookies.filter_map(|cookie| message::cookie_named(cookie, name)))?;
            Ok(value.map(Secret::new))
        }
    }
}

/// The only item; several are one request that two servers may read in two ways.
fn one<T>(mut items: impl Iterator<Item = T>) -> Result<Option<T>, Reason> {
    match (items.next(), items.next()) {
        (Some(_), Some(_)) => Err(Reason::Malformed),
        (item, _) => Ok(item),
    }
}

fn decoded(pair: query::RawPair<'_>) -> Result<Secret, Reason> {
    let (_, value) = pair.decoded(Plus::Space).map_err(|_| Reason::Malformed)?;
    Ok(Secret::new(value))
}
