//! Where tokens are stored.

use std::env;
use std::path::{Path, PathBuf};

use countersign::token::FileStore;

use crate::exit::Failure;

/// The store in `folder`, or else where the system keeps what belongs to a user.
pub(crate) fn store(folder: Option<&Path>) -> Result<FileStore, Failure> {
    let folder = match folder {
        Some(folder) => folder.to_owned(),
        None => usual(|name| env::var_os(name).map(PathBuf::from))?,
    };
    Ok(FileStore::new(folder))
}

/// `$XDG_DATA_HOME`, which counts only if it is absolute, or its default.
fn usual(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf, Failure> {
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    let data = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
    let data = data.ok_or_else(|| {
        Failure::usage("neither XDG_DATA_HOME nor HOME is set: say by --store where tokens are")
    })?;
    Ok(data.join("countersign/tokens"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn of(data: &'static str, home: &'static str) -> Option<String> {
        let given = |path: &'static str| Some(PathBuf::from(path)).filter(|_| !path.is_empty());
        let folder = usual(|name| match name {
            "HOME" => given(home),
            _ => given(data),
        });
        folder.ok().map(|path| path.display().to_string())
    }

    #[test]
    fn it_is_the_folder_for_data_of_the_user() {
        let in_data = Some("/d/countersign/tokens".to_owned());
        assert_eq!(of("/d", "/h"), in_data);
        assert_eq!(of("/d", ""), in_data);
        let in_home = Some("/h/.local/share/countersign/tokens".to_owned());
        assert_eq!(of("", "/h"), in_home);
        assert_eq!(of("relative", "/h"), in_home);
        assert_eq!(of("", ""), None);
    }
}
