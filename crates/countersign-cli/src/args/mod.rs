//! What the command line says.

mod http;
mod run;
mod token;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ::http::Method;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use countersign::AuthType;

pub(crate) use http::{HttpArgs, ProxyArgs};
pub(crate) use run::{
    CollectionArgs, CollectionAuthArgs, CollectionCommand, RedactArgs, ReportFormat, RunArgs,
    SecretsArgs,
};
pub(crate) use token::{ExportArgs, GetArgs, RenewArgs, ServerArgs, TokenArgs, TokenCommand};

/// Authenticates HTTP requests by any scheme, and serves what demands one.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Send(Box<SendArgs>),
    Run(Box<RunArgs>),
    #[command(subcommand)]
    Collection(CollectionCommand),
    Serve(Box<ServeArgs>),
    Token(Box<TokenArgs>),
}

/// Send one request, authenticated
///
/// Exit code: 0 accepted (status below 400), 1 another HTTP error, 2 usage or configuration, 3 the scheme failed,
/// 4 refused (401, 403, 407), 5 the token endpoint refused, 6 a person has to consent and none did, 7 transport, 130 after an
/// interrupt.
///
/// With `--auth oauth2` the token is the one in accessToken, the one that a grant gets (grant_type and the keys that it
/// needs), or a stored one: the one that --token names, or without any --set the one that is selected. What is said
/// between the command and the authorization server is not among the legs.
#[derive(ClapArgs, Debug)]
pub(crate) struct SendArgs {
    /// The request's method
    pub(crate) method: Method,

    /// Where it goes: http:// or https://, what is special in it as %XX
    #[arg(hide_possible_values = true)]
    pub(crate) url: String,

    /// A header; repeated ones keep their order
    #[arg(short = 'H', value_name = "NAME: VALUE", allow_hyphen_values = true)]
    pub(crate) headers: Vec<String>,

    /// The body: a text, or the content of FILE, or of standard input
    #[arg(short = 'd', value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) data: Option<String>,

    /// A field of a form, which becomes the body
    #[arg(
        long = "form",
        value_name = "NAME=VALUE",
        conflicts_with = "data",
        allow_hyphen_values = true
    )]
    pub(crate) form: Vec<String>,

    /// Follow redirects, at most 10; credentials stay on the origin of URL
    #[arg(short = 'L')]
    pub(crate) follow: bool,

    /// Begin with the cookies in FILE, and write it again at the end (of two commands at once the last one wins): cookies.txt of browsers and curl, JSON of Postman
    /// or a browser's extension. Without it cookies end with the command
    #[arg(long, value_name = "FILE")]
    pub(crate) cookie_jar: Option<PathBuf>,

    /// Whether the cookies that an answer sets go with the next request: after a challenge, and with -L
    #[arg(
        long,
        value_name = "on|off",
        default_value = "on",
        conflicts_with = "cookie_jar"
    )]
    pub(crate) cookies: Cookies,

    #[command(flatten)]
    pub(crate) http: HttpArgs,

    #[command(flatten)]
    pub(crate) auth: AuthArgs,

    /// A file with Postman's `auth` object instead of --auth and --set
    #[arg(long, value_name = "FILE", conflicts_with_all = ["auth", "set"])]
    pub(crate) auth_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) tokens: SendTokenArgs,

    /// Sign and print, send nothing
    #[arg(long)]
    pub(crate) offline: bool,

    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,

    /// Print each request that went out as a command of curl, in place of the answer
    #[arg(long, conflicts_with_all = ["json", "dump"])]
    pub(crate) to_curl: bool,

    /// Print every message that went out or came back, in place of the last answer
    #[arg(long, value_name = "HOW", conflicts_with = "json")]
    pub(crate) dump: Option<Dump>,

    /// Show secrets
    #[arg(long)]
    pub(crate) raw: bool,
}

/// Whether cookies are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Cookies {
    /// As browsers do.
    On,
    /// None but those of -H and of a scheme.
    Off,
}

/// How messages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dump {
    /// Without the secrets.
    Redacted,
    /// With them.
    Raw,
}

/// Stored tokens of OAuth 2.0.
#[derive(ClapArgs, Debug)]
pub(crate) struct SendTokenArgs {
    /// Send the stored token of this name, or whose fingerprint begins so; it is renewed where it has to be
    #[arg(long, value_name = "NAME", conflicts_with = "auth_file")]
    pub(crate) token: Option<String>,

    /// Where tokens are stored. Without it nothing is stored, but for a token that was stored already and is renewed
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,

    /// Open no browser: print its address, and read the redirect from the terminal
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// Serve what demands a scheme, and report who was let in
///
/// Its first line is `listening on URL`. SIGINT and SIGTERM stop it.
///
/// It takes the keys that `send` takes, and demands what `send` with these would send. What is signed with a private key
/// (oauth1 by RSA; jwt by RS, PS or ES; asap) it verifies by `--set publicKey=@file:KEY.pem`, by
/// `--set jwks=@file:KEYS.json` or `--set jwks=https://...` (a JWK set, or its URL; jwt and asap), or by the public half of
/// privateKey. `--set allowBewit=true` lets hawk's bewits in.
#[derive(ClapArgs, Debug)]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: SocketAddr,

    #[command(flatten)]
    pub(crate) auth: AuthArgs,

    /// The realm that challenges name
    #[arg(long, value_name = "R")]
    pub(crate) realm: Option<String>,

    /// The server's certificate chain (PEM)
    #[arg(long, value_name = "F", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The key of the certificate (PEM)
    #[arg(long, value_name = "F", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// Trust the certificates in FILE (PEM) instead of the system's where a jwks is fetched
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,

    /// Stop after this time
    #[arg(long = "for", value_name = "SECONDS", value_parser = values::seconds)]
    pub(crate) duration: Option<Duration>,
}

/// Which scheme, and what configures it.
#[derive(ClapArgs, Debug)]
pub(crate) struct AuthArgs {
    /// The scheme: noauth, apikey, bearer, basic, digest, oauth1, oauth2, hawk, awsv4, ntlm, edgegrid, jwt or asap
    #[arg(long, value_name = "SCHEME")]
    pub(crate) auth: Option<AuthType>,

    /// A parameter of the scheme by its key in Postman's collection format; a VALUE of @env:NAME or @file:PATH is
    /// read from there
    #[arg(long, value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(crate) set: Vec<String>,

    /// Sign (or judge) as of this time: Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = values::time)]
    pub(crate) at: Option<Duration>,

    /// Take RSA keys of oauth1 from 1024 bits on, which are no longer safe
    #[arg(long)]
    pub(crate) allow_weak_key: bool,
}
