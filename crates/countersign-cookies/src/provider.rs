//! The jar in the place of reqwest's own.

use http::{HeaderMap, HeaderValue, Uri};
use reqwest::Url;
use reqwest::cookie::CookieStore;

use crate::header::{added, sensitive};
use crate::jar::Jar;

/// For `reqwest::ClientBuilder::cookie_provider`, where no middleware is wanted. reqwest asks it only for a request that has
/// no `Cookie` yet: an API key in a cookie, or a cookie of the caller's own, is then sent alone. Where both are to be sent
/// use [`CookieMiddleware`](crate::CookieMiddleware), and not both.
impl CookieStore for Jar {
    fn set_cookies(&self, fields: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        if let Ok(uri) = url.as_str().parse::<Uri>() {
            fields.for_each(|field| self.keep_or_report(&uri, field));
        }
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let uri: Uri = url.as_str().parse().ok()?;
        sensitive(&added(&HeaderMap::new(), &self.pairs(&uri))?)
    }
}
