//! [`Cookie`], one that a jar keeps.

use std::fmt;
use std::time::Duration;

use countersign_core::Secret;

use crate::host::{domain_matches, path_matches};
use crate::partition::Partition;
use crate::refusal::Refusal;

/// The most that a name and its value may have together, in bytes (RFC 6265bis section 5.6).
pub(crate) const MAX_SIZE: usize = 4096;

/// A cookie in a [`Jar`](crate::Jar). Its value is a secret; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie {
    pub(crate) name: String,
    pub(crate) value: Secret,
    pub(crate) domain: String,
    pub(crate) host_only: bool,
    pub(crate) path: String,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
    pub(crate) expires: Option<Duration>,
    pub(crate) created: Duration,
    pub(crate) used: Duration,
    pub(crate) partition: Option<Partition>,
    /// What tough-cookie and browsers keep beside it, for their files alone.
    pub(crate) extensions: Vec<String>,
    pub(crate) store: Option<String>,
}

/// Which requests a browser sends a cookie with.
///
/// It says how requests that *another site* made a browser send are to be treated. A client sends what its own program
/// asks for, as a person does who types an address, so it sends cookies of each kind; it keeps the attribute for the
/// files that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SameSite {
    /// Those of its own site.
    Strict,
    /// Those, and a visit that a link of another site led to.
    Lax,
    /// All.
    None,
}

impl Cookie {
    /// Its name; empty for one that has only a value.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value.
    pub fn value(&self) -> &Secret {
        &self.value
    }

    /// The host that it is for, in its ASCII form and lower case.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether it is for that host alone, and not for those below it.
    pub fn is_host_only(&self) -> bool {
        self.host_only
    }

    /// The folder that it is for.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is sent only where nobody can read it on the way.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether a page's scripts may not see it.
    pub fn is_http_only(&self) -> bool {
        self.http_only
    }

    /// Its `SameSite`, if the server named one.
    pub fn same_site(&self) -> Option<SameSite> {
        self.same_site
    }

    /// When it ends, since the Unix epoch; `None` for one that ends with its session.
    pub fn expires(&self) -> Option<Duration> {
        self.expires
    }

    /// When the server first set it, since the Unix epoch.
    pub fn created(&self) -> Duration {
        self.created
    }

    /// The partition that it is kept in, if it is.
    pub fn partition(&self) -> Option<&Partition> {
        self.partition.as_ref()
    }

    pub(crate) fn has_expired(&self, now: Duration) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }

    /// Whether `other` takes its place (section 5.7).
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.domain == other.domain
            && self.host_only == other.host_only
            && self.path == other.path
            && self.partition == other.partition
    }

    /// Whether it is for this host and path.
    pub(crate) fn is_for(&self, host: &str, path: &str) -> bool {
        let host_fits = match self.host_only {
            true => self.domain == host,
            false => domain_matches(host, &self.domain),
        };
        host_fits && path_matches(path, &self.path)
    }

    /// What it is in a `Cookie` field.
    pub(crate) fn pair(&self) -> Vec<u8> {
        let name = self.name.as_bytes();
        match name {
            [] => self.value.expose().to_vec(),
            name => [name, b"=", self.value.expose()].concat(),
        }
    }

    /// What holds for every cookie, wherever it came from.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let value = self.value.expose_str().ok_or(Refusal::NotText)?;
        if self.name.len() + value.len() > MAX_SIZE {
            return Err(Refusal::TooLong);
        }
        if self.name.is_empty() && value.is_empty() {
            return Err(Refusal::Empty);
        }
        if [&*self.name, value, &self.path]
            .concat()
            .contains(is_control)
        {
            return Err(Refusal::ControlCharacter);
        }
        if self.name.contains(['=', ';']) || value.contains(';') || self.path.contains(';') {
            return Err(Refusal::Separator);
        }
        if self.partition.is_some() && !self.secure {
            return Err(Refusal::Partitioned);
        }
        self.check_prefix(value)
    }

    /// What the name promises has to be true (section 4.1.3). A value without a name would promise it to a server, too.
    fn check_prefix(&self, value: &str) -> Result<(), Refusal> {
        let promises = |prefix| starts_with(&self.name, prefix);
        if self.name.is_empty()
            && ["__secure-", "__host-"]
                .iter()
                .any(|it| starts_with(value, it))
        {
            return Err(Refusal::Prefix);
        }
        let is_of_host = self.host_only && self.path == "/";
        match promises("__secure-") && !self.secure
            || promises("__host-") && !(self.secure && is_of_host)
        {
            true => Err(Refusal::Prefix),
            false => Ok(()),
        }
    }
}

/// A tab too: it could not be kept in a `cookies.txt`, and other clients refuse it as well.
fn is_control(char: char) -> bool {
    char.is_ascii_control()
}

fn starts_with(text: &str, prefix: &str) -> bool {
    let start = text.as_bytes().get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("name", &self.name)
            .field("value", &self.value)
            .field("domain", &self.domain)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
