//! The secrets of `{{vault:name}}`, from a file.

use std::path::Path;

use countersign::Secret;
use countersign_postman::{Vault, VaultSecret};
use serde::Deserialize;

use crate::credentials::{read, value_of};
use crate::exit::Failure;

/// As Postman writes an environment, with the domains that a secret is bound to.
#[derive(Deserialize)]
struct File {
    values: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    key: String,
    value: String,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default = "enabled")]
    enabled: bool,
}

fn enabled() -> bool {
    true
}

/// The vault in this file, and its secrets by themselves.
pub(super) fn open(path: &Path) -> Result<(Vault, Vec<Secret>), Failure> {
    // What stands in a place where it does not belong may be a secret, so it is not quoted.
    let file: File = serde_json::from_str(&read(path)?).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let why = "a vault is {\"values\": [{\"key\": ..., \"value\": ..., \"domains\": [...]}]}, which it is not at";
        wrong(path, &format!("{why} line {line}, column {column}"))
    })?;
    let entries = file.values.into_iter().filter(|entry| entry.enabled);
    let (mut all, mut secrets) = (Vec::new(), Vec::new());
    for entry in entries {
        let (name, secret) = secret(&entry).map_err(|why| wrong(path, &why))?;
        secrets.push(secret.clone());
        all.push((name.to_owned(), bound(secret, &entry, path)?));
    }
    Ok((all.into_iter().collect(), secrets))
}

fn secret(entry: &Entry) -> Result<(&str, Secret), String> {
    let name = entry.key.strip_prefix("vault:").unwrap_or(&entry.key);
    let value = value_of("secret", name, &entry.value).map_err(|failure| failure.to_string())?;
    Ok((name, value.into()))
}

fn bound(secret: Secret, entry: &Entry, path: &Path) -> Result<VaultSecret, Failure> {
    let bind = |secret: VaultSecret, domain: &String| secret.domain(domain);
    let mut domains = entry.domains.iter();
    let bound = domains.try_fold(VaultSecret::new(secret), bind);
    bound.map_err(|error| wrong(path, &format!("secret {}: {error}", entry.key)))
}

fn wrong(path: &Path, why: &str) -> Failure {
    Failure::usage(format!("--vault {}: {why}", path.display()))
}
