//! Jars that outlast the process.

use std::fs;
use std::path::Path;

use countersign_cookies::{FileError, Format, Jar};
use countersign_testkit::{Canary, assert_clean};
use tempfile::tempdir;

use crate::{sent, set};

const SERVER: &str = "https://example.com/";

fn load(path: &Path) -> Jar {
    Jar::load(path).unwrap()
}

#[test]
fn a_jar_comes_back_in_the_format_that_it_had() {
    let folder = tempdir().unwrap();
    for (name, begins) in [
        ("jar.txt", "# Netscape"),
        ("jar.json", "{"),
        ("jar", "# Netscape"),
    ] {
        let path = folder.path().join(name);
        let jar = load(&path);
        assert!(!path.exists(), "loading makes no file");
        set(&jar, SERVER, "session=1").unwrap();
        jar.save().unwrap();
        assert!(
            fs::read_to_string(&path).unwrap().starts_with(begins),
            "{name}"
        );
        assert_eq!(sent(&load(&path), SERVER), "session=1", "{name}");
        jar.save_as(&path, Format::Browser).unwrap();
        let jar = load(&path);
        jar.save().unwrap();
        assert!(
            fs::read_to_string(&path).unwrap().starts_with('['),
            "{name}"
        );
    }
}

#[test]
fn an_empty_file_is_a_new_one() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("jar.json");
    fs::write(&path, "\n").unwrap();
    let jar = load(&path);
    jar.save().unwrap();
    assert!(fs::read_to_string(&path).unwrap().starts_with('{'));
}

#[test]
fn a_jar_of_no_file_is_saved_under_a_name_only() {
    assert!(matches!(Jar::new().save(), Err(FileError::NoFile)));
}

#[test]
fn a_broken_file_is_told_and_left() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("jar.txt");
    let broken = format!(
        "example.com\tFALSE\t/\tFALSE\tnever\tn\t{}\n",
        Canary::token().as_str()
    );
    fs::write(&path, &broken).unwrap();
    let error = Jar::load(&path).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        error
            .to_string()
            .contains("jar.txt: line 1, expires: not a number"),
        "{error}"
    );
    assert_clean("an error", shown.as_bytes());
    assert_eq!(fs::read_to_string(&path).unwrap(), broken);
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(Jar::load(&path), Err(FileError::Io { .. })));
}

#[test]
fn what_is_no_file_is_neither_read_nor_replaced() {
    let folder = tempdir().unwrap();
    assert!(matches!(
        Jar::load(folder.path()),
        Err(FileError::NotAFile(_))
    ));
    let saved = Jar::new().save_as(folder.path(), Format::Netscape);
    assert!(matches!(saved, Err(FileError::NotAFile(_))));
    let missing = folder.path().join("none").join("jar.txt");
    let saved = Jar::new().save_as(missing, Format::Netscape);
    assert!(matches!(
        saved,
        Err(FileError::Io {
            doing: "writing",
            ..
        })
    ));
}

#[test]
fn a_jar_that_its_format_cannot_hold_leaves_the_file() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("jar.txt");
    let jar = load(&path);
    jar.save().unwrap();
    let before = fs::read(&path).unwrap();
    let page = countersign_cookies::Partition::new("https://shop.example").unwrap();
    set(&jar.in_partition(page), SERVER, "a=1; Secure; Partitioned").unwrap();
    assert!(matches!(jar.save(), Err(FileError::Format { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn only_its_owner_reads_it() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("jar.txt");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        load(&path).save().unwrap();
        assert_eq!(mode(&path), 0o600);
        let drafts = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(drafts, 1, "no draft is left");
    }

    #[test]
    fn a_link_to_it_stays() {
        let folder = tempdir().unwrap();
        let (path, link) = (folder.path().join("jar.txt"), folder.path().join("link"));
        fs::write(&path, "").unwrap();
        symlink(&path, &link).unwrap();
        load(&link).save().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&path).unwrap().starts_with('#'));
    }

    #[test]
    fn a_device_is_none() {
        let device = Path::new("/dev/null");
        assert!(matches!(Jar::load(device), Err(FileError::NotAFile(_))));
    }
}
