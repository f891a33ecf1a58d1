//! One request for a token for each grant: the `oauth2` crate's where it has one.

use countersign_core::{Error, Secret};
use countersign_token::{Refused, Token};
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, EmptyExtraTokenFields, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, ResourceOwnerPassword, ResourceOwnerUsername,
    Scope, StandardRevocableToken, StandardTokenIntrospectionResponse, TokenUrl,
};
use url::Url;

use super::endpoint::{Endpoint, unfit};
use crate::authorization::{Authorization, Authorized, Response};
use crate::credentials::{ClientAuthentication, Grant, Setup};
use crate::message::form::targets;
use crate::message::{Answer, AnswerError, Form};

type Client = oauth2::Client<
    BasicErrorResponse,
    Answer,
    StandardTokenIntrospectionResponse<EmptyExtraTokenFields, BasicTokenType>,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

type Outcome = Result<Answer, RequestTokenError<Refused, BasicErrorResponse>>;

fn text(secret: &Secret) -> String {
    secret.expose_str().unwrap_or_default().to_owned()
}

fn client(setup: &Setup) -> Client {
    let asked = &setup.asked;
    let how = match asked.authentication {
        ClientAuthentication::Basic | ClientAuthentication::RawBasic => AuthType::BasicAuth,
        ClientAuthentication::Body | ClientAuthentication::None => AuthType::RequestBody,
    };
    let client = Client::new(ClientId::new(asked.client_id.clone())).set_auth_type(how);
    match &asked.client_secret {
        Some(secret) if asked.authentication != ClientAuthentication::None => {
            client.set_client_secret(ClientSecret::new(text(secret)))
        }
        _ => client,
    }
}

fn endpoint_url(url: Option<&Url>) -> Result<TokenUrl, Refused> {
    let missing = || Error::configuration("there is no token endpoint");
    url.cloned()
        .map(TokenUrl::from_url)
        .ok_or_else(|| unfit(missing()))
}

fn scopes(setup: &Setup) -> impl Iterator<Item = Scope> {
    setup.asked.scopes.iter().cloned().map(Scope::new)
}

/// Adds what all of the crate's requests can be given.
macro_rules! with_targets {
    ($request:expr, $setup:expr) => {
        targets($setup)
            .into_iter()
            .fold($request, |request, (name, value)| {
                request.add_extra_param(name, value)
            })
    };
}

impl Endpoint {
    fn token_parameters(self) -> Self {
        self.parameters(|setup| &setup.asked.on_token)
    }

    /// A token by a grant that needs no person, but for a refresh token's.
    pub(crate) async fn silent(self) -> Result<Token, Refused> {
        let this = self.token_parameters();
        let (setup, asked_at) = (&this.setup, this.now());
        let answer = match &setup.asked.grant {
            Grant::Password { username, password } => this.password(username, password).await?,
            Grant::ClientCredentials => this.client_credentials().await?,
            Grant::Custom { grant_type, fields } => this.custom(grant_type, fields).await?,
            _ => return Err(unfit(Error::configuration("the grant needs a person"))),
        };
        Ok(answer.into_token(&setup.asked, asked_at)?)
    }

    async fn client_credentials(&self) -> Result<Answer, Refused> {
        let client = client(&self.setup).set_token_uri(endpoint_url(self.setup.token.as_ref())?);
        let request = client
            .exchange_client_credentials()
            .add_scopes(scopes(&self.setup));
        of(with_targets!(request, &self.setup)
            .request_async(self)
            .await)
    }

    async fn password(&self, username: &str, password: &Secret) -> Result<Answer, Refused> {
        let client = client(&self.setup).set_token_uri(endpoint_url(self.setup.token.as_ref())?);
        let username = ResourceOwnerUsername::new(username.to_owned());
        let password = ResourceOwnerPassword::new(text(password));
        let request = client
            .exchange_password(&username, &password)
            .add_scopes(scopes(&self.setup));
        of(with_targets!(request, &self.setup)
            .request_async(self)
            .await)
    }

    async fn custom(
        &self,
        grant_type: &str,
        fields: &[(String, Secret)],
    ) -> Result<Answer, Refused> {
        let form = Form::new(&[("grant_type", grant_type)]).secrets(fields);
        let form = form.scope(&self.setup).targets(&self.setup);
        let url = endpoint_url(self.setup.token.as_ref())?;
        let request = form.request(&self.setup, url.url()).map_err(unfit)?;
        Answer::read(&self.send_for_token(request).await?)
    }

    /// The same token for a time more (RFC 6749 section 6).
    pub(crate) async fn refresh(self, token: &Secret) -> Result<Token, Refused> {
        let this = self.parameters(|setup| &setup.asked.on_refresh);
        let asked_at = this.now();
        let client = client(&this.setup).set_token_uri(endpoint_url(this.setup.refresh.as_ref())?);
        let token = RefreshToken::new(text(token));
        let request = client.exchange_refresh_token(&token);
        let answer = of(with_targets!(request, &this.setup)
            .request_async(&this)
            .await)?;
        Ok(answer.into_token(&this.setup.asked, asked_at)?)
    }

    /// The token that a person consented to.
    pub(crate) async fn authorized(
        self,
        authorization: &Authorization,
        authorized: Authorized,
    ) -> Result<Token, Refused> {
        let this = self.token_parameters();
        let asked_at = this.now();
        let answer = match authorized.response {
            Response::Token(answer) => *answer,
            Response::Code(code) => {
                let verifier = authorization.verifier();
                this.code(&code, &authorized.redirect_uri, verifier).await?
            }
        };
        let token = answer.into_token(&this.setup.asked, asked_at)?;
        match &token.id_token {
            Some(id_token) if !authorization.admits(id_token) => {
                Err(AnswerError::NonceMismatch.into())
            }
            _ => Ok(token),
        }
    }

    async fn code(
        &self,
        code: &Secret,
        redirect_uri: &str,
        verifier: Option<&Secret>,
    ) -> Result<Answer, Refused> {
        let no_uri = |_| unfit(Error::configuration("the redirect URI is no URI"));
        let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(no_uri)?;
        let client = client(&self.setup)
            .set_token_uri(endpoint_url(self.setup.token.as_ref())?)
            .set_redirect_uri(redirect);
        let request = client.exchange_code(AuthorizationCode::new(text(code)));
        let request = match verifier {
            Some(verifier) => request.set_pkce_verifier(PkceCodeVerifier::new(text(verifier))),
            None => request,
        };
        of(with_targets!(request, &self.setup)
            .request_async(self)
            .await)
    }
}

fn of(outcome: Outcome) -> Result<Answer, Refused> {
    outcome.map_err(|error| match error {
        RequestTokenError::Request(refused) => refused,
        _ => AnswerError::Unreadable.into(),
    })
}
