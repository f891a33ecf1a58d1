//! How a bewit is made.

use std::time::Duration;

use countersign_core::canonical::query::pairs;
use countersign_core::canonical::uri::{authority, default_port, request_target, with_query};
use countersign_core::{Error, Origin, Result};
use http::Uri;

use super::Hawk;
use crate::calculation::{Covered, Kind, Rest};
use crate::host::Host;
use crate::message::Bewit;

impl Hawk {
    /// The URI with a `bewit`: whoever has it can `GET` it for `lifetime`, in whole seconds, and nobody can take that
    /// back. It covers [`ext`](Self::ext), but no `app`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a URI that is not absolute or has a
    /// `bewit` already, for a lifetime below a second, and for a `\` in `ext`, which would end it.
    pub fn bewit(&self, uri: &Uri, lifetime: Duration) -> Result<Uri> {
        let host = authority(uri).ok_or_else(not_absolute)?;
        self.granted(uri, &host, lifetime)
    }

    /// The same for a request that is sent with this host.
    pub(super) fn granted(&self, uri: &Uri, host: &str, lifetime: Duration) -> Result<Uri> {
        self.check_bewit(uri, lifetime)?;
        let own_port = uri.scheme_str().and_then(default_port);
        let host = Host::read(host, own_port).ok_or_else(not_absolute)?;
        let exp = self.now(uri).saturating_add(lifetime.as_secs());
        let covered = Covered::new(exp, "", "GET", &request_target(uri), &host);
        let credentials = &self.config.credentials;
        let rest = Rest {
            ext: self.config.ext.as_deref(),
            ..Rest::default()
        };
        let bewit = Bewit {
            id: credentials.id().into(),
            exp,
            mac: covered
                .mac(credentials.keyed(), Kind::Bewit, &rest)
                .as_str()
                .into(),
            ext: self.config.ext.clone(),
        };
        with_query(uri, Some(&bewit.add_to(uri.query())))
            .map_err(|error| refusal("the URI has no place for a bewit").with_source(error))
    }

    fn check_bewit(&self, uri: &Uri, lifetime: Duration) -> Result<()> {
        let query = uri.query().unwrap_or_default();
        let ext = self.config.ext.as_deref().unwrap_or_default();
        match () {
            () if pairs(query).any(Bewit::is) => Err(refusal("the URI has a bewit already")),
            () if lifetime.as_secs() == 0 => {
                Err(refusal("a bewit has to live for a second at least"))
            }
            () if ext.contains('\\') => Err(refusal(
                "the ext of a bewit holds a backslash, which ends it",
            )),
            () => Ok(()),
        }
    }

    /// By the clock of that server, as far as it is known.
    fn now(&self, uri: &Uri) -> u64 {
        let clock = self
            .config
            .timestamp
            .unwrap_or_else(|| self.config.sources.unix_time());
        clock.saturating_add_signed(self.config.offsets.get(|| Origin::of(uri)))
    }
}

fn not_absolute() -> Error {
    refusal("the URI of a bewit is not absolute")
}

fn refusal(why: &'static str) -> Error {
    Error::configuration(why)
}
