//! [`Claims`], what a token says.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::json::Members;

/// The claims of a token that was verified: RFC 7519 section 4. `Debug` shows issuer, subject and the names of all.
#[derive(Clone, PartialEq, Eq)]
pub struct Claims(Arc<Map<String, Value>>);

impl Claims {
    /// Reads a payload; `None` if it is no object, names a claim twice, or has an `iss`, `sub` or `jti` that is no text.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        Members::read(payload)?;
        let claims = Self(Arc::new(serde_json::from_slice(payload).ok()?));
        let is_text = |name: &&str| claims.get(name).is_none_or(Value::is_string);
        ["iss", "sub", "jti"].iter().all(is_text).then_some(claims)
    }

    /// `iss`, who issued the token.
    pub fn issuer(&self) -> Option<&str> {
        self.text("iss")
    }

    /// `sub`, whom it speaks for.
    pub fn subject(&self) -> Option<&str> {
        self.text("sub")
    }

    /// `jti`, the token's own name.
    pub fn id(&self) -> Option<&str> {
        self.text("jti")
    }

    /// Any claim.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them.
    pub fn all(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Whether `aud` names one of `audiences`, by itself or in a list; `None` if there is no `aud`.
    pub(super) fn is_for(&self, audiences: &[String]) -> Option<bool> {
        let is_one = |named: &Value| audiences.iter().any(|known| named.as_str() == Some(known));
        Some(match self.get("aud")? {
            Value::Array(list) => list.iter().all(Value::is_string) && list.iter().any(is_one),
            one => is_one(one),
        })
    }

    /// A `NumericDate` (RFC 7519 section 2), since the Unix epoch; the outer `None` for a claim that is something else.
    pub(super) fn time(&self, name: &str) -> Option<Option<Duration>> {
        let Some(value) = self.get(name) else {
            return Some(None);
        };
        let whole = value.as_u64().map(Duration::from_secs);
        let time = whole.or_else(|| Duration::try_from_secs_f64(value.as_f64()?).ok());
        time.map(Some)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("issuer", &self.issuer())
            .field("subject", &self.subject())
            .field("names", &self.0.keys().collect::<Vec<_>>())
            .finish()
    }
}
