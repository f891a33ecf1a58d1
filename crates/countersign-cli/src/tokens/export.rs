//! Exports, which hold secrets.

use std::path::Path;

use countersign::Secret;
use countersign::token::{Entry, Existing, Sharing, Tokens};

use crate::args::ExportArgs;
use crate::exit::Failure;
use crate::output;

/// Writes tokens into a new file, or prints them if that is allowed by `raw`.
pub(super) async fn export(
    tokens: &Tokens,
    args: &ExportArgs,
    raw: bool,
) -> Result<Vec<Entry>, Failure> {
    if args.output.is_none() && !raw {
        return Err(Failure::usage(
            "an export holds secrets: name a file by --output, or let it be printed by --raw",
        ));
    }
    let sharing = match args.with_refresh {
        true => Sharing::WithRefresh,
        false => Sharing::AccessOnly,
    };
    let which: Vec<&str> = args.which.iter().map(String::as_str).collect();
    let store = |error| Failure::store(&error);
    let document = tokens.export(&which, sharing).await.map_err(store)?;
    match &args.output {
        Some(path) => output::private_file(path, document.expose())?,
        None => {
            output::to_stdout(document.expose());
            return Ok(Vec::new());
        }
    }
    let mut entries = Vec::new();
    for which in which {
        entries.push(tokens.find(which).await.map_err(store)?);
    }
    Ok(entries)
}

/// Stores the tokens of an export.
pub(super) async fn import(
    tokens: &Tokens,
    path: &Path,
    replace: bool,
) -> Result<Vec<Entry>, Failure> {
    let document = std::fs::read(path).map_err(|error| unusable(path, &error))?;
    let existing = match replace {
        true => Existing::Replace,
        false => Existing::Refuse,
    };
    let imported = tokens
        .import(Secret::new(document).expose(), existing)
        .await;
    imported.map_err(|error| Failure::store(&error))
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}
