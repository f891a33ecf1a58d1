//! [`Profile`], the files that AWS's tools share.

mod ini;

use std::io::{ErrorKind as Io, Read};
use std::path::PathBuf;

use countersign_core::{Begin, Error, ErrorKind, Result};
use zeroize::Zeroizing;

use super::environment::credentials;
use super::{Process, Variables, absent};
use crate::client::CredentialsProvider;
use crate::credentials::Credentials;
use ini::{Section, Sections};

/// How large a file may be, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// What AWS's tools can do with a profile and this does not; it comes before keys that the profile has as well.
const UNSUPPORTED: [&str; 7] = [
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "login_session",
];

/// A profile of `~/.aws/credentials` and `~/.aws/config`, or of the files that `AWS_SHARED_CREDENTIALS_FILE` and
/// `AWS_CONFIG_FILE` name: its keys in the first file, its `credential_process`, its keys in the second, in this order.
///
/// The files are read anew each time.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    variables: Variables,
    name: Option<String>,
}

/// What a profile says.
enum Said {
    Nothing,
    Keys(Credentials),
    Process(Process),
}

impl Profile {
    /// The profile that `AWS_PROFILE` names, or `default`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The profile of this name.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            ..Self::default()
        }
    }

    /// Finds the files and the profile by another environment.
    #[must_use]
    pub fn variables(self, variables: Variables) -> Self {
        Self { variables, ..self }
    }

    fn read(&self) -> Result<Said> {
        let wanted = self
            .name
            .clone()
            .or_else(|| self.variables.get("AWS_PROFILE"));
        let name = wanted.as_deref().unwrap_or("default");
        let texts = [
            self.text("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")?,
            self.text("AWS_CONFIG_FILE", ".aws/config")?,
        ];
        let keys = Sections::read(&texts[0]).map_err(|error| error.of("the credentials file"))?;
        let config = Sections::read(&texts[1]).map_err(|error| error.of("the config file"))?;
        let found = [keys.get(name), config.profile(name)];
        match (found, wanted.is_some()) {
            ([None, None], false) => Ok(Said::Nothing),
            ([None, None], true) => Err(missing(name)),
            ([keys, config], _) => {
                said(&keys.unwrap_or_default(), &config.unwrap_or_default(), name)
            }
        }
    }

    fn text(&self, variable: &str, default: &str) -> Result<Zeroizing<String>> {
        match self.variables.file(variable, default) {
            Some(path) => text(path),
            None => Ok(Zeroizing::default()),
        }
    }
}

/// The text of a file; none if it is not there.
fn text(path: PathBuf) -> Result<Zeroizing<String>> {
    let wrong = |why: &str| {
        let path = path.display();
        Error::configuration(format!("the profile file {path} {why}"))
    };
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == Io::NotFound => return Ok(Zeroizing::default()),
        Err(error) => return Err(wrong("cannot be opened").with_source(error)),
    };
    let mut text = Zeroizing::new(String::new());
    let read = file.take(MAX_FILE + 1).read_to_string(&mut text);
    match read {
        Ok(length) if length as u64 <= MAX_FILE => Ok(text),
        Ok(_) => Err(wrong("is larger than 1 MiB")),
        Err(error) => Err(wrong("cannot be read as UTF-8").with_source(error)),
    }
}

fn said(keys: &Section<'_>, config: &Section<'_>, name: &str) -> Result<Said> {
    let has = |key: &&&str| keys.get(key).or(config.get(key)).is_some();
    if let Some(key) = UNSUPPORTED.iter().find(has) {
        return Err(unsupported(name, key));
    }
    let process = keys
        .get("credential_process")
        .or(config.get("credential_process"));
    if let Some(found) = pair(keys, name)? {
        return Ok(Said::Keys(found));
    }
    if let Some(line) = process {
        return Process::parse(line).map(Said::Process);
    }
    Ok(pair(config, name)?.map_or(Said::Nothing, Said::Keys))
}

/// The keys of a section.
fn pair(section: &Section<'_>, name: &str) -> Result<Option<Credentials>> {
    let get = |key| section.get(key);
    match (get("aws_access_key_id"), get("aws_secret_access_key")) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => {
            let token = get("aws_session_token").map(str::to_owned);
            credentials(id, secret.to_owned(), token).map(Some)
        }
        _ => Err(Error::configuration(format!(
            "the profile `{name}` has only one of aws_access_key_id and aws_secret_access_key"
        ))),
    }
}

fn missing(name: &str) -> Error {
    Error::configuration(format!(
        "there is no profile `{name}` in the credentials file or the config file"
    ))
}

fn unsupported(name: &str, key: &str) -> Error {
    let message = format!(
        "the profile `{name}` asks for `{key}`, which is not built in: name a credential_process in it, or give a \
         CredentialsProvider of your own"
    );
    Error::new(ErrorKind::Unsupported, message)
}

impl CredentialsProvider for Profile {
    fn provide(&self) -> Begin<Credentials> {
        match self.read() {
            Ok(Said::Keys(keys)) => Begin::ready(keys),
            Ok(Said::Process(process)) => process.provide(),
            Ok(Said::Nothing) => Begin::failed(absent("no profile file has credentials")),
            Err(error) => Begin::failed(error),
        }
    }

    fn find(&self) -> Begin<Option<Credentials>> {
        match self.read() {
            Ok(Said::Keys(keys)) => Begin::ready(Some(keys)),
            Ok(Said::Process(process)) => process.find(),
            Ok(Said::Nothing) => Begin::ready(None),
            Err(error) => Begin::failed(error),
        }
    }
}
