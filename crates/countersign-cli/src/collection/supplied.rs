//! [`Supplied`], which authentication a request has and who says so.

use std::fmt;

use countersign_postman::{Item, Level, Result};
use serde::Serialize;

/// Which authentication a request has and who says so.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Supplied {
    /// Its type, as the file names it; none if no level says anything.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// `request`, `folder` or `collection`.
    level: Option<&'static str>,
    folder: Option<String>,
}

impl Supplied {
    /// That of a request.
    pub(crate) fn to(item: Item<'_>) -> Result<Self> {
        let auth = item.effective_auth()?;
        let (level, folder) = match auth.level() {
            None => (None, None),
            Some(Level::Request) => (Some("request"), None),
            Some(Level::Folder(name)) => (Some("folder"), Some(name.to_owned())),
            Some(Level::Collection) => (Some("collection"), None),
        };
        Ok(Self {
            kind: auth.type_name().map(str::to_owned),
            level,
            folder,
        })
    }

    /// The type, or that there is none.
    pub(crate) fn scheme(&self) -> &str {
        self.kind.as_deref().unwrap_or("none")
    }

    /// The level, with the folder's name.
    pub(crate) fn level(&self) -> String {
        match (self.level, &self.folder) {
            (Some(level), Some(folder)) => format!("{level} {folder}"),
            (level, _) => level.unwrap_or("-").to_owned(),
        }
    }

    /// Whether a scheme is to add something.
    pub(crate) fn authenticates(&self) -> bool {
        !matches!(self.scheme(), "none" | "noauth")
    }
}

impl fmt::Display for Supplied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(_) => write!(f, "{} ({})", self.scheme(), self.level()),
            None => f.write_str(self.scheme()),
        }
    }
}
