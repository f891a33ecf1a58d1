//! The three legs by which a consumer gets token credentials: RFC 5849, section 2.

mod answer;
mod credentials;

use std::fmt;

use bytes::Bytes;
use countersign_core::canonical::uri::UriError;
use countersign_core::canonical::{form, query};
use countersign_core::{Error, ErrorKind, Fetch, Origin, Payload, Result, Sign};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Uri};

use answer::Answer;
pub use credentials::{TemporaryCredentials, TokenCredentials};

use crate::client::{OAuth1Builder, Placement};
use crate::parameter::TOKEN;

/// Where a server answers the three legs.
#[derive(Clone, Debug)]
pub struct Endpoints {
    /// The temporary credential request endpoint, often `…/request_token`.
    pub temporary: Uri,
    /// The resource owner authorization endpoint, often `…/authorize`.
    pub authorization: Uri,
    /// The token request endpoint, often `…/access_token`.
    pub token: Uri,
}

/// Gets token credentials in three legs: RFC 5849, section 2. It sends by POST and keeps no state.
///
/// ```
/// # use countersign_core::{Fetch, Result};
/// # use countersign_oauth1::{Flow, OAuth1};
/// # async fn legs(flow: Flow, fetch: &impl Fetch, ask: impl Fn(http::Uri) -> http::Uri) -> Result<OAuth1> {
/// let temporary = flow.temporary_credentials(fetch, "http://127.0.0.1:8080/ready").await?;
/// // The resource owner opens this URL, agrees, and is sent back to the callback.
/// let redirected = ask(flow.authorization_url(&temporary)?);
/// let verifier = temporary.verifier(&redirected)?;
/// let token = flow.token_credentials(fetch, temporary, &verifier).await?;
/// flow.client(&token)?.build()
/// # }
/// ```
#[derive(Clone)]
pub struct Flow {
    client: OAuth1Builder,
    endpoints: Endpoints,
    cleartext: bool,
}

impl Flow {
    /// The legs of a consumer, signed as `client` says, which has no token yet.
    pub fn new(client: OAuth1Builder, endpoints: Endpoints) -> Self {
        Self {
            client,
            endpoints,
            cleartext: false,
        }
    }

    /// Fetches secrets over plain `http` too, from other machines than this one. Off by default: RFC 5849 demands TLS.
    #[must_use]
    pub fn allow_cleartext(self, allow: bool) -> Self {
        Self {
            cleartext: allow,
            ..self
        }
    }

    /// The first leg, section 2.1. `callback` is the absolute URI to which the resource owner is sent back, or `oob`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] for a callback that is neither, [`ErrorKind::Cleartext`] for an endpoint without
    /// TLS, and [`ErrorKind::Fetch`] if the server refuses, or does not confirm the callback
    /// (`oauth_callback_confirmed`): then it knows only the first OAuth 1.0, by which an attacker can fix the session.
    pub async fn temporary_credentials(
        &self,
        fetch: &(impl Fetch + ?Sized),
        callback: &str,
    ) -> Result<TemporaryCredentials> {
        check_callback(callback)?;
        let client = self.client.clone().callback(callback);
        let answer = self.send(fetch, client, &self.endpoints.temporary).await?;
        answer.check_confirmed()?;
        TemporaryCredentials::read(&answer, self.client.is_rsa())
    }

    /// The second leg, section 2.2: the URL that the resource owner opens.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the endpoint has no place for a query.
    pub fn authorization_url(&self, temporary: &TemporaryCredentials) -> Result<Uri> {
        let endpoint = &self.endpoints.authorization;
        query::append(endpoint, TOKEN, temporary.token()).map_err(no_place)
    }

    /// The third leg, section 2.3, with the verifier that the resource owner brought back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] for an empty verifier, and those of the first leg.
    pub async fn token_credentials(
        &self,
        fetch: &(impl Fetch + ?Sized),
        temporary: TemporaryCredentials,
        verifier: &str,
    ) -> Result<TokenCredentials> {
        if verifier.is_empty() {
            return Err(Error::configuration(
                "the verifier is empty: give the one that came back with the resource owner",
            ));
        }
        let credentials = temporary.of(self.client.consumer())?;
        let client = self
            .client
            .clone()
            .credentials(credentials)
            .verifier(verifier);
        let answer = self.send(fetch, client, &self.endpoints.token).await?;
        TokenCredentials::read(&answer, self.client.is_rsa())
    }

    /// What signs requests for the resource owner's resources.
    ///
    /// # Errors
    ///
    /// None that [`token_credentials`](Self::token_credentials) would not have had.
    pub fn client(&self, token: &TokenCredentials) -> Result<OAuth1Builder> {
        let credentials = token.of(self.client.consumer())?;
        Ok(self.client.clone().credentials(credentials))
    }

    async fn send(
        &self,
        fetch: &(impl Fetch + ?Sized),
        client: OAuth1Builder,
        endpoint: &Uri,
    ) -> Result<Answer> {
        let request = self.signed(client, endpoint)?;
        Answer::read(fetch.fetch(request).await?)
    }

    fn signed(&self, client: OAuth1Builder, endpoint: &Uri) -> Result<Request<Bytes>> {
        self.check_cleartext(endpoint)?;
        let (mut head, ()) = Request::new(()).into_parts();
        head.method = http::Method::POST;
        head.uri = endpoint.clone();
        if matches!(client.place(), Placement::Form | Placement::FormOrQuery) {
            let media_type = HeaderValue::from_static(form::MEDIA_TYPE);
            head.headers.insert(CONTENT_TYPE, media_type);
        }
        let mut body = Payload::whole(Bytes::new());
        client.build()?.sign(&mut head, &mut body)?;
        let bytes = Bytes::copy_from_slice(body.bytes().unwrap_or_default());
        Ok(Request::from_parts(head, bytes))
    }

    fn check_cleartext(&self, endpoint: &Uri) -> Result<()> {
        let origin = Origin::of(endpoint).ok_or_else(relative)?;
        match origin.is_cleartext() && !self.cleartext {
            false => Ok(()),
            true => Err(Error::new(
                ErrorKind::Cleartext,
                "the endpoint answers with secrets and is not https: use TLS, or allow clear text",
            )),
        }
    }
}

/// An absolute URI, or `oob` where there is nowhere to be sent back to.
fn check_callback(callback: &str) -> Result<()> {
    let absolute = callback.split_once(':').is_some_and(|(scheme, rest)| {
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(named)
            && !rest.is_empty()
    });
    match absolute || callback == "oob" {
        true => Ok(()),
        false => Err(Error::configuration(
            "the callback is no absolute URI: give one, or oob where there is none",
        )),
    }
}

fn relative() -> Error {
    Error::configuration("the endpoint is no absolute URI: write it as https://host/path")
}

fn no_place(error: UriError) -> Error {
    Error::configuration("the authorization endpoint has no place for a query").with_source(error)
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("client", &self.client)
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}
