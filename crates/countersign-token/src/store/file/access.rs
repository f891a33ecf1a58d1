//! Who may read the files: only their owner, where the system has owners and modes as Unix has.

#[cfg(not(unix))]
pub(super) use self::any::*;
#[cfg(unix)]
pub(super) use self::unix::*;

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
    use std::io::Result;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    use rustix::fs::OFlags;

    use crate::store::{StoreError, StoreErrorKind};

    pub(in crate::store::file) fn make_folder(path: &Path) -> Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    pub(in crate::store::file) fn check_folder(path: &Path) -> std::result::Result<(), StoreError> {
        let found = fs::symlink_metadata(path)
            .map_err(|error| super::super::folder::failed("looking at", path, error))?;
        if !found.is_dir() {
            return Err(exposed(path, "is not a folder", "use another path"));
        }
        check_owner(&found, path, "chmod 700")
    }

    pub(in crate::store::file) fn check_file(
        file: &File,
        path: &Path,
    ) -> std::result::Result<(), StoreError> {
        let found = file
            .metadata()
            .map_err(|error| super::super::folder::failed("looking at", path, error))?;
        if !found.is_file() {
            return Err(exposed(path, "is not a file", "move it away"));
        }
        check_owner(&found, path, "chmod 600")
    }

    fn check_owner(
        found: &Metadata,
        path: &Path,
        repair: &str,
    ) -> std::result::Result<(), StoreError> {
        if found.uid() != rustix::process::geteuid().as_raw() {
            return Err(exposed(path, "belongs to another user", "move it away"));
        }
        if found.mode() & 0o077 != 0 {
            return Err(exposed(path, "is open to other users", repair));
        }
        Ok(())
    }

    fn exposed(path: &Path, what: &str, repair: &str) -> StoreError {
        let message = format!("{} {what}; {repair}", path.display());
        StoreError::new(StoreErrorKind::Exposed, message)
    }

    pub(in crate::store::file) fn open(path: &Path) -> Result<File> {
        options().read(true).open(path)
    }

    pub(in crate::store::file) fn create(path: &Path) -> Result<File> {
        options().write(true).create_new(true).open(path)
    }

    pub(in crate::store::file) fn open_or_create(path: &Path) -> Result<File> {
        options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
    }

    /// A symbolic link is not followed, and a pipe in the file's place is not waited for.
    fn options() -> OpenOptions {
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
        let mut options = OpenOptions::new();
        options.mode(0o600).custom_flags(flags.cast_signed());
        options
    }

    pub(in crate::store::file) fn sync_folder(path: &Path) -> Result<()> {
        File::open(path)?.sync_all()
    }

    /// Whether `file` is still the one at `path`: who deletes a token removes its lock too.
    pub(in crate::store::file) fn is_at(file: &File, path: &Path) -> Result<bool> {
        let (file, found) = (file.metadata()?, fs::symlink_metadata(path)?);
        Ok((file.dev(), file.ino()) == (found.dev(), found.ino()))
    }

    pub(in crate::store::file) fn remove_lock(path: &Path) -> Result<()> {
        fs::remove_file(path)
    }
}

#[cfg(not(unix))]
mod any {
    use std::fs::{self, File, OpenOptions};
    use std::io::Result;
    use std::path::Path;

    use crate::store::StoreError;

    pub(in crate::store::file) fn make_folder(path: &Path) -> Result<()> {
        fs::create_dir_all(path)
    }

    pub(in crate::store::file) fn check_folder(_: &Path) -> std::result::Result<(), StoreError> {
        Ok(())
    }

    pub(in crate::store::file) fn check_file(
        _: &File,
        _: &Path,
    ) -> std::result::Result<(), StoreError> {
        Ok(())
    }

    pub(in crate::store::file) fn open(path: &Path) -> Result<File> {
        File::open(path)
    }

    pub(in crate::store::file) fn create(path: &Path) -> Result<File> {
        File::create_new(path)
    }

    pub(in crate::store::file) fn open_or_create(path: &Path) -> Result<File> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
    }

    pub(in crate::store::file) fn sync_folder(_: &Path) -> Result<()> {
        Ok(())
    }

    pub(in crate::store::file) fn is_at(_: &File, _: &Path) -> Result<bool> {
        Ok(true)
    }

    /// A file that is open elsewhere may not be removed, and an empty one harms nobody.
    pub(in crate::store::file) fn remove_lock(_: &Path) -> Result<()> {
        Ok(())
    }
}
