//! What is known of the keys of each type.

use super::AuthType;
use super::tables::{
    API_KEY, ASAP, AWS_V4, BASIC, BEARER, DIGEST, EDGEGRID, HAWK, JWT, Key, NTLM, OAUTH1, OAUTH2,
};

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Something that may be shown.
    Open,
    /// Something that no output may show.
    Secret,
    /// Something that Postman's exports carry and its signer ignores: known, and without a meaning here.
    Interface,
    /// Something open that only [`verifier`](super::verifier) reads, as Postman is no server.
    Verifier,
}

use Holds::{Open, Secret, Verifier};

impl AuthType {
    /// The keys that have a meaning for a client of this type, by Postman's names; none for a type without parameters.
    ///
    /// ```
    /// use countersign::AuthType;
    ///
    /// assert!(AuthType::Basic.keys().eq(["username", "password"]));
    /// ```
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        self.names(&[Open, Secret])
    }

    /// The keys that a server reads beside [`keys`](Self::keys), and that a client does not know.
    ///
    /// ```
    /// use countersign::AuthType;
    ///
    /// assert!(AuthType::Jwt.server_keys().eq(["publicKey", "jwks"]));
    /// ```
    pub fn server_keys(self) -> impl Iterator<Item = &'static str> {
        self.names(&[Verifier])
    }

    /// Whether the value of `key` must not be shown. A key that the type does not know counts as secret.
    ///
    /// ```
    /// use countersign::AuthType;
    ///
    /// assert!(AuthType::Basic.is_secret("password"));
    /// assert!(!AuthType::Basic.is_secret("username"));
    /// ```
    pub fn is_secret(self, key: &str) -> bool {
        self.holds(key).is_none_or(|holds| holds == Secret)
    }

    /// Whether `key` is one that a client of this type knows, also where it has no meaning here.
    pub fn knows(self, key: &str) -> bool {
        self.holds(key).is_some_and(|holds| holds != Verifier)
    }

    fn names(self, kinds: &'static [Holds]) -> impl Iterator<Item = &'static str> {
        let named = self.table().iter();
        let named = named.filter(|(_, holds)| kinds.contains(holds));
        named.map(|(name, _)| *name)
    }

    fn holds(self, key: &str) -> Option<Holds> {
        let known = self.table().iter().find(|(name, _)| *name == key);
        known.map(|(_, holds)| *holds)
    }

    fn table(self) -> &'static [Key] {
        match self {
            Self::ApiKey => API_KEY,
            Self::Bearer => BEARER,
            Self::Basic => BASIC,
            Self::Digest => DIGEST,
            Self::OAuth1 => OAUTH1,
            Self::OAuth2 => OAUTH2,
            Self::Hawk => HAWK,
            Self::AwsV4 => AWS_V4,
            Self::EdgeGrid => EDGEGRID,
            Self::Jwt => JWT,
            Self::Asap => ASAP,
            Self::Ntlm => NTLM,
            Self::NoAuth => &[],
        }
    }
}
