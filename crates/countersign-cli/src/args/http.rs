//! How servers are reached.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values;

/// How servers are reached, those of tokens too.
#[derive(Args, Debug)]
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
}
