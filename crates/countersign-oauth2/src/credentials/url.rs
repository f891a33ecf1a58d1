//! The addresses of a server's endpoints.

use countersign_core::{Error, Origin, Result};
use url::Url;

/// Reads the address of the endpoint `what`: RFC 6749 sections 3.1 and 3.2.
pub(crate) fn endpoint(what: &str, text: &str, allow_cleartext: bool) -> Result<Url> {
    let url = Url::parse(text).map_err(|_| unfit(what, "is no URL"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(unfit(what, "must begin with https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unfit(
            what,
            "holds a user name: give credentials by their own settings",
        ));
    }
    if url.fragment().is_some() {
        return Err(unfit(what, "must not have a fragment"));
    }
    let origin: Origin = url.as_str().parse()?;
    if origin.is_cleartext() && !allow_cleartext {
        return Err(unfit(
            what,
            "is not https: secrets would be readable on the way; allow_cleartext() lets them",
        ));
    }
    Ok(url)
}

fn unfit(what: &str, why: &str) -> Error {
    Error::configuration(format!("the {what} {why}"))
}

/// Reads an optional one.
pub(crate) fn optional(
    what: &str,
    text: Option<&String>,
    allow_cleartext: bool,
) -> Result<Option<Url>> {
    text.map(|text| endpoint(what, text, allow_cleartext))
        .transpose()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn endpoints_that_are_none_are_refused() {
        for bad in [
            "file:///etc/passwd",
            "https://u:p@as.example/",
            "https://as.example/#f",
            "http://as.example/token",
            "/token",
            "ftp://as.example/",
            "",
        ] {
            let error = endpoint("token endpoint", bad, false).unwrap_err();
            assert!(error.to_string().starts_with("the token endpoint"), "{bad}");
        }
    }

    #[test]
    fn loopback_may_be_clear_text_and_others_if_allowed() {
        assert!(endpoint("x", "http://127.0.0.1:9/token?a=b", false).is_ok());
        assert!(endpoint("x", "http://as.example/token", true).is_ok());
    }
}
