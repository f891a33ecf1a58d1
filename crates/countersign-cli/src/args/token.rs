//! The arguments of `countersign token`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{AuthArgs, HttpArgs};

/// Get, look at and tidy tokens of OAuth 2.0
///
/// They are stored in the folder of --store, else in $XDG_DATA_HOME/countersign/tokens, else in
/// $HOME/.local/share/countersign/tokens: files that only their owner can read. A token is told by its name or by the
/// beginning of its fingerprint (six digits at least); where none is told, it is the selected one.
///
/// Exit code: 0 done, 2 usage, configuration or store, 5 the token endpoint refused, 6 a person has to consent and none
/// did, 7 transport, 130 after an interrupt.
#[derive(Args, Debug)]
pub(crate) struct TokenArgs {
    #[command(subcommand)]
    pub(crate) command: TokenCommand,

    /// Where the tokens are stored
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) store: Option<PathBuf>,

    /// Print one JSON object
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Show secrets
    #[arg(long, global = true)]
    pub(crate) raw: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Get a token by a grant, and store it; one that is stored already and valid is taken as it is
    Get(Box<GetArgs>),
    /// List all tokens
    List,
    /// Show a token
    Show(Which),
    /// Make a token the one that is used where none is told
    Select {
        /// The token
        which: String,
    },
    /// Give a token another name
    Rename {
        /// The token
        which: String,
        /// Its new name
        name: String,
    },
    /// Renew a token now: by its refresh token, or else by its grant
    Refresh(Box<RenewArgs>),
    /// Have the server revoke a token, and delete it
    Revoke(Box<RenewArgs>),
    /// Delete a token, without telling the server
    Delete {
        /// The token
        which: String,
    },
    /// Delete the tokens that have ended and cannot be renewed
    Prune,
    /// Write tokens into a file that others can import
    Export(ExportArgs),
    /// Store the tokens of an export
    Import {
        /// The file
        file: PathBuf,
        /// Replace tokens that are there already
        #[arg(long)]
        replace: bool,
    },
}

/// A token, or the selected one.
#[derive(Args, Debug)]
pub(crate) struct Which {
    /// The token
    pub(crate) which: Option<String>,
}

/// How a token is had from a server.
#[derive(Args, Debug)]
pub(crate) struct ServerArgs {
    #[command(flatten)]
    pub(crate) auth: AuthArgs,

    #[command(flatten)]
    pub(crate) http: HttpArgs,

    /// Open no browser: print its address, and read the redirect from the terminal
    #[arg(long)]
    pub(crate) no_browser: bool,

    /// Store the secrets of the settings with the token, so that renewing it needs none of them again
    #[arg(long)]
    pub(crate) keep_secrets: bool,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,

    /// A file with Postman's `auth` object instead of --set
    #[arg(long, value_name = "FILE", conflicts_with_all = ["auth", "set"])]
    pub(crate) auth_file: Option<PathBuf>,
}

/// A token, and the settings that were not stored with it.
#[derive(Args, Debug)]
pub(crate) struct RenewArgs {
    /// The token
    pub(crate) which: Option<String>,

    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// The tokens
    #[arg(required = true)]
    pub(crate) which: Vec<String>,

    /// The file, which only its owner can read. Without it the export is printed, if --raw lets its secrets be shown
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// With the refresh tokens, with which whoever has them can go on getting tokens
    #[arg(long)]
    pub(crate) with_refresh: bool,
}
