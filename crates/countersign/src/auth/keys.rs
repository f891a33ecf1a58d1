//! The keys of each type, as Postman's collection format names them.

use super::AuthType;

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Something that may be shown.
    Open,
    /// Something that no output may show.
    Secret,
    /// Something that Postman's exports carry and its signer ignores: known, and without a meaning here.
    Interface,
}

type Key = (&'static str, Holds);

use Holds::{Interface, Open, Secret};

const API_KEY: &[Key] = &[("key", Open), ("value", Secret), ("in", Open)];

const BEARER: &[Key] = &[("token", Secret)];

const BASIC: &[Key] = &[
    ("username", Open),
    ("password", Secret),
    ("showPassword", Interface),
    ("saveHelperData", Interface),
];

const DIGEST: &[Key] = &[
    ("username", Open),
    ("password", Secret),
    ("realm", Open),
    ("nonce", Open),
    ("algorithm", Open),
    ("qop", Open),
    ("nonceCount", Open),
    ("clientNonce", Open),
    ("opaque", Open),
    ("disableRetryRequest", Open),
    ("showPassword", Interface),
    ("saveHelperData", Interface),
];

const AWS_V4: &[Key] = &[
    ("accessKey", Open),
    ("secretKey", Secret),
    ("sessionToken", Secret),
    ("region", Open),
    ("service", Open),
    ("addAuthDataToQuery", Open),
    ("expires", Open),
    ("serviceName", Interface),
    ("time", Interface),
    ("auto", Interface),
    ("saveHelper", Interface),
    ("id", Interface),
];

impl AuthType {
    /// The keys that have a meaning for this type, by Postman's names; none for a type that is not built.
    ///
    /// ```
    /// use countersign::AuthType;
    ///
    /// assert!(AuthType::Basic.keys().eq(["username", "password"]));
    /// ```
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        let meaningful = |(_, holds): &&Key| *holds != Interface;
        self.table()
            .iter()
            .filter(meaningful)
            .map(|(name, _)| *name)
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

    /// Whether `key` is one that this type knows, also where it has no meaning here.
    pub fn knows(self, key: &str) -> bool {
        self.holds(key).is_some()
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
            Self::AwsV4 => AWS_V4,
            _ => &[],
        }
    }
}
