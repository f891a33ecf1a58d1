//! [`Container`], the endpoint that ECS and EKS give a container.

use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use countersign_core::{Begin, Error, Fetch, Result};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, StatusCode, Uri};
use zeroize::Zeroizing;

use super::answer::{self, Giver};
use super::{Variables, absent};
use crate::client::CredentialsProvider;
use crate::credentials::Credentials;

/// The host of a relative URI.
const ECS: &str = "http://169.254.170.2";

/// The hosts that are asked without TLS, beside loopback: those of ECS and EKS.
const PLAIN: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];

/// How long a token may be, in bytes.
const MAX_TOKEN: u64 = 8 << 10;

/// The endpoint that `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI` names, asked with
/// the token in the file of `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`, which is read anew each time, or in
/// `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
///
/// A full URI has to be `https`, or one of a loopback address, ECS or EKS.
#[derive(Clone)]
pub struct Container {
    fetch: Arc<dyn Fetch>,
    variables: Variables,
}

impl Container {
    /// Asks through `fetch`.
    pub fn new(fetch: impl Fetch) -> Self {
        Self::over(Arc::new(fetch), Variables::default())
    }

    pub(super) fn over(fetch: Arc<dyn Fetch>, variables: Variables) -> Self {
        Self { fetch, variables }
    }

    /// Finds the endpoint by another environment.
    #[must_use]
    pub fn variables(self, variables: Variables) -> Self {
        Self { variables, ..self }
    }

    /// The request to the endpoint, if there is one.
    fn request(&self) -> Result<Option<Request<Bytes>>> {
        let Some(uri) = self.uri()? else {
            return Ok(None);
        };
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = self.token()? {
            headers.insert(AUTHORIZATION, token);
        }
        Ok(Some(request))
    }

    fn uri(&self) -> Result<Option<Uri>> {
        let get = |name| self.variables.get(name);
        let full = || get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        let uri = match get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            Some(path) => Some(format!("{ECS}{path}")),
            None => full(),
        };
        let Some(uri) = uri else {
            return Ok(None);
        };
        let uri = uri.parse().ok().filter(is_allowed);
        uri.map(Some).ok_or_else(|| {
            Error::configuration(
                "the URI of the container's credentials is neither https nor one of a loopback address, ECS or EKS",
            )
        })
    }

    fn token(&self) -> Result<Option<HeaderValue>> {
        let get = |name| self.variables.get(name);
        let token = match get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            Some(path) => Some(read(&path)?),
            None => get("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Zeroizing::new),
        };
        let Some(token) = token else {
            return Ok(None);
        };
        let mut value = HeaderValue::from_str(&token).map_err(|_| {
            Error::configuration("the container's authorization token holds a line end or no ASCII")
        })?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

fn is_allowed(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |host: &str| host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => host == "localhost" || is_loopback(host) || PLAIN.contains(&host),
        _ => false,
    }
}

fn read(path: &str) -> Result<Zeroizing<String>> {
    let wrong = || Error::configuration("the container's authorization token file cannot be read");
    let file = std::fs::File::open(path).map_err(|error| wrong().with_source(error))?;
    let mut token = Zeroizing::new(String::new());
    file.take(MAX_TOKEN)
        .read_to_string(&mut token)
        .map_err(|_| wrong())?;
    Ok(Zeroizing::new(token.trim_ascii_end().to_owned()))
}

async fn ask(fetch: Arc<dyn Fetch>, request: Request<Bytes>) -> Result<Credentials> {
    let answer = fetch.fetch(request).await?;
    match answer.status() {
        StatusCode::OK => answer::read(answer.body(), Giver::Container),
        status => Err(Giver::Container.error(&format!("answered {}", status.as_u16()))),
    }
}

impl CredentialsProvider for Container {
    fn provide(&self) -> Begin<Credentials> {
        match self.request() {
            Ok(Some(request)) => Begin::wait(ask(Arc::clone(&self.fetch), request)),
            Ok(None) => Begin::failed(absent(
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set",
            )),
            Err(error) => Begin::failed(error),
        }
    }

    fn find(&self) -> Begin<Option<Credentials>> {
        match self.request() {
            Ok(Some(request)) => Begin::wait(ask(Arc::clone(&self.fetch), request)).map(Some),
            Ok(None) => Begin::ready(None),
            Err(error) => Begin::failed(error),
        }
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Container(..)")
    }
}
