//! The authorization server's endpoints, and who the client is there.

use countersign_core::Secret;

use super::Builder;
use crate::credentials::ClientAuthentication;

impl Builder {
    /// The authorization endpoint (RFC 6749 section 3.1), which the browser is sent to.
    #[must_use]
    pub fn authorization_url(mut self, url: impl Into<String>) -> Self {
        self.authorization_url = Some(url.into());
        self
    }

    /// The token endpoint (RFC 6749 section 3.2).
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Where tokens are refreshed, if not at the token endpoint.
    #[must_use]
    pub fn refresh_url(mut self, url: impl Into<String>) -> Self {
        self.refresh_url = Some(url.into());
        self
    }

    /// The device authorization endpoint (RFC 8628 section 3.1). The authorization code grant falls back to it where
    /// there is no browser.
    #[must_use]
    pub fn device_authorization_url(mut self, url: impl Into<String>) -> Self {
        self.device_url = Some(url.into());
        self
    }

    /// The revocation endpoint (RFC 7009 section 2).
    #[must_use]
    pub fn revocation_url(mut self, url: impl Into<String>) -> Self {
        self.revocation_url = Some(url.into());
        self
    }

    /// Where the server sends the browser back to, exactly as it is registered (RFC 6749 section 3.1.2). Without one,
    /// the user agent uses one of its own.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// The client's identifier.
    #[must_use]
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = id.into();
        self
    }

    /// The client's secret; a public client has none.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// How the client says who it is. By Basic, if it has a secret, unless told otherwise.
    #[must_use]
    pub fn client_authentication(mut self, how: ClientAuthentication) -> Self {
        self.authentication = how;
        self
    }

    /// The server's issuer identifier: an answer that names another one is refused (RFC 9207). Without it the `iss` of
    /// an answer has to be of the authorization endpoint's origin.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Refuses an answer that names no issuer: for servers whose metadata says
    /// `authorization_response_iss_parameter_supported`.
    #[must_use]
    pub fn require_issuer(mut self, require: bool) -> Self {
        self.requires_issuer = require;
        self
    }

    /// Lets secrets go to endpoints over `http` that are not on this machine. Whoever is on the way can use them.
    #[must_use]
    pub fn allow_cleartext(mut self, allow: bool) -> Self {
        self.allow_cleartext = allow;
        self
    }
}
