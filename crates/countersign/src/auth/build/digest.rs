//! `digest`: `username`, `password`, and what is known before the first challenge.

use countersign_core::verify::AnyVerifier;
use countersign_core::{Error, Once, Result};
use countersign_digest::{Algorithm, Digest, DigestVerifier, MemoryAccounts, Preset, Qop};

use crate::auth::{Auth, Options, Parameters};

impl From<Digest> for Auth {
    fn from(digest: Digest) -> Self {
        Self::new(digest)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let (username, password) = (parameters.text("username"), parameters.text("password"));
    let digest = Digest::new(username, password)?
        .sources(options.sources.clone())
        .preset(preset(parameters)?)?;
    Ok(match parameters.flag("disableRetryRequest")? {
        true => Auth::new(Once(digest)),
        false => Auth::from(digest),
    })
}

fn preset(parameters: &Parameters) -> Result<Preset> {
    let mut preset = Preset::new();
    if let Some(realm) = parameters.given("realm") {
        preset = preset.realm(realm);
    }
    if let Some(nonce) = parameters.given("nonce") {
        preset = preset.nonce(nonce);
    }
    if let Some(opaque) = parameters.given("opaque") {
        preset = preset.opaque(opaque);
    }
    if let Some(client_nonce) = parameters.given("clientNonce") {
        preset = preset.client_nonce(client_nonce);
    }
    numbers(parameters, preset)
}

/// What is not free text.
fn numbers(parameters: &Parameters, mut preset: Preset) -> Result<Preset> {
    if let Some(name) = parameters.given("algorithm") {
        preset = preset.algorithm(algorithm(name)?);
    }
    if let Some(name) = parameters.given("qop") {
        preset = preset.qop(qop(name)?);
    }
    if let Some(count) = parameters.given("nonceCount") {
        preset = preset.nonce_count(count_of(count)?);
    }
    Ok(preset)
}

fn algorithm(name: &str) -> Result<Algorithm> {
    Algorithm::of(name).ok_or_else(|| {
        Error::configuration(
            "a Digest `algorithm` is MD5, SHA-256, SHA-512-256 or SHA-512, or one of these with -sess",
        )
    })
}

fn qop(name: &str) -> Result<Qop> {
    Qop::of(name).ok_or_else(|| Error::configuration("a Digest `qop` is auth or auth-int"))
}

/// As it stands in the header: hexadecimal (RFC 7616 section 3.4).
fn count_of(text: &str) -> Result<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let count = u32::from_str_radix(text, 16).ok().filter(|_| digits);
    count.ok_or_else(|| {
        Error::configuration("a Digest `nonceCount` is up to 8 hexadecimal digits, as 0000000a")
    })
}

pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let (username, password) = (parameters.text("username"), parameters.text("password"));
    let accounts = MemoryAccounts::new(realm).password(username, password)?;
    let mut builder = DigestVerifier::builder(realm, accounts).sources(options.sources.clone());
    if let Some(name) = parameters.given("algorithm") {
        builder = builder.algorithms([algorithm(name)?]);
    }
    if let Some(list) = parameters.given("qop") {
        let offered = list.split(',').map(|name| qop(name.trim()));
        builder = builder.qop(offered.collect::<Result<Vec<_>>>()?);
    }
    Ok(AnyVerifier::new(builder.build()?))
}
