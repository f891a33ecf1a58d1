//! The client.

mod config;
mod exchange;
mod session;
mod texts;

use std::fmt;
use std::sync::Arc;

use countersign_core::{Begin, Cx, Result, Scheme, Secret, Sources, Strength};
use http::response;

pub(crate) use config::{Config, refusal};
pub use exchange::DigestExchange;
pub(crate) use session::Session;

use crate::algorithm::Algorithm;
use crate::credentials::{Credentials, Preset};
use crate::message::Qop;
use crate::state::{Entry, Place, Store};

/// The Digest scheme of a client.
///
/// The first request to an origin goes without credentials and is sent again with the answer to its challenge;
/// requests that begin meanwhile wait for that challenge. Every later one is signed at once with the same nonce and
/// the next count. What it learns is kept per origin and realm, for up to 1024 origins; clones share it.
///
/// User name and password are hashed as UTF-8, as they are: give them in Unicode's NFC form (RFC 7616, section 4).
#[derive(Clone)]
pub struct Digest {
    config: Arc<Config>,
    store: Arc<Store>,
}

impl Digest {
    /// Authenticates as `username`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if either holds a control character.
    pub fn new(username: impl Into<String>, password: impl Into<Secret>) -> Result<Self> {
        let credentials = Credentials::new(username.into(), password.into())?;
        Ok(Self {
            config: Arc::new(Config::new(credentials)),
            store: Arc::default(),
        })
    }

    /// Answers no challenge with a weaker algorithm, nor one of a weaker scheme beside this one. A `-sess` form is
    /// as strong as its plain one, SHA-512 as SHA-512-256.
    #[must_use]
    pub fn min_algorithm(self, minimum: Algorithm) -> Self {
        self.change(|config| config.minimum = Some(minimum))
    }

    /// Answers no challenge without a quality of protection (RFC 2069). Off by default.
    #[must_use]
    pub fn require_qop(self, require: bool) -> Self {
        self.change(|config| config.require_qop = require)
    }

    /// Protects the body too where the server offers `auth` and `auth-int`. It needs the body in memory. Off by
    /// default; a server that offers `auth-int` alone gets it anyway.
    #[must_use]
    pub fn prefer_auth_int(self, prefer: bool) -> Self {
        self.change(|config| config.prefer_auth_int = prefer)
    }

    /// Demands that every answer but a refusal proves that the server knows the password (`rspauth`, RFC 7616,
    /// section 3.5), also the answer to a request that was not challenged. With `auth-int` the answer's body is held
    /// in memory for it, and must not have been decoded on its way. Off by default: then a wrong proof is only
    /// reported to the log.
    #[must_use]
    pub fn verify_rspauth(self, verify: bool) -> Self {
        self.change(|config| config.verify_rspauth = verify)
    }

    /// What is known before the first challenge.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character, an empty
    /// nonce or a count of 0.
    pub fn preset(self, preset: Preset) -> Result<Self> {
        preset.check()?;
        Ok(self.change(|config| {
            config.prefer_auth_int |= preset.qop == Some(Qop::AuthInt);
            config.preset = preset;
        }))
    }

    /// Takes randomness from elsewhere.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        self.change(|config| config.sources = sources)
    }

    /// Starts with an empty store, so that nothing learned under other terms is used under these.
    fn change(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self.store = Arc::default();
        self
    }
}

fn begin_at(place: Arc<Place>) -> Begin<DigestExchange> {
    match place.look() {
        Some(entry) => Begin::ready(DigestExchange::new(place, entry)),
        None => Begin::wait(async move {
            let entry = Place::enter(&place).await;
            Ok(DigestExchange::new(place, entry))
        }),
    }
}

fn answer(place: Arc<Place>, refused: &response::Parts) -> Result<DigestExchange> {
    let mut exchange = DigestExchange::new(place, Entry::Open);
    match exchange.answer(refused)? {
        true => Ok(exchange),
        false => Err(refusal()),
    }
}

impl Scheme for Digest {
    type Exchange = DigestExchange;

    fn begin(&self, cx: Cx<'_>) -> Begin<DigestExchange> {
        let place = match self.store.place(&cx, &self.config) {
            Ok(place) => place,
            Err(error) => return Begin::failed(error),
        };
        match cx.refused {
            Some(refused) => Begin::from(answer(place, refused)),
            None => begin_at(place),
        }
    }

    fn strength(&self) -> Strength {
        Strength::Request
    }

    fn pins(&self) -> bool {
        self.config.minimum.is_some() || self.config.require_qop
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digest")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
