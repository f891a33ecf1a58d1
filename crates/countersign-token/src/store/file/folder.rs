//! [`Folder`], the files of a store. Everything here blocks.

use std::fs::{self, File, ReadDir};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::access;
use crate::entry::Entry;
use crate::id::Id;
use crate::store::{StoreError, StoreErrorKind};
use crate::wire::{self, Written};

const FORMAT: &str = "countersign-token";

/// The largest file that is read, in bytes.
const MAX_SIZE: u64 = 4 << 20;

/// A folder of tokens.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Makes the folder if it is not there.
    pub(super) fn prepare(&self) -> Result<(), StoreError> {
        access::make_folder(&self.0).map_err(|error| failed("making", &self.0, error))?;
        access::check_folder(&self.0)
    }

    pub(super) fn lock_file(&self, id: Id) -> PathBuf {
        self.0.join(id.hex() + ".lock")
    }

    fn file(&self, id: Id) -> PathBuf {
        self.0.join(id.hex() + ".json")
    }

    /// Only who holds the lease writes, so there is one for each token, and one that is found is of a process that
    /// died.
    fn draft(&self, id: Id) -> PathBuf {
        self.0.join(id.hex() + ".tmp")
    }

    pub(super) fn read(&self, id: Id) -> Result<Option<Entry>, StoreError> {
        let path = self.file(id);
        let Some(document) = self.document(&path)? else {
            return Ok(None);
        };
        let place = path.display().to_string();
        let entry = wire::read::<Written>(FORMAT, &document, &place)?.entry(&place)?;
        if entry.id() == id {
            Ok(Some(entry))
        } else {
            let message = format!("{place} holds another token than its name says; move it away");
            Err(StoreError::new(StoreErrorKind::Foreign, message))
        }
    }

    fn document(&self, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let file = match access::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|error| failed("opening", path, error))?,
        };
        access::check_folder(&self.0)?;
        access::check_file(&file, path)?;
        let mut document = Zeroizing::new(Vec::with_capacity(16 << 10));
        file.take(MAX_SIZE)
            .read_to_end(&mut document)
            .map_err(|error| failed("reading", path, error))?;
        Ok(Some(document))
    }

    /// Replaces the token's file as a whole. What is there and cannot be read is not replaced.
    pub(super) fn write(&self, id: Id, entry: &Entry) -> Result<(), StoreError> {
        self.read(id)?;
        let document = wire::write(FORMAT, Written::of(entry)?)?;
        let (draft, path) = (self.draft(id), self.file(id));
        remove(&draft)?;
        let written = access::create(&draft)
            .and_then(|mut file| {
                file.write_all(&document)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&draft, &path))
            .and_then(|()| access::sync_folder(&self.0));
        written.map_err(|error| {
            // The failure to write is what the caller has to know of.
            let _ = fs::remove_file(&draft);
            failed("writing", &path, error)
        })
    }

    pub(super) fn delete(&self, id: Id) -> Result<(), StoreError> {
        let path = self.file(id);
        remove(&self.draft(id))?;
        remove(&path)?;
        access::sync_folder(&self.0).map_err(|error| failed("removing", &path, error))?;
        access::remove_lock(&self.lock_file(id))
            .map_err(|error| failed("removing the lock of", &path, error))
    }

    pub(super) fn list(&self) -> Result<Vec<Entry>, StoreError> {
        let mut ids = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            files => self.ids(files.map_err(|error| failed("listing", &self.0, error))?)?,
        };
        ids.sort_unstable();
        let entries = ids.into_iter().map(|id| self.read(id));
        // One that has been deleted since the folder was listed is not there.
        entries.filter_map(Result::transpose).collect()
    }

    fn ids(&self, files: ReadDir) -> Result<Vec<Id>, StoreError> {
        files
            .map(|file| {
                let name = file
                    .map_err(|error| failed("listing", &self.0, error))?
                    .file_name();
                Ok(name.to_str().and_then(id))
            })
            .filter_map(Result::transpose)
            .collect()
    }
}

/// Other files in the folder are none of ours.
fn id(name: &str) -> Option<Id> {
    name.strip_suffix(".json")?.parse().ok()
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed("removing", path, error)),
        _ => Ok(()),
    }
}

pub(super) fn failed(doing: &str, path: &Path, error: std::io::Error) -> StoreError {
    let message = format!("{doing} {} failed", path.display());
    StoreError::new(StoreErrorKind::Io, message).with_source(error)
}

pub(super) fn open_lock(folder: &Folder, id: Id) -> Result<File, StoreError> {
    let path = folder.lock_file(id);
    access::open_or_create(&path).map_err(|error| failed("opening", &path, error))
}
