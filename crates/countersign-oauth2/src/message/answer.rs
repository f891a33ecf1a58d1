//! [`Answer`], a token answer: RFC 6749 section 5.1.

use std::fmt;
use std::time::{Duration, SystemTime};

use countersign_token::{Refused, Token};
use oauth2::{AccessToken, RefreshToken, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;
use super::unusable::AnswerError;
use crate::credentials::Builder;

/// Types that are none of a bearer's: whoever sends the token has to prove something with each request, or it is no
/// access token at all (RFC 8693 section 2.2.1).
const UNSUPPORTED: &[&str] = &["mac", "dpop", "pop", "n_a"];

/// A token answer, read leniently.
#[derive(Deserialize, Serialize)]
pub(crate) struct Answer {
    access_token: AccessToken,
    #[serde(default = "lenient::bearer", deserialize_with = "lenient::token_type")]
    token_type: String,
    #[serde(default, deserialize_with = "lenient::seconds")]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    id_token: Option<String>,
    #[serde(default, deserialize_with = "lenient::scope")]
    scope: Option<Vec<Scope>>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl Answer {
    /// Reads JSON.
    pub(crate) fn read(json: &[u8]) -> Result<Self, Refused> {
        // What serde says may quote a value, and so a secret.
        serde_json::from_slice(json).map_err(|_| AnswerError::Unreadable.into())
    }

    /// The token, asked for at `asked_at` as `asked` says.
    pub(crate) fn into_token(
        self,
        asked: &Builder,
        asked_at: SystemTime,
    ) -> Result<Token, AnswerError> {
        if !is_bearer(&self.token_type, asked) {
            return Err(AnswerError::UnsupportedType(self.token_type));
        }
        let secret = self.access_token.into_secret();
        if secret.is_empty() || secret.chars().any(char::is_control) {
            return Err(AnswerError::UnfitToken);
        }
        let mut token = Token::new(secret, asked_at).token_type(self.token_type);
        token.refresh = self
            .refresh_token
            .map(|refresh| refresh.into_secret().into())
            .filter(|refresh: &countersign_core::Secret| !refresh.is_empty());
        token.id_token = self.id_token.filter(|id| !id.is_empty()).map(Into::into);
        token.scopes = self
            .scope
            .map(|scope| scope.iter().map(|name| name.as_str().to_owned()).collect());
        token.extra = self.extra;
        Ok(match self.expires_in {
            Some(seconds) => token.expires_in(Duration::from_secs(seconds)),
            None => token,
        })
    }
}

/// Whether a token of this type, in lower case, may be sent as a bearer's (RFC 6749 section 7.1).
fn is_bearer(token_type: &str, asked: &Builder) -> bool {
    let is_named = || asked.token_types.iter().any(|named| named == token_type);
    let is_harmless = || !asked.is_strict && !UNSUPPORTED.contains(&token_type);
    token_type == "bearer" || is_named() || is_harmless()
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// `token_type` as the `oauth2` crate wants it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct AnyType;

impl oauth2::TokenType for AnyType {}

impl oauth2::TokenResponse for Answer {
    type TokenType = AnyType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &AnyType {
        &AnyType
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scope.as_ref()
    }
}
