//! A jar's file: [`Jar::load`] and [`Jar::save`].

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use countersign_core::SystemClock;
use tempfile::NamedTempFile;

use crate::format::{Format, FormatError};
use crate::jar::Jar;

/// The largest file that is read, in bytes: more than twice what a full jar writes.
const MAX_SIZE: u64 = 64 << 20;

impl Jar {
    /// The jar of a file, which [`save`](Self::save) writes back.
    ///
    /// Where there is no file, or an empty one, the jar is empty, and `save` makes one: tough-cookie's JSON if it ends in `.json`, else a
    /// `cookies.txt`. This blocks.
    ///
    /// # Errors
    ///
    /// A [`FileError`] if it cannot be read, or is no file of cookies.
    pub fn load(path: impl Into<PathBuf>) -> Result<Self, FileError> {
        let path = path.into();
        let text = read(&path)?.filter(|text| !text.trim().is_empty());
        let format = text.as_deref().map_or_else(|| format_of(&path), Format::of);
        let jar = Self::of(Arc::new(SystemClock), Some((path.clone(), format)));
        let read = text.map(|text| jar.import(&text)).transpose();
        read.map_err(|source| FileError::Format { path, source })?;
        Ok(jar)
    }

    /// Writes the cookies back to the file that they were [loaded](Self::load) from, in its format. This blocks.
    ///
    /// # Errors
    ///
    /// Those of [`save_as`](Self::save_as), and [`FileError::NoFile`] if the jar was not loaded.
    pub fn save(&self) -> Result<(), FileError> {
        let (path, format) = self.file().ok_or(FileError::NoFile)?;
        self.save_as(path, *format)
    }

    /// Writes the cookies to a file, also those that end with their session.
    ///
    /// Only its owner may read it (0600). It is replaced as a whole, and a symbolic link to it stays. Of two that write it
    /// at once the last one wins. This blocks.
    ///
    /// # Errors
    ///
    /// A [`FileError`] if it cannot be written, or if the format has no place for one of the cookies; what was there is
    /// left as it was.
    pub fn save_as(&self, path: impl AsRef<Path>, format: Format) -> Result<(), FileError> {
        let path = path.as_ref();
        let text = self.export(format).map_err(|source| FileError::Format {
            path: path.to_owned(),
            source,
        })?;
        check(path)?;
        replace(path, text.expose()).map_err(|error| FileError::io("writing", path, error))
    }
}

fn format_of(path: &Path) -> Format {
    match path.extension() {
        Some(end) if end.eq_ignore_ascii_case("json") => Format::ToughCookie,
        _ => Format::Netscape,
    }
}

/// Whether there is a file. A device or a pipe in its place is none, and is not replaced.
fn check(path: &Path) -> Result<bool, FileError> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(true),
        Ok(_) => Err(FileError::NotAFile(path.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::io("looking at", path, error)),
    }
}

fn read(path: &Path) -> Result<Option<String>, FileError> {
    if !check(path)? {
        return Ok(None);
    }
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SIZE + 1).read_to_string(&mut text));
    match read {
        Ok(size) if size as u64 > MAX_SIZE => Err(FileError::TooLarge(path.to_owned())),
        Ok(_) => Ok(Some(text)),
        Err(error) => Err(FileError::io("reading", path, error)),
    }
}

/// What is written appears as a whole, or not at all; `tempfile` makes its files for their owner alone.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut draft = NamedTempFile::new_in(folder)?;
    draft.write_all(text)?;
    draft.as_file().sync_all()?;
    draft.persist(&path)?;
    sync(folder)
}

/// The new name outlasts a crash.
fn sync(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

/// Why a jar's file was not read or written. No value of a cookie is in it.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// The jar was not loaded from a file.
    NoFile,
    /// There is something else in its place: a folder, a device, a pipe.
    NotAFile(PathBuf),
    /// It is larger than a jar's file can be.
    TooLarge(PathBuf),
    /// Reading or writing it failed.
    Io {
        /// What was done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// How it failed.
        source: io::Error,
    },
    /// It is no file of cookies, or its format has no place for one of them.
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and where.
        source: FormatError,
    },
}

impl FileError {
    fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFile => f.write_str("the jar was not loaded from a file; save it under a name"),
            Self::NotAFile(path) => write!(f, "{} is not a file", path.display()),
            Self::TooLarge(path) => write!(f, "{} is too large for a jar", path.display()),
            Self::Io {
                doing,
                path,
                source,
            } => {
                write!(f, "{doing} {} failed: {source}", path.display())
            }
            Self::Format { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl std::error::Error for FileError {}
