//! `countersign collection`: looks at a collection, and takes its secrets out.

mod auth;
mod export;
pub(crate) mod place;
mod source;
mod supplied;
mod vault;

use crate::args::CollectionCommand;
use crate::exit::{Exit, Failure};
pub(crate) use source::Source;
pub(crate) use supplied::Supplied;

/// Does it and says how it ended.
pub(crate) fn run(command: CollectionCommand) -> Exit {
    perform(&command).unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        failure.exit
    })
}

fn perform(command: &CollectionCommand) -> Result<Exit, Failure> {
    match command {
        CollectionCommand::Auth(args) => return auth::run(args),
        CollectionCommand::Redact(args) => export::redact(args)?,
        CollectionCommand::Secrets(args) => export::secrets(args)?,
    }
    Ok(Exit::Accepted)
}
