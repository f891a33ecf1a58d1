//! `Authorization`: section "Protocol Example" of the specification.

use std::borrow::Cow;

use countersign_core::{Error, Result};
use http::HeaderValue;

use super::attributes::{escaped, ext, number, optional, plain, read};

/// What a request says of itself.
pub(crate) struct Authorization<'a> {
    pub(crate) id: &'a str,
    pub(crate) ts: u64,
    pub(crate) nonce: &'a str,
    pub(crate) hash: Option<&'a str>,
    pub(crate) ext: Option<Cow<'a, str>>,
    pub(crate) mac: &'a [u8],
    pub(crate) app: Option<&'a str>,
    pub(crate) dlg: Option<&'a str>,
}

const NAMES: [&str; 8] = ["id", "ts", "nonce", "hash", "ext", "mac", "app", "dlg"];

impl<'a> Authorization<'a> {
    /// `None` if it breaks the syntax, or lacks what every request has to say.
    pub(crate) fn read(value: &'a HeaderValue) -> Option<Self> {
        let [id, ts, nonce, hash, ext_raw, mac, app, dlg] = read(value, NAMES)?;
        Some(Self {
            id: plain(id?)?,
            ts: number(ts?)?,
            nonce: plain(nonce?)?,
            hash: optional(hash)?,
            ext: ext(ext_raw)?,
            mac: plain(mac?)?.as_bytes(),
            app: optional(app)?,
            dlg: optional(dlg)?,
        })
    }

    /// Makes one allocation, of the exact size.
    pub(crate) fn write(&self) -> Result<HeaderValue> {
        let mut ts = itoa::Buffer::new();
        let ext = self.ext.as_deref().map(escaped);
        header([
            ("Hawk id=\"", Some(self.id.as_bytes())),
            ("\", ts=\"", Some(ts.format(self.ts).as_bytes())),
            ("\", nonce=\"", Some(self.nonce.as_bytes())),
            ("\", hash=\"", self.hash.map(str::as_bytes)),
            ("\", ext=\"", ext.as_deref().map(str::as_bytes)),
            ("\", mac=\"", Some(self.mac)),
            ("\", app=\"", self.app.map(str::as_bytes)),
            ("\", dlg=\"", self.app.and(self.dlg).map(str::as_bytes)),
        ])
    }
}

/// Attributes with what stands before each, and the last quote.
pub(super) fn header<const N: usize>(
    attributes: [(&str, Option<&[u8]>); N],
) -> Result<HeaderValue> {
    let present = || {
        attributes
            .iter()
            .filter_map(|(before, value)| Some((before, (*value)?)))
    };
    let len: usize = present()
        .map(|(before, value)| before.len() + value.len())
        .sum();
    let mut line = Vec::with_capacity(len + 1);
    for (before, value) in present() {
        line.extend_from_slice(before.as_bytes());
        line.extend_from_slice(value);
    }
    line.push(b'"');
    HeaderValue::try_from(line).map_err(|error| {
        Error::configuration("what Hawk was given cannot stand in a header").with_source(error)
    })
}
