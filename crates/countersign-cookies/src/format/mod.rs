//! [`Format`], the files that cookies are exchanged in.

mod browser;
mod error;
mod json;
mod netscape;
mod tough;

use std::time::Duration;

use countersign_core::Secret;

pub use self::error::{FormatError, Place};
use crate::cookie::Cookie;
use crate::host::{canonical, is_address, is_public_suffix, site};
use crate::jar::Jar;
use crate::partition::Partition;
use crate::store::{MAX_COOKIES, MAX_OF_SITE};

/// The files that cookies are exchanged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// `cookies.txt`, as curl, wget and Python's `MozillaCookieJar` have it: seven fields between tabs. It has no place
    /// for `SameSite`, for times of creation, and for fractions of a second.
    Netscape,
    /// The JSON object of the npm package tough-cookie, and so of newman and Postman.
    ToughCookie,
    /// The JSON array that browser extensions export (EditThisCookie, Cookie-Editor). It has no place for times of
    /// creation.
    Browser,
}

impl Format {
    /// What `text` is, by its first character.
    pub(crate) fn of(text: &str) -> Self {
        let text = without_mark(text).trim_start();
        match text.as_bytes().first() {
            Some(b'{') => Self::ToughCookie,
            Some(b'[') => Self::Browser,
            _ => Self::Netscape,
        }
    }

    fn read(self, text: &str, now: Duration) -> Result<Vec<Cookie>, FormatError> {
        match self {
            Self::Netscape => netscape::read(text, now),
            Self::ToughCookie => tough::read(text, now),
            Self::Browser => browser::read(text, now),
        }
    }

    fn write(self, cookies: &[Cookie]) -> Result<String, FormatError> {
        match self {
            Self::Netscape => netscape::write(cookies),
            Self::ToughCookie => tough::write(cookies),
            Self::Browser => Ok(browser::write(cookies)),
        }
    }
}

impl Jar {
    /// Takes in the cookies of a file's text, whose format shows by itself, and says which it was.
    ///
    /// A cookie takes the place of the same one in the jar. One that has expired is left out. One for a whole public suffix
    /// or an address and what is below it is read as one for that host alone.
    ///
    /// ```
    /// use countersign_cookies::{Format, Jar};
    ///
    /// let jar = Jar::new();
    /// let found = jar.import("# Netscape HTTP Cookie File\n.example.com\tTRUE\t/\tTRUE\t0\tsession\t31d4\n")?;
    /// assert_eq!(found, Format::Netscape);
    /// assert_eq!(jar.cookies()[0].name(), "session");
    ///
    /// let json = jar.export(Format::ToughCookie)?;
    /// assert_eq!(Jar::new().import(json.expose_str().unwrap_or_default())?, Format::ToughCookie);
    /// # Ok::<(), countersign_cookies::FormatError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`FormatError`] that names the place and the field. Nothing is taken in then.
    pub fn import(&self, text: &str) -> Result<Format, FormatError> {
        let text = without_mark(text);
        let (format, now) = (Format::of(text), self.now());
        let mut cookies = format.read(text, now)?;
        cookies.retain(|cookie| !cookie.has_expired(now));
        check_number(&cookies)?;
        let mut store = self.store();
        cookies
            .into_iter()
            .for_each(|cookie| store.put(cookie, now));
        Ok(format)
    }

    /// All cookies that have not expired, also those that end with their session. The text holds them in the clear.
    ///
    /// # Errors
    ///
    /// A [`FormatError`] if a cookie is partitioned under another site and the format has no place for that: others that
    /// read it would send it everywhere.
    pub fn export(&self, format: Format) -> Result<Secret, FormatError> {
        format.write(&self.cookies()).map(Secret::from)
    }
}

/// Some editors put a byte order mark before a text.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// More than the jar keeps would be forgotten in silence.
fn check_number(cookies: &[Cookie]) -> Result<(), FormatError> {
    let mut sites: Vec<&str> = cookies.iter().map(|cookie| site(&cookie.domain)).collect();
    sites.sort_unstable();
    let most = sites
        .chunk_by(|one, other| one == other)
        .map(<[_]>::len)
        .max();
    if sites.len() > MAX_COOKIES {
        return Err(FormatError::of_file(format!(
            "more than {MAX_COOKIES} cookies"
        )));
    }
    match most {
        Some(most) if most > MAX_OF_SITE => Err(FormatError::of_file(format!(
            "more than {MAX_OF_SITE} cookies of one site"
        ))),
        _ => Ok(()),
    }
}

/// A cookie of which a file says no more than this.
fn plain(name: &str, value: &str, now: Duration) -> Cookie {
    Cookie {
        name: name.to_owned(),
        value: Secret::from(value),
        domain: String::new(),
        host_only: true,
        path: "/".to_owned(),
        secure: false,
        http_only: false,
        same_site: None,
        expires: None,
        created: now,
        used: now,
        partition: None,
        extensions: Vec::new(),
        store: None,
    }
}

/// Puts in the domain as a file writes it, with or without a dot before it.
fn put_domain(cookie: &mut Cookie, written: &str, host_only: bool) -> Result<(), &'static str> {
    let name = written.strip_prefix('.').unwrap_or(written);
    let bracketed = format!("[{name}]");
    let is_ipv6 = name.contains(':') && !name.starts_with('[');
    let domain = canonical(if is_ipv6 { &bracketed } else { name }).ok_or("not a host")?;
    cookie.host_only = host_only || is_public_suffix(&domain) || is_address(&domain);
    cookie.domain = domain;
    Ok(())
}

/// The absolute path that a file writes.
fn put_path(cookie: &mut Cookie, written: &str) -> Result<(), &'static str> {
    match written.starts_with('/') {
        true => {
            written.clone_into(&mut cookie.path);
            Ok(())
        }
        false => Err("not an absolute path"),
    }
}

/// Whether it is partitioned, and then by the site of its own host: what formats without partitions can keep, as for who
/// knows none every request is a visit to its own site.
fn is_partitioned(cookie: &Cookie) -> Result<bool, &'static str> {
    match &cookie.partition {
        None => Ok(false),
        Some(partition) if *partition == Partition::of_host(&cookie.domain) => Ok(true),
        Some(_) => {
            Err("belongs to a partition that this format has no place for; use Format::Browser")
        }
    }
}
