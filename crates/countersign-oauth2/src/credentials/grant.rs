//! [`Grant`], by what a token is asked for.

use std::fmt;

use countersign_core::Secret;

/// By what a token is asked for. `Debug` does not show the secrets in it.
#[derive(Clone)]
#[non_exhaustive]
pub enum Grant {
    /// A person consents in the browser (RFC 6749 section 4.1).
    AuthorizationCode,
    /// The same, with the token itself in the redirect (RFC 6749 section 4.2).
    ///
    /// The token passes through the browser and its history, and nothing binds it to who asked: RFC 9700 section 2.1.2
    /// advises against it. Use [`AuthorizationCode`](Self::AuthorizationCode) where the server has it.
    Implicit,
    /// The person's own password (RFC 6749 section 4.3).
    ///
    /// The client sees the password, and no second factor fits in: RFC 9700 section 2.4 forbids it. It is here for
    /// servers that have nothing else.
    Password {
        /// Whose password it is.
        username: String,
        /// The password.
        password: Secret,
    },
    /// The client's own secret (RFC 6749 section 4.4).
    ClientCredentials,
    /// A person consents on another device (RFC 8628).
    Device,
    /// A refresh token that came from elsewhere (RFC 6749 section 6).
    RefreshToken(Secret),
    /// Any other, by its form fields (RFC 6749 section 4.5): token exchange, an assertion, one of a server's own.
    Custom {
        /// Its `grant_type`.
        grant_type: String,
        /// The fields beside it. Their values are kept secret.
        fields: Vec<(String, Secret)>,
    },
}

/// How the code is bound to who asked for it (RFC 7636).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pkce {
    /// By a hash of a random verifier.
    #[default]
    S256,
    /// By the verifier itself. Whoever reads the authorization request can use the code: RFC 9700 section 2.1.1. For
    /// servers that have nothing else.
    Plain,
    /// Not at all. For servers that refuse the parameters.
    Off,
}

impl Grant {
    /// The value of `grant_type`, which is also part of a token's key.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::Implicit => "implicit",
            Self::Password { .. } => "password",
            Self::ClientCredentials => "client_credentials",
            Self::Device => "urn:ietf:params:oauth:grant-type:device_code",
            Self::RefreshToken(_) => "refresh_token",
            Self::Custom { grant_type, .. } => grant_type,
        }
    }

    /// Whether a person goes through a browser.
    pub(crate) fn is_authorized(&self) -> bool {
        matches!(self, Self::AuthorizationCode | Self::Implicit)
    }

    /// Whether no person is needed.
    pub(crate) fn is_silent(&self) -> bool {
        !self.is_authorized() && !matches!(self, Self::Device)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Grant").field(&self.name()).finish()
    }
}
