//! Files that are made and never replaced.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use crate::exit::Failure;

/// Writes a new file.
pub(crate) fn new_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write(path, bytes, OpenOptions::new())
}

/// Writes a new file that only its owner can read, from its first byte on.
pub(crate) fn private_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write(path, bytes, options)
}

fn write(path: &Path, bytes: &[u8], mut options: OpenOptions) -> Result<(), Failure> {
    let file = options.write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}
