//! Credentials in the caller's own URL: RFC 3986 section 3.2.1.

use countersign_core::canonical::percent::{self, Plus};
use countersign_core::{Error, Result};
use http::Uri;
use http::uri::Authority;
use zeroize::Zeroizing;

use crate::credentials::Basic;

impl Basic {
    /// Takes the user information out of a URL that the caller wrote, and leaves the URL without it; `None` if there
    /// is none. Never use it on a URL that came from a server.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new) for the percent-decoded parts; a `%` without two hex digits, bytes that are not
    /// UTF-8, an `@` that is not encoded, a port that is no number. Then the URL is as it was.
    pub fn from_url(url: &mut Uri) -> Result<Option<Self>> {
        let Some(authority) = url.authority() else {
            return Ok(None);
        };
        check_port(authority)?;
        let Some((user_info, host)) = authority.as_str().rsplit_once('@') else {
            return Ok(None);
        };
        if user_info.contains('@') {
            return Err(ambiguous());
        }
        let basic = match user_info {
            "" => None,
            user_info => Some(decoded(user_info)?),
        };
        let host = host.parse().map_err(|_| no_url())?;
        *url = with_authority(url, host)?;
        Ok(basic)
    }

    /// Splits the text of a URL into the URL without user information and the credentials that were in it.
    ///
    /// The text shows what a parsed URL hides: a password with an unencoded `#`, of which everything before the `#`
    /// would be taken for a host.
    ///
    /// # Errors
    ///
    /// Those of [`from_url`](Self::from_url), text that is no URL, an `@` in the fragment beside user information.
    pub fn split_url(text: &str) -> Result<(Uri, Option<Self>)> {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let mut url = before.parse().map_err(|_| no_url())?;
        let basic = Self::from_url(&mut url)?;
        match basic.is_some() && fragment.contains('@') {
            true => Err(ambiguous()),
            false => Ok((url, basic)),
        }
    }
}

/// A password with an unencoded `/` would leave its beginning as a port.
fn check_port(authority: &Authority) -> Result<()> {
    let host_and_port = authority.as_str().rsplit('@').next().unwrap_or_default();
    let port = host_and_port
        .strip_prefix(authority.host())
        .unwrap_or(host_and_port);
    match port {
        "" | ":" => Ok(()),
        _ if authority.port_u16().is_some() => Ok(()),
        _ => Err(ambiguous()),
    }
}

fn decoded(user_info: &str) -> Result<Basic> {
    let (username, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    Basic::new(&text(username)?, &text(password)?)
}

fn text(encoded: &str) -> Result<Zeroizing<String>> {
    let bytes = percent::decode(encoded.as_bytes(), Plus::Literal).map_err(|error| {
        Error::configuration("the user information of the URL is broken").with_source(error)
    })?;
    let text = String::from_utf8(bytes.into_owned());
    text.map(Zeroizing::new)
        .map_err(|_| Error::configuration("the user information of the URL is not UTF-8"))
}

fn with_authority(url: &Uri, authority: Authority) -> Result<Uri> {
    let mut parts = url.clone().into_parts();
    parts.authority = Some(authority);
    Uri::from_parts(parts).map_err(|_| no_url())
}

fn no_url() -> Error {
    Error::configuration("not a URL: write it as http://host/path, what is special in it as %XX")
}

fn ambiguous() -> Error {
    Error::configuration(
        "the URL can be read in two ways: write @, :, / and # in a user name or password as %40, %3A, %2F and %23",
    )
}
