//! Keys in PEM (RFC 7468) and in `data:` URLs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::canonical::percent::{self, Plus};
use countersign_core::{Error, ErrorKind, Result, Secret};

/// The one key of a PEM text: what stands between its lines, by the word on them.
pub(super) struct Pem {
    label: String,
    pub(super) der: Secret,
}

/// The form of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrivateForm {
    /// PKCS#8, of any algorithm (RFC 5958).
    Pkcs8,
    /// PKCS#1, RSA (RFC 8017).
    Pkcs1,
    /// SEC 1, elliptic curves (RFC 5915).
    Sec1,
}

impl Pem {
    /// Reads the one block of `text` that is a key; `EC PARAMETERS` before it are passed over.
    pub(super) fn read(text: &[u8]) -> Result<Self> {
        let blocks = pem::parse_many(text).map_err(|_| not_pem())?;
        let mut keys = blocks
            .into_iter()
            .filter(|block| block.tag() != "EC PARAMETERS");
        match (keys.next(), keys.next()) {
            (Some(block), None) => Self::of(block),
            _ => Err(not_pem()),
        }
    }

    fn of(block: pem::Pem) -> Result<Self> {
        if block.headers().iter().next().is_some() {
            return Err(encrypted());
        }
        Ok(Self {
            label: block.tag().to_owned(),
            der: Secret::new(block.into_contents()),
        })
    }

    pub(super) fn private_form(&self) -> Result<PrivateForm> {
        match self.label.as_str() {
            "PRIVATE KEY" => Ok(PrivateForm::Pkcs8),
            "RSA PRIVATE KEY" => Ok(PrivateForm::Pkcs1),
            "EC PRIVATE KEY" => Ok(PrivateForm::Sec1),
            "ENCRYPTED PRIVATE KEY" => Err(encrypted()),
            _ => Err(Error::configuration(
                "this PEM is no private key: signing needs one",
            )),
        }
    }

    /// Whether it is a public key, by itself or of RSA alone.
    pub(super) fn is_public(&self) -> bool {
        matches!(self.label.as_str(), "PUBLIC KEY" | "RSA PUBLIC KEY")
    }
}

/// The PKCS#8 key of `data:application/pkcs8;kid=…;base64,…`, percent-encoded or not.
pub(super) fn data_url(url: &str, kid: &str) -> Result<Secret> {
    let url = percent::decode(url.as_bytes(), Plus::Literal).map_err(|_| not_data_url())?;
    let url = str::from_utf8(&url).map_err(|_| not_data_url())?;
    let rest = url
        .strip_prefix("data:application/pkcs8;kid=")
        .ok_or_else(not_data_url)?;
    let (named, key) = rest.split_once(";base64,").ok_or_else(not_data_url)?;
    if named != kid {
        return Err(Error::configuration(
            "the kid in the private key's data URL is not the kid that is configured: they have to be equal",
        ));
    }
    let key = STANDARD.decode(key).map_err(|_| not_data_url())?;
    Ok(Secret::new(key))
}

fn not_pem() -> Error {
    Error::configuration("not one key in PEM: give the text from its BEGIN line to its END line")
}

fn encrypted() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "the private key is encrypted: decrypt it first, with `openssl pkcs8 -in key.pem -out plain.pem`",
    )
}

fn not_data_url() -> Error {
    Error::configuration(
        "not a key's data URL: write it as data:application/pkcs8;kid=NAME;base64,KEY",
    )
}
