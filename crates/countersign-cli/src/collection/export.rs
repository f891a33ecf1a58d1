//! `countersign collection redact` and `countersign collection secrets`.

use std::path::Path;

use super::source;
use crate::args::{RedactArgs, SecretsArgs};
use crate::exit::Failure;
use crate::output;

/// Writes the collection without its secrets.
pub(super) fn redact(args: &RedactArgs) -> Result<(), Failure> {
    let collection = source::open(&args.collection)?.without_secrets();
    write(args.output.as_deref(), collection.to_json())
}

/// Writes the collection without its secrets, after the environment that has them.
pub(super) fn secrets(args: &SecretsArgs) -> Result<(), Failure> {
    let collection = source::open(&args.collection)?;
    let (shared, environment) = collection.split_secrets(&args.name);
    output::private_file(&args.environment, (environment.to_json() + "\n").as_bytes())?;
    write(args.output.as_deref(), shared.to_json())
}

/// A file that is there already is not replaced: it may be the only one with the secrets.
fn write(path: Option<&Path>, text: String) -> Result<(), Failure> {
    let text = text + "\n";
    match path {
        Some(path) => output::new_file(path, text.as_bytes()),
        None => {
            output::to_stdout(text.as_bytes());
            Ok(())
        }
    }
}
