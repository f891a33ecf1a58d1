//! Chromium, as the browser that the command opens.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;
use crate::peers::program::words;
use crate::peers::server::Folder;
use crate::peers::{installed, program};
use crate::shell::quoted;

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(30);

const PROGRAM: &str = "oauth2/browse.js";

/// What the person at the browser does.
#[derive(Clone, Copy)]
pub(super) enum Mood {
    Agrees,
    Declines,
    Closes,
    /// Agrees, but somebody changes the state on the way back.
    IsTricked,
    /// Agrees on another machine, from which no redirect leads back.
    AgreesElsewhere,
    DeclinesElsewhere,
}

impl Mood {
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Agrees => &[],
            Self::Declines => &["deny"],
            Self::Closes => &["close"],
            Self::IsTricked => &["forge"],
            Self::AgreesElsewhere => &["elsewhere"],
            Self::DeclinesElsewhere => &["elsewhere", "deny"],
        }
    }
}

/// A person who is led to a browser once, of whose last page there is a picture.
pub(super) struct Browser {
    folder: Folder,
    picture: PathBuf,
    mood: Mood,
}

impl Browser {
    /// The picture is kept under this name.
    pub(super) fn new(mood: Mood, picture: &str) -> Result<Self> {
        let pages = installed("pages");
        fs::create_dir_all(&pages)?;
        let picture = pages.join(picture).with_extension("png");
        let browser = Self {
            folder: Folder::new()?,
            picture,
            mood,
        };
        browser.write()?;
        Ok(browser)
    }

    /// The page is there once it is whole.
    fn write(&self) -> Result {
        let words = words(PROGRAM).into_iter().map(|word| quoted(&word));
        let words = words.collect::<Vec<_>>().join(" ");
        let (picture, page) = (self.picture.display().to_string(), self.page_file());
        let (picture, mood, page) = (
            quoted(&picture),
            self.mood.words().join(" "),
            page.display(),
        );
        let script = format!(
            "#!/bin/sh\ntimeout 60 env {words} \"$1\" {picture} {mood} >{page}.part 2>&1\nmv {page}.part {page}\n"
        );
        fs::write(self.script(), script)?;
        Ok(fs::set_permissions(
            self.script(),
            Permissions::from_mode(0o755),
        )?)
    }

    fn script(&self) -> PathBuf {
        self.folder.path().join("browse")
    }

    fn page_file(&self) -> PathBuf {
        self.folder.path().join("page.json")
    }

    /// As the environment names a browser.
    pub(super) fn command(&self) -> String {
        format!("{} %s", self.script().display())
    }

    /// Opens an address without the command.
    pub(super) fn open(&self, url: &str) -> Result<Value> {
        let picture = self.picture.display().to_string();
        let args = [&[url, &picture], self.mood.words()].concat();
        let page = program::run(PROGRAM, &args)?;
        Ok(serde_json::from_str(&page)?)
    }

    /// An error unless the last page has this title, and no answer in its address.
    pub(super) fn shows(&self, title: &str) -> Result<Value> {
        let told = self.wait()?;
        let page: Value = serde_json::from_str(&told).map_err(|_| told)?;
        let forgets = !page["url"].as_str().unwrap_or("?").contains(['?', '#']);
        if page["title"] != title || !forgets {
            return Err(format!("the page is another: {page}").into());
        }
        match fs::read(&self.picture)?.starts_with(b"\x89PNG") {
            true => Ok(page),
            false => Err("the picture is none".into()),
        }
    }

    fn wait(&self) -> Result<String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Ok(page) = fs::read_to_string(self.page_file()) {
                return Ok(page);
            }
            sleep(Duration::from_millis(50));
        }
        Err("the browser does not end".into())
    }
}
