//! [`Source`], a collection with its variables.

use std::path::Path;

use countersign::Secret;
use countersign_postman::{Collection, Environment, Error, Variables};
use serde_json::Value;

use super::vault;
use crate::args::CollectionArgs;
use crate::credentials::setting;
use crate::exit::Failure;
use crate::redact::Redactor;

/// A collection with its variables.
pub(crate) struct Source {
    pub(crate) collection: Collection,
    pub(crate) variables: Variables,
    secrets: Vec<Secret>,
}

impl Source {
    /// What the arguments name.
    pub(crate) fn open(args: &CollectionArgs) -> Result<Self, Failure> {
        let collection = open(&args.collection)?;
        let mut secrets = Vec::new();
        learn(collection.as_value(), &mut secrets);
        let mut variables = Variables::new();
        if let Some(path) = &args.environment {
            variables = variables.environment(environment(path, &mut secrets)?);
        }
        if let Some(path) = &args.globals {
            variables = variables.globals(environment(path, &mut secrets)?);
        }
        for var in &args.var {
            let (name, value) = setting("--var", var)?;
            if name.starts_with("vault:") {
                secrets.push(Secret::from(value.as_str()));
            }
            variables = variables.set(name, value);
        }
        Ok(Self {
            collection,
            variables,
            secrets,
        })
    }

    /// With the secrets of this file.
    pub(crate) fn vault(mut self, path: &Path) -> Result<Self, Failure> {
        let (vault, secrets) = vault::open(path)?;
        self.variables = self.variables.secrets(vault);
        self.hide(secrets);
        Ok(self)
    }

    /// Has these hidden, too.
    pub(crate) fn hide(&mut self, secrets: Vec<Secret>) {
        self.secrets.extend(secrets);
    }

    /// One that knows what is to be hidden: the variables that are secrets.
    pub(crate) fn redactor(&self, raw: bool) -> Redactor {
        let mut redactor = Redactor::new(raw);
        self.secrets
            .iter()
            .for_each(|secret| redactor.learn(secret));
        redactor
    }
}

/// The collection in this file.
pub(crate) fn open(path: &Path) -> Result<Collection, Failure> {
    Collection::open(path).map_err(|error| unusable(path, &error))
}

fn environment(path: &Path, secrets: &mut Vec<Secret>) -> Result<Environment, Failure> {
    let environment = Environment::open(path).map_err(|error| unusable(path, &error))?;
    if let Ok(document) = serde_json::from_str(&environment.to_json()) {
        learn(&document, secrets);
    }
    Ok(environment)
}

fn unusable(path: &Path, error: &Error) -> Failure {
    Failure::collection(error).of(&path.display().to_string())
}

/// The values of variables of the type `secret`.
fn learn(value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| learn(value, secrets)),
        Value::Object(object) => {
            let secret = object.get("value").and_then(Value::as_str);
            if let Some(secret) = secret.filter(|_| value["type"] == "secret") {
                secrets.push(Secret::from(secret));
            }
            object.values().for_each(|value| learn(value, secrets));
        }
        _ => {}
    }
}
