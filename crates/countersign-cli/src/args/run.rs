//! The arguments of `countersign run` and `countersign collection`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::{HttpArgs, values};

/// Run the requests of a Postman collection, authenticated
///
/// They go out in the order of the file, through one client: what one of them learns (a nonce, a token, a connection, a
/// cookie) the next ones use. Redirects are followed; credentials stay on the origin of the request.
///
/// A request fails if it cannot be made, if there is no answer, and if its status is 400 or above: no script runs, so
/// nothing else could judge it. Scripts and settings that have no effect here are named before the first request.
///
/// Exit code: the highest of those that `send` would have for each request (0 accepted, 1 another HTTP error, 2 the request
/// cannot be made, 3 the scheme failed, 4 refused, 5 the token endpoint refused, 6 a person has to consent and none did,
/// 7 transport); 130 if it was interrupted.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) file: CollectionArgs,

    /// The secrets of {{vault:NAME}}: JSON, {"values": [{"key": NAME, "value": SECRET, "domains": [...]}]}; a SECRET of
    /// @env:NAME or @file:PATH is read from there, and goes to its domains alone (such as https://*.example.com:8443) where
    /// it has any
    #[arg(long, value_name = "FILE")]
    pub(crate) vault: Option<PathBuf>,

    /// Run only what is in this folder, told by its name or, with slashes, by the names on the way to it; or this request.
    /// It may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) folder: Vec<String>,

    /// Run once for each row of FILE: CSV with a line of names, or a JSON list of objects
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Option<PathBuf>,

    /// The folder of files in bodies; that of COLLECTION, unless told otherwise
    #[arg(long, value_name = "DIR")]
    pub(crate) files: Option<PathBuf>,

    /// Begin with the cookies in FILE, and write it again at the end (of two commands at once the last one wins): cookies.txt of browsers and curl, JSON of Postman
    /// or a browser's extension. Without it cookies end with the run
    #[arg(long, value_name = "FILE")]
    pub(crate) cookie_jar: Option<PathBuf>,

    /// Wait between requests
    #[arg(long, value_name = "MS", value_parser = values::milliseconds)]
    pub(crate) delay: Option<Duration>,

    /// Stop at the first request that fails
    #[arg(long)]
    pub(crate) bail: bool,

    /// Print a report for programs instead of lines
    #[arg(long, value_name = "FORMAT")]
    pub(crate) report: Option<ReportFormat>,

    /// Write the report into FILE, and print the lines as well
    #[arg(long, value_name = "FILE", requires = "report")]
    pub(crate) report_file: Option<PathBuf>,

    /// Prepare, sign and print, send nothing. Names the requests that need an answer of the server, or a token, first
    #[arg(long)]
    pub(crate) offline: bool,

    /// Show the secrets in what --offline prints
    #[arg(long, requires = "offline")]
    pub(crate) raw: bool,

    /// How long one request may take, with its redirects
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) timeout_request: Option<Duration>,

    /// Keep the tokens of OAuth 2.0 in DIR. Without it they end with the run
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,

    /// Open no browser: print its address, and read the redirect from the terminal
    #[arg(long)]
    pub(crate) no_browser: bool,

    #[command(flatten)]
    pub(crate) http: HttpArgs,
}

/// A collection, and what its variables are.
#[derive(Args, Debug)]
pub(crate) struct CollectionArgs {
    /// A collection of Postman, in JSON
    pub(crate) collection: PathBuf,

    /// An environment
    #[arg(short = 'e', long, value_name = "FILE")]
    pub(crate) environment: Option<PathBuf>,

    /// Globals
    #[arg(short = 'g', long, value_name = "FILE")]
    pub(crate) globals: Option<PathBuf>,

    /// A variable, before all others; a VALUE of @env:NAME or @file:PATH is read from there
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(crate) var: Vec<String>,
}

/// A report for programs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One JSON object.
    Json,
    /// JUnit's XML.
    Junit,
}

/// Look at a Postman collection, and take its secrets out
///
/// Exit code: 0 done, 2 usage, or a collection that cannot be used.
#[derive(Debug, Subcommand)]
pub(crate) enum CollectionCommand {
    /// Show which authentication each request has, who supplied it, and which variables have no value
    Auth(CollectionAuthArgs),
    /// Write the collection with nothing in the place of its secrets
    Redact(RedactArgs),
    /// Write the collection with variables in the place of its secrets, and the environment that holds them
    Secrets(SecretsArgs),
}

#[derive(Args, Debug)]
pub(crate) struct CollectionAuthArgs {
    #[command(flatten)]
    pub(crate) file: CollectionArgs,

    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RedactArgs {
    /// A collection of Postman, in JSON
    pub(crate) collection: PathBuf,

    /// The new file; without it the collection is printed
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct SecretsArgs {
    /// A collection of Postman, in JSON
    pub(crate) collection: PathBuf,

    /// The new file of the environment, which only its owner can read
    #[arg(short = 'e', long, value_name = "FILE")]
    pub(crate) environment: PathBuf,

    /// What the environment is called
    #[arg(long, default_value = "secrets")]
    pub(crate) name: String,

    /// The new file of the collection; without it the collection is printed
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
