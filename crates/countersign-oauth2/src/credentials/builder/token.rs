//! How the token is read, sent and kept.

use countersign_core::placement::Placement;
use countersign_token::{Configuration, Key};

use super::Builder;

impl Builder {
    /// Where the token goes in a request: `Authorization: Bearer`, unless told otherwise.
    #[must_use]
    pub fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// Sends the ID token and not the access token: for servers that want it so. The scope needs `openid`.
    #[must_use]
    pub fn use_id_token(mut self, use_it: bool) -> Self {
        self.uses_id_token = use_it;
        self
    }

    /// Reads token answers by the letter of RFC 6749 section 5.1: JSON that says so, with a `token_type` that is `bearer`,
    /// `expires_in` a whole number and `scope` a text. Otherwise they are read as servers send them.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.is_strict = strict;
        self
    }

    /// Takes this `token_type`, in any case, for another name of `bearer`; said again, one more. Without it any type is
    /// sent as a bearer token that does not ask for more than the token itself, as `mac` and `DPoP` do; and if
    /// [`strict`](Self::strict) none but `bearer`.
    #[must_use]
    pub fn accept_token_type(mut self, token_type: &str) -> Self {
        self.token_types.push(token_type.to_ascii_lowercase());
        self
    }

    /// The name that its tokens are stored by.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Whom the token is for, where the program keeps those of several people apart. The password grant's user name is
    /// that by itself.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The environment that its tokens belong to, such as `staging`; no other is given them.
    #[must_use]
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// What is stored with its tokens, for whoever finds them by their name.
    #[must_use]
    pub fn configuration(mut self, configuration: Configuration) -> Self {
        self.configuration = Some(configuration);
        self
    }

    /// The key of a token that is stored already, in the place of the one that the settings make: for whoever renews it
    /// without all of the settings that it was made with, the client's secret for instance.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.key = Some(key);
        self
    }
}
