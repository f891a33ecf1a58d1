//! Credentials in the caller's own URL.

use countersign_basic::Basic;
use countersign_core::Result;
use http::Uri;

use super::Auth;

impl Auth {
    /// Splits a URL that the caller wrote into the URL without user information, and Basic where there was some
    /// (RFC 3986 section 3.2.1). Use it where nothing else is configured; what is configured wins.
    ///
    /// ```
    /// use countersign::Auth;
    ///
    /// let (url, auth) = Auth::from_url("https://Aladdin:open%20sesame@example.com/cave")?;
    /// assert_eq!(url, "https://example.com/cave");
    /// assert!(auth.is_some());
    /// # Ok::<(), countersign::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Basic::split_url`]: text that is no URL, or that can be read in two ways.
    pub fn from_url(url: &str) -> Result<(Uri, Option<Self>)> {
        let (url, basic) = Basic::split_url(url)?;
        Ok((url, basic.map(Self::from)))
    }
}
