//! [`persists`].

use http::header::CONNECTION;
use http::{HeaderMap, Version, response};

/// Whether the connection that an answer came over stays open behind it (RFC 9112, section 9.3), for all that the answer
/// says.
pub fn persists(response: &response::Parts) -> bool {
    match response.version {
        Version::HTTP_09 | Version::HTTP_10 => has_option(&response.headers, "keep-alive"),
        _ => !has_option(&response.headers, "close"),
    }
}

fn has_option(headers: &HeaderMap, name: &str) -> bool {
    let fields = headers.get_all(CONNECTION).iter();
    let mut options = fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','));
    options.any(|option| option.trim().eq_ignore_ascii_case(name))
}
