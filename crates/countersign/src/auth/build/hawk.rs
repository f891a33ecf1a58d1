//! `hawk`: `authId`, `authKey`, `algorithm` (`sha256`, the default, or `sha1`), `nonce`, `timestamp`, `extraData`, `app`,
//! `delegation`, `includePayloadHash`; and beyond Postman `requireProof`, what answers have to prove (`head` or `body`),
//! `bewit`, which sends a bewit in the query in place of the header, with its life `ttl` in seconds (60 by default), and for
//! a server `allowBewit`.

use std::time::Duration;

use countersign_core::verify::{AnyVerifier, Verify};
use countersign_core::{Error, Result};
use countersign_hawk::{
    Algorithm, AnswerProof, Credentials, Hawk, HawkBewit, HawkVerifier, MemoryKeys, PayloadHash,
    PayloadRule,
};

use crate::auth::{Auth, AuthType, Options, Parameters};

impl From<Hawk> for Auth {
    fn from(hawk: Hawk) -> Self {
        Self::new(hawk)
    }
}

impl From<HawkBewit> for Auth {
    fn from(hawk: HawkBewit) -> Self {
        Self::new(hawk)
    }
}

/// How long a bewit lives if nothing else is said, in seconds.
const TTL: u64 = 60;

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    if options.lenient && super::lacks(parameters, &["authId", "authKey"]) {
        return Ok(Auth::none());
    }
    let hawk = Hawk::new(credentials(parameters)?)
        .payload_hash(payload_hash(parameters)?)
        .ext(parameters.text("extraData"))?
        .require_proof(proof(parameters)?)
        .sources(options.sources.clone());
    let auth = placed(preset(hawk, parameters)?, parameters)?;
    Ok(match app(parameters) {
        (None, Some(_)) => auth.ignoring("delegation"),
        _ => auth,
    })
}

/// In the header, or in the query where a bewit is asked for.
fn placed(hawk: Hawk, parameters: &Parameters) -> Result<Auth> {
    let ttl = parameters.number("ttl")?;
    match (parameters.flag("bewit")?, ttl) {
        (false, None) => Ok(Auth::from(hawk)),
        (false, Some(_)) => Err(Error::configuration(
            "the `ttl` of hawk is the life of a bewit: set `bewit` to true with it",
        )),
        (true, ttl) => {
            let granting = hawk.in_query(Duration::from_secs(ttl.unwrap_or(TTL)))?;
            let pointless = ["nonce", "includePayloadHash"].into_iter();
            let is_set = |key: &&str| parameters.given(key).is_some_and(|value| value != "false");
            let pointless = pointless.filter(is_set);
            Ok(pointless.fold(Auth::from(granting), |auth, key| auth.ignoring(key)))
        }
    }
}

/// Without these each request has its own.
fn preset(mut hawk: Hawk, parameters: &Parameters) -> Result<Hawk> {
    if let Some(nonce) = parameters.given("nonce") {
        hawk = hawk.nonce(nonce)?;
    }
    // To Postman zero is the present.
    let timestamp = parameters.number("timestamp")?;
    Ok(match timestamp.filter(|unix| *unix > 0) {
        Some(unix) => hawk.timestamp(unix),
        None => hawk,
    })
}

fn payload_hash(parameters: &Parameters) -> Result<PayloadHash> {
    Ok(match parameters.flag("includePayloadHash")? {
        true => PayloadHash::NonEmpty,
        false => PayloadHash::Omit,
    })
}

fn proof(parameters: &Parameters) -> Result<AnswerProof> {
    match parameters.text("requireProof") {
        "" => Ok(AnswerProof::None),
        "head" => Ok(AnswerProof::Head),
        "body" => Ok(AnswerProof::Body),
        _ => Err(Error::configuration(
            "the `requireProof` of hawk is head or body",
        )),
    }
}

/// The application, and the one that delegated it, which is not sent without the other.
fn app(parameters: &Parameters) -> (Option<&str>, Option<&str>) {
    (parameters.given("app"), parameters.given("delegation"))
}

fn credentials(parameters: &Parameters) -> Result<Credentials> {
    let required = |key| parameters.required(AuthType::Hawk, key);
    let algorithm = match parameters.given("algorithm") {
        Some(name) => name.parse()?,
        None => Algorithm::Sha256,
    };
    let credentials = Credentials::new(required("authId")?, required("authKey")?, algorithm)?;
    match app(parameters) {
        (Some(app), delegation) => credentials.app(app, delegation),
        _ => Ok(credentials),
    }
}

pub(super) fn server(
    parameters: &Parameters,
    _: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let keys = MemoryKeys::new([credentials(parameters)?]);
    let verifier = HawkVerifier::builder(keys)
        .payload(match payload_hash(parameters)? {
            PayloadHash::Omit => PayloadRule::Optional,
            _ => PayloadRule::Required,
        })
        .prove_answers(AnswerProof::Body)
        .allow_bewit(parameters.flag("allowBewit")?)
        .default_port(if options.cleartext { 80 } else { 443 })
        .sources(options.sources.clone());
    Ok(AnyVerifier::new(verifier.build()?.map(|caller| caller.id)))
}
