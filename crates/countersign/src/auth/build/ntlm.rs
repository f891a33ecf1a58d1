//! `ntlm`: `username`, `password`, `domain`, `workstation`, `disableRetryRequest`; and beyond Postman `ntHash` in place of
//! the password, `negotiate`; `serviceName`, the service that a client means and a server is (or several, between commas);
//! `certificate`, the server's own one in PEM, to which a client binds its proof in place of the one that the connection
//! shows, and to which a server demands it to be bound; and for a server `requireMic`.

use countersign_core::verify::{AnyVerifier, Verify};
use countersign_core::{Error, Once, Result};
use countersign_ntlm::{ChannelBinding, MemoryAccounts, NtHash, Ntlm, NtlmVerifier};

use crate::auth::{Auth, AuthType, Options, Parameters};

impl From<Ntlm> for Auth {
    fn from(ntlm: Ntlm) -> Self {
        Self::new(ntlm)
    }
}

pub(super) fn client(parameters: &Parameters, options: &Options) -> Result<Auth> {
    let username = match options.lenient {
        true => parameters.text("username"),
        false => username(parameters)?,
    };
    let mut ntlm = Ntlm::with_hash(username, hash(parameters)?)?
        .domain(parameters.text("domain"))?
        .workstation(parameters.text("workstation"))?
        .negotiate(parameters.flag("negotiate")?)
        .sources(options.sources.clone());
    if let Some(name) = parameters.given("serviceName") {
        ntlm = ntlm.service_name(name);
    }
    if let Some(certificate) = parameters.given("certificate") {
        ntlm = ntlm.channel_binding(binding(certificate)?);
    }
    Ok(match parameters.flag("disableRetryRequest")? {
        true => Auth::new(Once(ntlm)),
        false => Auth::from(ntlm),
    })
}

fn username(parameters: &Parameters) -> Result<&str> {
    parameters.required(AuthType::Ntlm, "username")
}

fn hash(parameters: &Parameters) -> Result<NtHash> {
    match parameters.given("ntHash") {
        Some(hex) => NtHash::from_hex(hex),
        None => NtHash::of(&parameters.text("password").into()),
    }
}

pub(super) fn server(
    parameters: &Parameters,
    realm: &str,
    options: &Options,
) -> Result<AnyVerifier<String>> {
    let accounts = MemoryAccounts::new().hash(&account(parameters)?, hash(parameters)?);
    let mut builder = NtlmVerifier::builder(realm, accounts)
        .negotiate(parameters.flag("negotiate")?)
        .require_mic(parameters.flag("requireMic")?)
        .sources(options.sources.clone());
    if let Some(names) = parameters.given("serviceName") {
        builder = builder.service_names(names.split(',').map(str::trim));
    }
    if let Some(certificate) = parameters.given("certificate") {
        builder = builder.channel_bindings([binding(certificate)?]);
    }
    Ok(AnyVerifier::new(builder.build()?.map(|user| user.name)))
}

/// The user with the domain that the client of the same parameters names.
fn account(parameters: &Parameters) -> Result<String> {
    let username = username(parameters)?;
    let domain = parameters.given("domain");
    Ok(match (domain, username.split_once('@')) {
        (Some(domain), _) => format!("{domain}\\{username}"),
        (None, Some((user, domain))) if !username.contains('\\') => format!("{domain}\\{user}"),
        _ => username.to_owned(),
    })
}

fn binding(certificate: &str) -> Result<ChannelBinding> {
    let pem = pem::parse(certificate).map_err(|error| {
        Error::configuration("the `certificate` of ntlm is the server's own one, in PEM")
            .with_source(error)
    })?;
    ChannelBinding::server_end_point(pem.contents())
}
