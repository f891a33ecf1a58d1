//! [`Session`], all that tokens are had with.

use std::path::Path;
use std::time::Duration;

use countersign::oauth2::{Builder, OAuth2};
use countersign::token::{Change, Entry, FileStore, Key, Settings, Tokens, Windows};
use countersign::{Auth, AuthType, Fetch, Options, Origin, Parameters};

use super::busy::Busy;
use super::{place, settings};
use crate::exit::Failure;

/// Settings whose values are addresses of endpoints that secrets are sent to.
const ENDPOINTS: [&str; 4] = [
    "accessTokenUrl",
    "refreshTokenUrl",
    "deviceAuthorizationUrl",
    "revocationUrl",
];

/// All that tokens are had with.
pub(crate) struct Session<F> {
    store: Busy,
    options: Options,
    pub(crate) fetch: F,
}

impl<F: Fetch + Clone> Session<F> {
    /// With the tokens in `folder`.
    pub(crate) fn new(folder: Option<&Path>, options: Options, fetch: F) -> Result<Self, Failure> {
        Ok(Self {
            store: Busy::new(place::store(folder)?),
            options,
            fetch,
        })
    }

    /// The stored tokens.
    pub(crate) fn tokens(&self) -> Tokens {
        Tokens::new(self.store.clone())
    }

    /// The one that `which` tells, or the selected one.
    pub(crate) async fn find(&self, which: Option<&str>) -> Result<Entry, Failure> {
        find(&self.tokens(), which).await
    }

    /// The grant of `parameters`.
    pub(crate) fn grant(&self, parameters: &Parameters) -> Result<Builder, Failure> {
        warn_of_cleartext(parameters);
        let options = self.options.clone().allow_cleartext(true);
        countersign::grant(parameters, &options).map_err(|error| Failure::configuration(&error))
    }

    /// What renews `entry`, by the settings that are stored with it and those of `set`.
    pub(crate) fn renewing(&self, entry: &Entry, set: &Parameters) -> Result<Builder, Failure> {
        let parameters = settings::parameters(entry, set);
        Ok(self.grant(&parameters)?.key(entry.key.clone()))
    }

    /// The scheme of a grant, which keeps its tokens here.
    pub(crate) fn scheme(&self, grant: Builder) -> Result<OAuth2, Failure> {
        let (fetch, store) = (self.fetch.clone(), self.store.clone());
        grant
            .build_managed(fetch, store, managed())
            .map_err(|error| Failure::configuration(&error))
    }

    /// The scheme of a grant, whose settings are stored with its tokens.
    pub(crate) fn kept(&self, parameters: &Parameters) -> Result<Auth, Failure> {
        for key in parameters.keys().filter(|key| !AuthType::OAuth2.knows(key)) {
            eprintln!("note: {key:?} is ignored: the scheme has no use for it here");
        }
        let kept = settings::configuration(parameters, false);
        let scheme = self.scheme(self.grant(parameters)?.configuration(kept))?;
        Ok(scheme.into())
    }

    /// A stored token as a scheme. One that cannot be renewed by what is known is used as it is.
    pub(crate) fn stored(&self, entry: &Entry, set: &Parameters) -> Result<Auth, Failure> {
        let renewed = self
            .renewing(entry, set)
            .and_then(|grant| self.scheme(grant));
        let why = match renewed {
            Ok(scheme) => return Ok(scheme.into()),
            Err(why) => why,
        };
        if entry.is_expired(std::time::SystemTime::now()) {
            let why = format!(
                "token {} has ended, and cannot be renewed: {why}",
                entry.key
            );
            return Err(Failure::usage(why));
        }
        eprintln!(
            "note: token {} is not renewed when it ends: {why}",
            entry.key
        );
        let mut parameters = settings::parameters(entry, set);
        parameters.insert(
            "accessToken",
            entry.token.access.expose_str().unwrap_or_default(),
        );
        Auth::from_parameters(AuthType::OAuth2, &parameters, &self.options)
            .map_err(|error| Failure::configuration(&error))
    }
}

/// Options that keep the tokens of a run in `folder`.
pub(crate) fn kept_in(folder: &Path, options: Options) -> Options {
    let store = Busy::new(FileStore::new(folder));
    options.store(store).tokens(managed())
}

/// Nothing is fetched in the background: a command that ends soon would not use it.
fn managed() -> Settings {
    let windows = Windows::default().soft(Duration::ZERO);
    Settings::default().windows(windows).on_change(warn)
}

/// The token that `which` tells, or the selected one.
pub(super) async fn find(tokens: &Tokens, which: Option<&str>) -> Result<Entry, Failure> {
    let found = match which {
        Some(which) => {
            let found = tokens.find(which).await.map(Some);
            found.map_err(|error| Failure::store(&error).of(&format!("token {which}")))
        }
        None => {
            let found = tokens.selected().await;
            found.map_err(|error| Failure::store(&error))
        }
    }?;
    found.ok_or_else(|| {
        Failure::usage(
            "no token is selected: name one, or `token select` one; `send` also takes accessToken or grant_type by --set",
        )
    })
}

fn warn(_: &Key, change: Change<'_>) {
    if let Change::NotStored(error) = change {
        eprintln!("warning: the new token could not be stored: {error}");
    }
}

/// The command warns and sends, as with a request.
pub(crate) fn warn_of_cleartext(parameters: &Parameters) {
    for key in ENDPOINTS {
        let origin = parameters
            .given(key)
            .and_then(|url| url.parse::<Origin>().ok());
        if origin.is_some_and(|origin| origin.is_cleartext()) {
            eprintln!("warning: {key} over http:// can be read on the way; use https://");
        }
    }
}
