//! The data to sign.

use countersign_core::canonical::header::write_collapsed;
use http::header::HeaderName;
use http::{HeaderMap, Method};
use smallvec::SmallVec;

use crate::key::Base64;

/// How much of a body is signed where Akamai names no other limit, in bytes.
pub(crate) const MAX_BODY: usize = 131_072;

/// All that a signature covers but the header that it stands in. Parts are divided by tabs.
pub(crate) struct Covered<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) target: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) signed: &'a [HeaderName],
    pub(crate) hash: Option<Base64>,
}

/// Most of it fits on the stack.
pub(crate) type Data = SmallVec<[u8; 1024]>;

impl Covered<'_> {
    /// The data, with `authorization` up to the signature at its end.
    pub(crate) fn data(&self, authorization: &[u8]) -> Data {
        let mut data = Data::new();
        let hash = self.hash.as_ref().map_or("", Base64::as_str);
        for part in [self.method, self.scheme, self.host, target(self.target)] {
            put(&mut data, part);
        }
        self.put_headers(&mut data);
        put(&mut data, hash);
        data.extend_from_slice(authorization);
        data
    }

    /// Those that are there, in the order in which they are named, each with a tab behind it, and one tab more.
    fn put_headers(&self, data: &mut Data) {
        let start = data.len();
        for name in self
            .signed
            .iter()
            .filter(|name| self.headers.contains_key(*name))
        {
            if data.len() > start {
                data.push(b'\t');
            }
            data.extend_from_slice(name.as_str().as_bytes());
            data.push(b':');
            put_values(self.headers, name, data);
        }
        data.push(b'\t');
    }
}

fn put(data: &mut Data, part: &str) {
    data.extend_from_slice(part.as_bytes());
    data.push(b'\t');
}

/// Repeated ones are joined as the reference client joins them before it sends them.
fn put_values(headers: &HeaderMap, name: &HeaderName, data: &mut Data) {
    for (index, value) in headers.get_all(name).iter().enumerate() {
        if index > 0 {
            data.extend_from_slice(b", ");
        }
        write_collapsed(value.as_bytes(), &mut |bytes: &[u8]| {
            data.extend_from_slice(bytes)
        });
    }
}

/// A `?` with nothing behind it is not signed.
fn target(target: &str) -> &str {
    target
        .strip_suffix('?')
        .filter(|path| !path.contains('?'))
        .unwrap_or(target)
}

/// The hash of the first `max_body` bytes of a POST; other bodies, and empty ones, have none.
pub(crate) fn content_hash(method: &Method, body: &[u8], max_body: usize) -> Option<Base64> {
    let signed = method == Method::POST && !body.is_empty();
    signed.then(|| Base64::hash(&body[..body.len().min(max_body)]))
}
