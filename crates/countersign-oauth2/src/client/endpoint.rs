//! [`Endpoint`], the way to the server's own endpoints.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use countersign_core::{Error, Fetch, Origin, Result, Secret};
use countersign_token::{BoxFuture, Refused, RefusedKind};
use http::header::AUTHORIZATION;
use http::{Request, Response, StatusCode};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use crate::credentials::{Parameter, Place, Setup};
use crate::message::{check_strictly, pairs, read};

/// Fields of a form whose values no error may repeat.
const SECRET: &[&str] = &[
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "password",
    "refresh_token",
    "token",
];

/// The way to the server's own endpoints, for requests of one kind.
///
/// Each is sent once. One without an answer may have been served all the same, and then a code or a refresh token that is
/// sent again looks stolen, and the server revokes what came of it (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2). The
/// manager shares the failure and lets whoever comes later try again.
pub(crate) struct Endpoint {
    pub(crate) setup: Arc<Setup>,
    pub(crate) fetch: Arc<dyn Fetch>,
    parameters: fn(&Setup) -> &[Parameter],
}

impl Endpoint {
    pub(crate) fn new(setup: &Arc<Setup>, fetch: &Arc<dyn Fetch>) -> Self {
        Self {
            setup: Arc::clone(setup),
            fetch: Arc::clone(fetch),
            parameters: |_| &[],
        }
    }

    /// The same with the user's parameters for requests of this kind.
    pub(crate) fn parameters(self, parameters: fn(&Setup) -> &[Parameter]) -> Self {
        Self { parameters, ..self }
    }

    /// The time.
    pub(crate) fn now(&self) -> SystemTime {
        UNIX_EPOCH + self.setup.asked.sources.clock.now()
    }

    /// Sends a form and yields the JSON of an answer that is no error.
    pub(crate) async fn send(&self, request: Request<Vec<u8>>) -> Result<Vec<u8>, Refused> {
        self.ask(request).await.map(|(_, json)| json)
    }

    /// The same where the answer is to be a token.
    pub(crate) async fn send_for_token(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Vec<u8>, Refused> {
        let (answer, json) = self.ask(request).await?;
        if self.setup.asked.is_strict {
            check_strictly(&answer)?;
        }
        Ok(json)
    }

    async fn ask(&self, request: Request<Vec<u8>>) -> Result<(Response<Bytes>, Vec<u8>), Refused> {
        let request = self.complete(request).map_err(unfit)?;
        let secrets = self.secrets(&request);
        let server = Origin::of(request.uri());
        let answer = self.fetch.fetch(request.map(Into::into)).await;
        let answer = answer.map_err(|error| unavailable(server, error))?;
        let json = read(&answer, &secrets, self.setup.asked.sources.clock.now())?;
        Ok((answer, json))
    }

    /// Adds what the user wants in it.
    fn complete(&self, mut request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>> {
        let asked = &self.setup.asked;
        let header = asked
            .authentication
            .header(&asked.client_id, asked.client_secret.as_ref())?;
        if let Some(header) = header {
            request.headers_mut().insert(AUTHORIZATION, header);
        }
        for parameter in (self.parameters)(&self.setup) {
            put(&mut request, parameter)?;
        }
        Ok(request)
    }

    /// What an error must not repeat.
    fn secrets(&self, request: &Request<Vec<u8>>) -> Vec<Secret> {
        let form = pairs::decode(&String::from_utf8_lossy(request.body()));
        let fields = form
            .into_iter()
            .filter(|(name, _)| SECRET.contains(&name.as_str()));
        let fields = fields.map(|(_, value)| value.into());
        let own = (self.parameters)(&self.setup)
            .iter()
            .map(|one| one.value.clone());
        let custom = match &self.setup.asked.grant {
            crate::Grant::Custom { fields, .. } => fields.as_slice(),
            _ => &[],
        };
        let custom = custom.iter().map(|(_, value)| value.clone());
        // Short ones are rather options than secrets, and would hide every text.
        let long = own.chain(custom).filter(|value| value.expose().len() >= 8);
        fields
            .chain(self.setup.asked.client_secret.clone())
            .chain(long)
            .collect()
    }
}

fn put(request: &mut Request<Vec<u8>>, parameter: &Parameter) -> Result<()> {
    match parameter.place {
        Place::Header => {
            let (name, value) = parameter.field()?;
            request.headers_mut().append(name, value);
        }
        Place::Body => {
            let pair = pairs::encode(&[(&parameter.name, parameter.text()?)]);
            let separator = if request.body().is_empty() { "" } else { "&" };
            request
                .body_mut()
                .extend_from_slice([separator, &pair].concat().as_bytes());
        }
        Place::Url => {
            let unfit = |_| Error::configuration("the endpoint's URL has no query");
            let mut url = Url::parse(&request.uri().to_string()).map_err(unfit)?;
            url.query_pairs_mut()
                .append_pair(&parameter.name, parameter.text()?);
            *request.uri_mut() = url
                .as_str()
                .parse()
                .map_err(|_| Error::configuration("the endpoint's URL becomes too long"))?;
        }
    }
    Ok(())
}

/// There is no answer of `server`, which is named: the request that needs the token may go elsewhere.
fn unavailable(server: Option<Origin>, error: Error) -> Refused {
    let error = match server {
        Some(server) => {
            Error::new(error.kind(), format!("no answer of {server}")).with_source(error)
        }
        None => error,
    };
    Refused::new(RefusedKind::Unavailable, error)
}

/// What the configuration does not allow.
pub(crate) fn unfit(error: Error) -> Refused {
    Refused::new(RefusedKind::Configuration, error)
}

impl<'c> AsyncHttpClient<'c> for Endpoint {
    type Error = Refused;
    type Future = BoxFuture<'c, Result<HttpResponse, Refused>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut response = Response::new(self.send_for_token(request).await?);
            *response.status_mut() = StatusCode::OK;
            Ok(response)
        })
    }
}
