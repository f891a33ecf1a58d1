//! What the MACs and the hash cover: sections "Protocol Example", "Payload Validation" and "Response Payload
//! Validation" of the specification.

use std::borrow::Cow;

use countersign_core::canonical::header::trim;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use smallvec::SmallVec;

use crate::algorithm::{Algorithm, Base64, Keyed};
use crate::credentials::App;
use crate::host::Host;

const HEADER: &[u8] = b"hawk.1.header\n";

/// Which MAC it is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Header,
    Response,
    Bewit,
}

impl Kind {
    fn line(self) -> &'static [u8] {
        match self {
            Self::Header => HEADER,
            Self::Response => b"hawk.1.response\n",
            Self::Bewit => b"hawk.1.bewit\n",
        }
    }
}

/// The lines that say which request it is, which the MAC of the answer covers too; before them the line of
/// [`Kind::Header`] and behind them [`NOTHING_MORE`], as most MACs cover just that, and find it in one piece.
#[derive(Clone)]
pub(crate) struct Covered(Vec<u8>);

/// The lines of the hash and of `ext` where there is none of them.
const NOTHING_MORE: &[u8] = b"\n\n";

impl Covered {
    pub(crate) fn new(ts: u64, nonce: &str, method: &str, resource: &str, host: &Host<'_>) -> Self {
        let (mut time, mut port) = (itoa::Buffer::new(), itoa::Buffer::new());
        let lines = [
            time.format(ts),
            nonce,
            &upper_case(method),
            resource,
            &host.name,
            port.format(host.port),
        ];
        let len: usize = lines.iter().map(|line| line.len() + 1).sum();
        let mut text = Vec::with_capacity(HEADER.len() + len + NOTHING_MORE.len());
        text.extend_from_slice(HEADER);
        for line in lines {
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
        }
        text.extend_from_slice(NOTHING_MORE);
        Self(text)
    }

    fn lines(&self) -> &[u8] {
        &self.0[HEADER.len()..self.0.len() - NOTHING_MORE.len()]
    }

    /// The whole text of a MAC, in parts.
    fn parts<'a>(&'a self, kind: Kind, rest: &Rest<'a>, ext: &'a str) -> [&'a [u8]; 10] {
        let hash = rest.hash.unwrap_or_default();
        let (app, dlg, end) = match rest.app {
            Some(app) => (&*app.id, app.dlg.as_deref().unwrap_or_default(), "\n"),
            None => ("", "", ""),
        };
        let (after_hash, after_ext): (&[u8], &[u8]) = match ext {
            "" => (NOTHING_MORE, b""),
            _ => (b"\n", b"\n"),
        };
        [
            kind.line(),
            self.lines(),
            hash.as_bytes(),
            after_hash,
            ext.as_bytes(),
            after_ext,
            app.as_bytes(),
            end.as_bytes(),
            dlg.as_bytes(),
            end.as_bytes(),
        ]
    }

    pub(crate) fn mac(&self, keyed: &Keyed, kind: Kind, rest: &Rest<'_>) -> Base64 {
        if let (
            Kind::Header,
            Rest {
                hash: None,
                ext: None,
                app: None,
            },
        ) = (kind, rest)
        {
            return keyed.mac(&self.0);
        }
        let ext = escaped(rest.ext.unwrap_or_default());
        let mut text = SmallVec::<[u8; 512]>::new();
        for part in self.parts(kind, rest, &ext) {
            text.extend_from_slice(part);
        }
        keyed.mac(&text)
    }

    #[cfg(test)]
    pub(crate) fn normalized(&self, kind: Kind, rest: &Rest<'_>) -> Vec<u8> {
        let ext = escaped(rest.ext.unwrap_or_default());
        self.parts(kind, rest, &ext).concat()
    }
}

/// The lines behind them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rest<'a> {
    pub(crate) hash: Option<&'a str>,
    pub(crate) ext: Option<&'a str>,
    pub(crate) app: Option<&'a App>,
}

fn upper_case(method: &str) -> Cow<'_, str> {
    match method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => method.to_ascii_uppercase().into(),
        false => method.into(),
    }
}

/// `ext` as the MAC covers it; it never holds a line feed.
fn escaped(ext: &str) -> Cow<'_, str> {
    match ext.contains('\\') {
        true => ext.replace('\\', "\\\\").into(),
        false => ext.into(),
    }
}

/// The hash of a body of this `Content-Type`.
pub(crate) fn payload_hash(algorithm: Algorithm, content_type: &[u8], body: &[u8]) -> Base64 {
    algorithm.hash(&[
        b"hawk.1.payload\n",
        &media_type(content_type),
        b"\n",
        body,
        b"\n",
    ])
}

/// In lower case, without parameters.
fn media_type(content_type: &[u8]) -> Cow<'_, [u8]> {
    let end = content_type.iter().position(|byte| *byte == b';');
    let media_type = trim(&content_type[..end.unwrap_or(content_type.len())]);
    match media_type.iter().any(u8::is_ascii_uppercase) {
        true => media_type.to_ascii_lowercase().into(),
        false => media_type.into(),
    }
}

/// The one `Content-Type`, empty if there is none; `None` if there are several.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<&[u8]> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    match (values.next(), values.next()) {
        (value, None) => Some(value.map_or(b"", HeaderValue::as_bytes)),
        (_, Some(_)) => None,
    }
}

/// `tsm`: proves that the server's time comes from the server.
pub(crate) fn timestamp_mac(keyed: &Keyed, ts: u64) -> Base64 {
    keyed.mac(format!("hawk.1.ts\n{ts}\n").as_bytes())
}
