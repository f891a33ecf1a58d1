//! What is asked for, and of whom.

use std::sync::Arc;

use countersign_core::Secret;

use super::Builder;
use crate::authorization::UserAgent;
use crate::credentials::{Parameter, Pkce};
use crate::device::Verification;

impl Builder {
    /// The scope that is asked for, names separated by spaces (RFC 6749 section 3.3); said again, it adds to that.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> Self {
        let names = scope.split_whitespace().map(str::to_owned);
        self.scopes.extend(names);
        self
    }

    /// The `state` of the authorization request, which the answer has to repeat. Without it 256 random bits, which no
    /// other request has.
    #[must_use]
    pub fn state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The `nonce` of the authorization request, which the ID token has to repeat (OpenID Connect Core 1.0 section
    /// 3.1.2.1). Without it 256 random bits, where the scope has `openid`.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// A resource that the token is for (RFC 8707 section 2); said again, one more.
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resources.push(resource.into());
        self
    }

    /// The `audience` that some servers ask for instead.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// How the code is bound to this client: by [`Pkce::S256`] unless told otherwise.
    #[must_use]
    pub fn pkce(mut self, pkce: Pkce) -> Self {
        self.pkce = pkce;
        self
    }

    /// The code verifier, 43 to 128 letters, digits and `-._~` (RFC 7636 section 4.1). Without it 256 random bits,
    /// which no other request has.
    #[must_use]
    pub fn code_verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.code_verifier = Some(verifier.into());
        self
    }

    /// One more parameter of the authorization request, and of the device authorization request.
    #[must_use]
    pub fn authorization_parameter(mut self, parameter: Parameter) -> Self {
        self.on_authorization.push(parameter);
        self
    }

    /// One more parameter of the requests for a token, but for those that refresh one.
    #[must_use]
    pub fn token_parameter(mut self, parameter: Parameter) -> Self {
        self.on_token.push(parameter);
        self
    }

    /// One more parameter of the requests that refresh a token.
    #[must_use]
    pub fn refresh_parameter(mut self, parameter: Parameter) -> Self {
        self.on_refresh.push(parameter);
        self
    }

    /// Who leads a person through the authorization. Without it the grants that need one fail where they have no
    /// token that can be refreshed.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl UserAgent) -> Self {
        self.user_agent = Some(Arc::new(user_agent));
        self
    }

    /// Shows a person the address and the code of the device grant.
    #[must_use]
    pub fn on_user_code(mut self, show: impl Fn(&Verification) + Send + Sync + 'static) -> Self {
        self.on_user_code = Some(Arc::new(show));
        self
    }
}
