//! The cookies of `send` and `run`.

use std::path::Path;

use countersign::Preview;
use countersign::cookies::{FileError, Jar};

use super::record::note_before_jar_in;
use crate::args::{Cookies, SendArgs};
use crate::exit::Failure;

/// Those that the arguments name; `None` if there are to be none.
pub(super) fn of(args: &SendArgs) -> Result<Option<Jar>, Failure> {
    match (&args.cookie_jar, args.cookies) {
        (Some(path), _) => load(path).map(Some),
        (None, Cookies::On) => Ok(Some(Jar::new())),
        (None, Cookies::Off) => Ok(None),
    }
}

/// Puts into `preview` what would be sent.
pub(crate) fn show(jar: &Jar, preview: &mut Preview) {
    note_before_jar_in(&mut preview.request);
    jar.show(preview);
}

/// Writes the file back, also if the request failed: an earlier leg may have changed it.
pub(super) fn save(args: &SendArgs, jar: Option<Jar>) -> Result<(), Failure> {
    match jar.filter(|_| args.cookie_jar.is_some()) {
        Some(jar) => write_back(&jar),
        None => Ok(()),
    }
}

/// The cookies in this file.
pub(crate) fn load(path: &Path) -> Result<Jar, Failure> {
    Jar::load(path).map_err(|error| unusable(&error))
}

/// Writes the file that they were loaded from.
pub(crate) fn write_back(jar: &Jar) -> Result<(), Failure> {
    jar.save().map_err(|error| unusable(&error))
}

fn unusable(error: &FileError) -> Failure {
    Failure::usage(format!("--cookie-jar: {error}"))
}
