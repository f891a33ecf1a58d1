//! [`Setup`], settings that were checked.

use countersign_core::{Error, Result, Secret};
use countersign_token::Key;
use url::Url;

use super::url::optional;
use super::{Builder, ClientAuthentication, Grant, Parameter, Pkce, Place, key};
use crate::message::pkce;

/// Settings that were checked.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) asked: Builder,
    pub(crate) authorization: Option<Url>,
    pub(crate) token: Option<Url>,
    pub(crate) refresh: Option<Url>,
    pub(crate) device: Option<Url>,
    pub(crate) revocation: Option<Url>,
    pub(crate) key: Key,
}

impl Setup {
    pub(crate) fn new(asked: Builder) -> Result<Self> {
        check(&asked)?;
        let url =
            |what, text: &Option<String>| optional(what, text.as_ref(), asked.allow_cleartext);
        let token = url("token endpoint", &asked.token_url)?;
        let refresh = url("refresh endpoint", &asked.refresh_url)?;
        let setup = Self {
            authorization: url("authorization endpoint", &asked.authorization_url)?,
            refresh: refresh.or_else(|| token.clone()),
            token,
            device: url("device authorization endpoint", &asked.device_url)?,
            revocation: url("revocation endpoint", &asked.revocation_url)?,
            key: asked.key.clone().unwrap_or_else(|| key::of(&asked)),
            asked,
        };
        setup.check_endpoints()?;
        Ok(setup)
    }

    fn check_endpoints(&self) -> Result<()> {
        let grant = &self.asked.grant;
        let needs_token = !matches!(grant, Grant::Implicit);
        needed(
            "authorization endpoint",
            grant.is_authorized(),
            &self.authorization,
        )?;
        needed("token endpoint", needs_token, &self.token)?;
        needed(
            "device authorization endpoint",
            matches!(grant, Grant::Device),
            &self.device,
        )?;
        needed(
            "way to show the user code",
            self.device.is_some(),
            &self.asked.on_user_code,
        )
    }

    /// The implicit grant's `response_type`, or the code's.
    pub(crate) fn response_type(&self) -> &'static str {
        match (&self.asked.grant, self.asked.uses_id_token) {
            (Grant::Implicit, true) => "id_token token",
            (Grant::Implicit, false) => "token",
            _ => "code",
        }
    }

    /// Whether an ID token may be among the answers.
    pub(crate) fn is_openid(&self) -> bool {
        self.asked.uses_id_token || self.asked.scopes.iter().any(|scope| scope == "openid")
    }
}

fn needed<T>(what: &str, is_needed: bool, given: &Option<T>) -> Result<()> {
    match given {
        None if is_needed => Err(Error::configuration(format!("the grant needs a {what}"))),
        _ => Ok(()),
    }
}

fn check(asked: &Builder) -> Result<()> {
    check_client(asked)?;
    asked.placement.check()?;
    asked
        .scopes
        .iter()
        .try_for_each(|scope| printable("scope", scope))?;
    asked
        .resources
        .iter()
        .try_for_each(|uri| check_resource(uri))?;
    asked
        .redirect_uri
        .iter()
        .try_for_each(|uri| check_redirect(uri))?;
    asked
        .state
        .iter()
        .try_for_each(|state| text("state", state))?;
    asked
        .nonce
        .iter()
        .try_for_each(|nonce| text("nonce", nonce))?;
    asked.code_verifier.iter().try_for_each(pkce::check)?;
    check_parameters(asked)?;
    warn(asked);
    Ok(())
}

fn check_client(asked: &Builder) -> Result<()> {
    let needs_none = matches!(asked.grant, Grant::Custom { .. });
    if asked.client_id.is_empty() && !needs_none {
        return Err(Error::configuration("the client has no identifier"));
    }
    printable("client's identifier", &asked.client_id)?;
    if asked.authentication == ClientAuthentication::RawBasic && asked.client_id.contains(':') {
        return Err(Error::configuration(
            "an identifier with a colon cannot be sent by raw Basic: use Basic or Body",
        ));
    }
    let is_public = asked.authentication == ClientAuthentication::None;
    match asked.grant {
        Grant::ClientCredentials if asked.client_secret.is_none() && !is_public => {
            Err(Error::configuration("client credentials need a secret"))
        }
        _ => asked
            .client_secret
            .iter()
            .try_for_each(|secret| is_text("client's secret", secret)),
    }
}

fn check_parameters(asked: &Builder) -> Result<()> {
    let all = [&asked.on_authorization, &asked.on_token, &asked.on_refresh];
    all.into_iter().flatten().try_for_each(Parameter::check)?;
    if asked
        .on_authorization
        .iter()
        .any(|one| one.place == Place::Header)
    {
        return Err(Error::configuration(
            "the authorization request is the browser's, and can be given no header",
        ));
    }
    check_authorization(asked)?;
    match &asked.grant {
        Grant::Custom { grant_type, .. } if grant_type.is_empty() => {
            Err(Error::configuration("the custom grant has no grant_type"))
        }
        Grant::Custom { fields, .. } => fields
            .iter()
            .try_for_each(|(_, value)| is_text("field", value)),
        Grant::Password { password, .. } => is_text("password", password),
        Grant::RefreshToken(token) => text("refresh token", token),
        _ => Ok(()),
    }
}

/// One request cannot say twice who sends it.
fn check_authorization(asked: &Builder) -> Result<()> {
    let own = asked
        .authentication
        .header(&asked.client_id, asked.client_secret.as_ref())?;
    let mut others = asked.on_token.iter().chain(&asked.on_refresh);
    match own.is_some() && others.any(Parameter::authenticates) {
        true => Err(Error::configuration(
            "the client authenticates in the header Authorization already: choose Body or None, or leave the parameter out",
        )),
        false => Ok(()),
    }
}

fn check_resource(uri: &str) -> Result<()> {
    match Url::parse(uri) {
        Ok(url) if url.fragment().is_none() => Ok(()),
        _ => Err(Error::configuration(
            "a resource must be an absolute URI without a fragment",
        )),
    }
}

fn check_redirect(uri: &str) -> Result<()> {
    match Url::parse(uri) {
        Ok(url) if url.fragment().is_none() => printable("redirect URI", uri),
        _ => Err(Error::configuration(
            "the redirect URI must be an absolute URI without a fragment",
        )),
    }
}

fn printable(what: &str, text: &str) -> Result<()> {
    match text.chars().any(char::is_control) {
        true => Err(Error::configuration(format!(
            "the {what} holds a control character"
        ))),
        false => Ok(()),
    }
}

fn is_text(what: &str, secret: &Secret) -> Result<()> {
    match secret.expose_str() {
        Some(_) => Ok(()),
        None => Err(Error::configuration(format!("the {what} is no text"))),
    }
}

fn text(what: &str, secret: &Secret) -> Result<()> {
    match secret.is_empty() {
        true => Err(Error::configuration(format!("the {what} is empty"))),
        false => is_text(what, secret),
    }
}

/// Says at run time what the documentation says.
fn warn(asked: &Builder) {
    match (&asked.grant, asked.pkce) {
        (Grant::Implicit, _) => tracing::warn!(
            "the implicit grant leaves tokens in the browser: RFC 9700 section 2.1.2"
        ),
        (Grant::Password { .. }, _) => {
            tracing::warn!("the password grant shows passwords to the client: RFC 9700 section 2.4")
        }
        (Grant::AuthorizationCode, Pkce::Plain) => tracing::warn!(
            "PKCE's plain method protects no code that was read: RFC 9700 section 2.1.1"
        ),
        _ => {}
    }
}
