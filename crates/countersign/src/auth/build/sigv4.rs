//! `awsv4`: `accessKey`, `secretKey`, `sessionToken`, `region`, `service`, `addAuthDataToQuery`, and beyond Postman
//! `expires`, the life of a presigned URL in seconds, `unsignedPayload`, `chunked` (S3's signed chunks) and the `checksum` behind them, `profile` in place
//! of the keys (a name in the shared profile files), `inferScope` in place of region and service, and `pathStyle` where a
//! service reads paths otherwise than by default.

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, Result};
use countersign_sigv4::providers::Profile;
use countersign_sigv4::{
    Checksum, Chunked, ContentSha256, Credentials, ManagedSigV4, MemoryKeys, PathStyle, SigV4,
    SigV4Builder, SigV4Verifier,
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
    let builder = scoped(parameters)?
        .content_sha256(ContentSha256::WithBody)
        .leave_unsigned([RANGE])
        .sign_anew(true)
        .sources(options.sources.clone());
    let mut builder = body(builder, parameters)?;
    if let Some(style) = path_style(parameters)? {
        builder = builder.path_style(style);
    }
    let managed = match (parameters.given("profile"), parameters.given("accessKey")) {
        (Some(profile), None) => builder.provider(Profile::named(profile))?,
        _ if options.diagnose || parameters.flag("inferScope")? => {
            builder.provider(credentials(parameters)?)?
        }
        _ => {
            return builder
                .credentials(credentials(parameters)?)
                .map(Auth::from);
        }
    };
    Ok(match options.diagnose {
        true => managed.diagnose_refusals().into(),
        false => managed.into(),
    })
}

fn scoped(parameters: &Parameters) -> Result<SigV4Builder> {
    let (region, service) = scope(parameters);
    let given = ["region", "service"].map(|key| parameters.given(key));
    match (parameters.flag("inferScope")?, given) {
        (false, _) => Ok(SigV4::builder(region, service)),
        (true, [None, None]) => Ok(SigV4::infer_from_host()),
        (true, _) => Err(Error::configuration(
            "awsv4 takes region and service, or inferScope: not both",
        )),
    }
}

/// Where the signature goes, and what it covers of the body.
fn body(builder: SigV4Builder, parameters: &Parameters) -> Result<SigV4Builder> {
    let unsigned = parameters.flag("unsignedPayload")?;
    let mut builder = match (parameters.flag("chunked")?, checksum(parameters)?) {
        (true, Some(checksum)) if unsigned => builder.chunked(Chunked::unsigned(checksum)),
        (true, Some(checksum)) => builder.chunked(Chunked::signed().checksum(checksum)),
        (true, None) => builder
            .unsigned_payload(unsigned)
            .chunked(Chunked::signed()),
        (false, None) => builder.unsigned_payload(unsigned),
        (false, Some(_)) => {
            return Err(Error::configuration(
                "the `checksum` of awsv4 follows a body in chunks: set chunked=true too",
            ));
        }
    };
    if parameters.flag("addAuthDataToQuery")? {
        builder = builder.presigned(expires(parameters)?);
    }
    Ok(builder)
}

/// Nothing is inferred from the host unless that is asked for.
fn scope(parameters: &Parameters) -> (&str, &str) {
    (
        parameters.given("region").unwrap_or(REGION),
        parameters.given("service").unwrap_or(SERVICE),
    )
}

fn checksum(parameters: &Parameters) -> Result<Option<Checksum>> {
    Ok(Some(match parameters.text("checksum") {
        "" => return Ok(None),
        "crc32" => Checksum::Crc32,
        "crc32c" => Checksum::Crc32c,
        "crc64nvme" => Checksum::Crc64Nvme,
        "sha1" => Checksum::Sha1,
        "sha256" => Checksum::Sha256,
        _ => {
            return Err(Error::configuration(
                "the `checksum` of awsv4 is crc32, crc32c, crc64nvme, sha1 or sha256",
            ));
        }
    }))
}

fn path_style(parameters: &Parameters) -> Result<Option<PathStyle>> {
    Ok(Some(match parameters.text("pathStyle") {
        "" => return Ok(None),
        "normalized" => PathStyle::Normalized,
        "encoded" => PathStyle::Encoded,
        "encodedOnce" => PathStyle::EncodedOnce,
        "asSent" => PathStyle::AsSent,
        _ => {
            return Err(Error::configuration(
                "the `pathStyle` of awsv4 is normalized, encoded, encodedOnce or asSent",
            ));
        }
    }))
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
    let mut verifier = SigV4Verifier::builder(region, service, keys)
        .allow_presigned(parameters.flag("addAuthDataToQuery")?)
        .allow_unsigned_payload(parameters.flag("unsignedPayload")?)
        .sources(options.sources.clone());
    if let Some(style) = path_style(parameters)? {
        verifier = verifier.path_style(style);
    }
    Ok(AnyVerifier::new(verifier.build()?))
}
