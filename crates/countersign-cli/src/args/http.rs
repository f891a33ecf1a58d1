//! How servers are reached.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use countersign::AuthType;

use super::values;
use crate::credentials::Credentials;
use crate::exit::Failure;

/// How servers are reached, those of tokens too.
#[derive(Args, Debug, Default)]
pub(crate) struct HttpArgs {
    /// Accept any TLS certificate
    #[arg(short = 'k')]
    pub(crate) insecure: bool,

    /// Trust the certificates in FILE (PEM) instead of the system's
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    pub(crate) cacert: Option<PathBuf>,

    /// Speak HTTP/1.1 alone
    #[arg(long = "http1.1")]
    pub(crate) http1: bool,

    /// How long all of it may take
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) proxy: ProxyArgs,
}

/// The proxy that is in between.
#[derive(Args, Debug, Default)]
pub(crate) struct ProxyArgs {
    /// Send everything through this proxy: http://HOST:PORT or https://HOST:PORT. HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and
    /// NO_PROXY are not read
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,

    /// How to authenticate to the proxy: basic, digest, ntlm or bearer
    #[arg(long, value_name = "SCHEME", requires = "proxy")]
    pub(crate) proxy_auth: Option<AuthType>,

    /// A parameter of the proxy's scheme, as --set is of --auth
    #[arg(
        long,
        value_name = "KEY=VALUE",
        requires = "proxy_auth",
        allow_hyphen_values = true
    )]
    pub(crate) proxy_set: Vec<String>,

    /// What was made of them: a VALUE that is read from a pipe can be read once.
    #[arg(skip)]
    pub(crate) read: OnceLock<Result<Option<Arc<Credentials>>, Failure>>,
}
