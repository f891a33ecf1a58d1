//! `awsv4`: `accessKey`, `secretKey`, `sessionToken`, `region`, `service`, `addAuthDataToQuery`, and beyond Postman
//! `expires`, the life of a presigned URL in seconds.

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, Result};
use countersign_sigv4::{
    ContentSha256, Credentials, ManagedSigV4, MemoryKeys, SigV4, SigV4Verifier,
};
use http::header::RANGE;

use crate::auth::{Auth, AuthType, Options, Parameters};

const REGION: &str = "us-east-1";
const SERVICE: &str = "execute-api";

/// A day, in seconds.
const EXPIRES: u32 = 86_400;

impl From<SigV4> for Auth {
    fn from(sigv4: SigV4) -> Self {
        Self::new(sigv4)
    }
}

impl From<ManagedSigV4> for Auth {
    fn from(sigv4: ManagedSigV4) -> Self {
        Self::new(sigv4)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let (region, service) = scope(parameters);
    let mut builder = SigV4::builder(region, service)
        .content_sha256(ContentSha256::WithBody)
        .leave_unsigned([RANGE])
        .sign_anew(true)
        .sources(options.sources.clone());
    if parameters.flag("addAuthDataToQuery")? {
        builder = builder.presigned(expires(parameters)?);
    }
    builder
        .credentials(credentials(parameters)?)
        .map(Auth::from)
}

/// Nothing is inferred from the host.
fn scope(parameters: &Parameters) -> (&str, &str) {
    (
        parameters.given("region").unwrap_or(REGION),
        parameters.given("service").unwrap_or(SERVICE),
    )
}

fn credentials(parameters: &Parameters) -> Result<Credentials> {
    let required = |key| parameters.required(AuthType::AwsV4, key);
    let credentials = Credentials::new(required("accessKey")?, required("secretKey")?)?;
    match parameters.given("sessionToken") {
        Some(token) => credentials.session_token(token),
        None => Ok(credentials),
    }
}

fn expires(parameters: &Parameters) -> Result<u32> {
    let Some(text) = parameters.given("expires") else {
        return Ok(EXPIRES);
    };
    text.parse()
        .map_err(|_| Error::configuration("the `expires` of awsv4 is a number of seconds"))
}

pub(super) fn server(
    parameters: &Parameters,
    _: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let (region, service) = scope(parameters);
    let keys = MemoryKeys::new([credentials(parameters)?]);
    let verifier = SigV4Verifier::builder(region, service, keys)
        .allow_presigned(parameters.flag("addAuthDataToQuery")?)
        .sources(options.sources.clone());
    Ok(AnyVerifier::new(verifier.build()?))
}
