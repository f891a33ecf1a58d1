//! What a client reads of an ID token: OpenID Connect Core 1.0 section 2.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::Secret;
use serde::Deserialize;

/// The claims that matter here. The token came straight from the server or is only passed on, so its signature is not
/// checked (section 3.1.3.7, point 6).
#[derive(Default, Deserialize)]
pub(crate) struct Claims {
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    exp: Option<f64>,
}

impl Claims {
    /// Reads the claims; `None` if it is no JWT.
    pub(crate) fn read(id_token: &Secret) -> Option<Self> {
        let claims = id_token.expose_str()?.split('.').nth(1)?;
        let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&claims).ok()
    }

    /// Whether it repeats this nonce.
    pub(crate) fn repeats(&self, nonce: &Secret) -> bool {
        let claimed = self.nonce.as_deref().map(Secret::from);
        claimed.is_some_and(|claimed| claimed == *nonce)
    }

    /// When it ends.
    pub(crate) fn expires_at(&self) -> Option<SystemTime> {
        let since = Duration::try_from_secs_f64(self.exp?).ok()?;
        UNIX_EPOCH.checked_add(since)
    }
}
