//! [`Partition`], the site that a partitioned cookie is kept apart for.

use std::fmt;

use countersign_core::Error;

use crate::host::{Target, site};

/// The site of the page that a browser showed when a partitioned cookie was set (CHIPS), and so the only one with whose
/// pages it is sent.
///
/// A client shows no page. A request counts as a visit to its own site, so a partitioned cookie that a server sets comes
/// back to it. One that an embedded server set in a browser, under another site's page, is sent only by a jar that was put
/// [into that partition](crate::Jar::in_partition).
#[derive(Clone, PartialEq, Eq)]
pub struct Partition {
    site: String,
    has_cross_site_ancestor: bool,
}

impl Partition {
    /// The partition of pages of `site`, `https://shop.example`: a host below it, a port and a path change nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) if it is no URL of HTTP with a host.
    pub fn new(site: &str) -> Result<Self, Error> {
        let page = site.parse().ok();
        let page = page.as_ref().and_then(Target::of).ok_or_else(|| {
            Error::configuration(
                "not a site: write it as https://host, as a browser's address bar has it",
            )
        })?;
        Ok(Self::own(&page))
    }

    /// The same where a frame of another site stands between the page and the server: a partition of its own.
    #[must_use]
    pub fn cross_site_ancestor(self, has_cross_site_ancestor: bool) -> Self {
        Self {
            has_cross_site_ancestor,
            ..self
        }
    }

    /// The partition of a visit to `target`.
    pub(crate) fn own(target: &Target<'_>) -> Self {
        Self::of(&target.host, target.is_secure)
    }

    /// That of a visit to the host of a secure cookie.
    pub(crate) fn of_host(host: &str) -> Self {
        Self::of(host, true)
    }

    /// This machine counts as `https`, as it does for secure cookies.
    fn of(host: &str, is_secure: bool) -> Self {
        let scheme = if is_secure { "https" } else { "http" };
        Self {
            site: format!("{scheme}://{}", site(host)),
            has_cross_site_ancestor: false,
        }
    }

    /// The site, `https://shop.example`.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Whether a frame of another site stands between the page and the server.
    pub fn has_cross_site_ancestor(&self) -> bool {
        self.has_cross_site_ancestor
    }
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Partition").field(&self.site).finish()
    }
}
