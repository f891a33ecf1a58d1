//! [`Instance`], the metadata service of EC2, version 2.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use countersign_core::{Begin, Error, Fetch, Result};
use http::header::HeaderName;
use http::{HeaderValue, Method, Request, StatusCode, Uri};

use super::answer::{self, Giver};
use super::{Variables, absent};
use crate::client::CredentialsProvider;
use crate::credentials::Credentials;

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";

const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");

/// How long a token is asked for, in seconds: it is used at once, for two requests.
const TTL: HeaderValue = HeaderValue::from_static("60");

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// The credentials of the role of an EC2 instance, by version 2 of its metadata service: a token first, with which the
/// role and its credentials are read. Version 1, which needs no token, is never tried.
///
/// `AWS_EC2_METADATA_DISABLED`, `AWS_EC2_METADATA_SERVICE_ENDPOINT` and `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` are
/// respected. In a container on the instance the answer to the token needs a hop limit of 2, which is a setting of the
/// instance. Elsewhere nothing answers: give it a [`Fetch`] that waits no longer than a second or two.
#[derive(Clone)]
pub struct Instance {
    fetch: Arc<dyn Fetch>,
    variables: Variables,
}

impl Instance {
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

    /// The address of the service, unless it is not to be asked.
    fn base(&self) -> Option<String> {
        if self.variables.is_true("AWS_EC2_METADATA_DISABLED") {
            return None;
        }
        let mode = self.variables.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
        let usual = match mode.is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6")) {
            true => IPV6,
            false => IPV4,
        };
        let set = self.variables.get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        let base = set.unwrap_or_else(|| usual.to_owned());
        Some(base.trim_end_matches('/').to_owned())
    }
}

/// Those who ask it.
struct Asking {
    fetch: Arc<dyn Fetch>,
    base: String,
}

impl Asking {
    async fn credentials(self) -> Result<Option<Credentials>> {
        let token = self.token().await?;
        let Some(roles) = self.get(ROLES, &token).await? else {
            return Ok(None);
        };
        let role = str::from_utf8(&roles)
            .ok()
            .and_then(|roles| roles.lines().next());
        let role = role.map(str::trim).filter(|role| is_role(role));
        let role = role.ok_or_else(|| error("named no role"))?;
        let found = self.get(&format!("{ROLES}{role}"), &token).await?;
        let found = found.ok_or_else(|| error("has no credentials of its role"))?;
        answer::read(&found, Giver::Instance).map(Some)
    }

    async fn token(&self) -> Result<HeaderValue> {
        let mut request = self.request(Method::PUT, "/latest/api/token")?;
        request.headers_mut().insert(TOKEN_TTL, TTL);
        let answer = self.fetch.fetch(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(refused(answer.status()));
        }
        let token = HeaderValue::from_bytes(answer.body().trim_ascii());
        let mut token = token.map_err(|_| error("gave a token that cannot be sent"))?;
        token.set_sensitive(true);
        Ok(token)
    }

    /// What stands at a path; `None` if nothing does.
    async fn get(&self, path: &str, token: &HeaderValue) -> Result<Option<Bytes>> {
        let mut request = self.request(Method::GET, path)?;
        request.headers_mut().insert(TOKEN, token.clone());
        let answer = self.fetch.fetch(request).await?;
        match answer.status() {
            StatusCode::OK => Ok(Some(answer.into_body())),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(refused(status)),
        }
    }

    fn request(&self, method: Method, path: &str) -> Result<Request<Bytes>> {
        let uri: Uri = format!("{}{path}", self.base)
            .parse()
            .map_err(|_| Error::configuration("AWS_EC2_METADATA_SERVICE_ENDPOINT is no URI"))?;
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        Ok(request)
    }
}

/// What IAM allows in a name.
fn is_role(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

fn error(what: &str) -> Error {
    Giver::Instance.error(what)
}

fn refused(status: StatusCode) -> Error {
    error(&format!("answered {}", status.as_u16()))
}

impl CredentialsProvider for Instance {
    fn provide(&self) -> Begin<Credentials> {
        let found = self.find();
        let none =
            || absent("this is no instance with a role, or AWS_EC2_METADATA_DISABLED is set");
        Begin::wait(async move { found.await?.ok_or_else(none) })
    }

    fn find(&self) -> Begin<Option<Credentials>> {
        let Some(base) = self.base() else {
            return Begin::ready(None);
        };
        let fetch = Arc::clone(&self.fetch);
        Begin::wait(Asking { fetch, base }.credentials())
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Instance(..)")
    }
}
