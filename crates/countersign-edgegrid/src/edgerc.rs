//! [`EdgeRc`], the file in which Akamai's tools keep credentials.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use countersign_core::{Error, Result, Secret};

use crate::client::EdgeGrid;
use crate::credentials::Credentials;
use crate::host;

/// How large a file may be, in bytes.
const MAX_FILE: u64 = 1 << 20;

/// An `.edgerc` file: sections in brackets, each with lines of `key = value`. `_` and `-` in a key are the same; lines
/// that begin with `#` or `;` are comments. `Debug` shows the names of the sections alone, and no error shows a value.
#[derive(Clone)]
pub struct EdgeRc {
    name: Box<str>,
    sections: HashMap<String, HashMap<String, Secret>>,
}

impl EdgeRc {
    /// Reads a file of 1 MiB at most. `~/` at the beginning of `path` is the home folder, as no shell has a hand in it:
    /// `~/.edgerc` is where Akamai's tools look.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it cannot be read, is too large, is
    /// not UTF-8, or as for [`parse`](Self::parse).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = located(path.as_ref(), std::env::home_dir());
        let name = path.display().to_string();
        let mut text = String::new();
        let read =
            File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_string(&mut text));
        read.map_err(|error| {
            Error::configuration(format!("{name} cannot be read")).with_source(error)
        })?;
        if text.len() as u64 > MAX_FILE {
            return Err(Error::configuration(format!("{name} is larger than 1 MiB")));
        }
        Self::parse(&name, &text)
    }

    /// Reads the text of a file; `name` is what errors call it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a line that is none of the above,
    /// for one before the first section, and for a section or key that is there twice.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let mut file = Self {
            name: name.into(),
            sections: HashMap::new(),
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut section = None;
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            section = match section_name(line) {
                Some(name) => Some(file.begin(name)?),
                None => Some(file.add(section, line, index + 1)?),
            };
        }
        Ok(file)
    }

    fn begin(&mut self, section: &str) -> Result<String> {
        let section = section.to_owned();
        match self.sections.insert(section.clone(), HashMap::new()) {
            None => Ok(section),
            Some(_) => Err(self.error(&section, "is there twice")),
        }
    }

    /// Adds a line to its section, and gives that back.
    fn add(&mut self, section: Option<String>, line: &str, number: usize) -> Result<String> {
        let (Some(section), Some(at)) = (section, line.find(['=', ':'])) else {
            let why = format!(
                "{}: line {number} is no key with a value in a section",
                self.name
            );
            return Err(Error::configuration(why));
        };
        let key = line[..at].trim().to_ascii_lowercase().replace('-', "_");
        let value = Secret::from(line[at + 1..].trim());
        let values = self.sections.entry(section.clone()).or_default();
        match values.insert(key.clone(), value) {
            None => Ok(section),
            Some(_) => Err(self.error(&section, &format!("has {key} twice"))),
        }
    }

    /// A section by its name; Akamai's tools use `default` if nothing else is said.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if there is none.
    pub fn section(&self, name: &str) -> Result<Section<'_>> {
        match self.sections.get_key_value(name) {
            Some((name, values)) => Ok(Section {
                file: self,
                name,
                values,
            }),
            None => Err(self.error(name, "is not there")),
        }
    }

    fn error(&self, section: &str, what: &str) -> Error {
        Error::configuration(format!("{}: the section [{section}] {what}", self.name))
    }
}

fn located(path: &Path, home: Option<PathBuf>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

fn section_name(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']').map(str::trim)
}

/// A section of an [`EdgeRc`].
#[derive(Clone, Copy)]
pub struct Section<'a> {
    file: &'a EdgeRc,
    name: &'a str,
    values: &'a HashMap<String, Secret>,
}

impl<'a> Section<'a> {
    /// The host that the credentials are for, without scheme and path: the base of every URL.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if there is none.
    pub fn host(&self) -> Result<&'a str> {
        let host = host::of_base(self.required("host")?);
        host.ok_or_else(|| self.error("has a host that is none"))
    }

    /// The three values.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if one is missing or cannot be used.
    pub fn credentials(&self) -> Result<Credentials> {
        let secret = self.required("client_secret")?;
        let (client, access) = (
            self.required("client_token")?,
            self.required("access_token")?,
        );
        let credentials = Credentials::new(client, secret, access);
        credentials.map_err(|error| {
            self.error("has a token that cannot be used")
                .with_source(error)
        })
    }

    pub(crate) fn client(&self) -> Result<EdgeGrid> {
        let mut client = EdgeGrid::new(self.credentials()?);
        if let Some(bytes) = self.get("max_body") {
            let bytes = bytes
                .parse()
                .map_err(|_| self.error("has a max_body that is no number"))?;
            client = client.max_body(bytes);
        }
        if let Some(names) = self.get("headers_to_sign").filter(|names| *names != "None") {
            client = client
                .headers_to_sign(names.split(','))
                .map_err(|error| self.error("has a wrong headers_to_sign").with_source(error))?;
        }
        match self.get("account_key") {
            Some(key) => Ok(client.account_switch_key(key)),
            None => Ok(client),
        }
    }

    /// A value that is there and not empty.
    fn get(&self, key: &str) -> Option<&'a str> {
        let value = self.values.get(key).and_then(Secret::expose_str);
        value.filter(|value| !value.is_empty())
    }

    fn required(&self, key: &str) -> Result<&'a str> {
        self.get(key)
            .ok_or_else(|| self.error(&format!("has no {key}")))
    }

    fn error(&self, what: &str) -> Error {
        self.file.error(self.name, what)
    }
}

impl fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Section")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EdgeRc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeRc")
            .field("name", &self.name)
            .field("sections", &self.sections.keys())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_begin_with_the_home_folder() {
        let at = |path: &str| located(Path::new(path), Some("/home/alice".into()));
        assert_eq!(at("~/.edgerc"), Path::new("/home/alice/.edgerc"));
        for other in ["~bob/.edgerc", "./~/.edgerc", "a/~/.edgerc", "/.edgerc"] {
            assert_eq!(at(other), Path::new(other));
        }
        assert_eq!(located(Path::new("~/a"), None), Path::new("~/a"));
    }
}
