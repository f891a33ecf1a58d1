//! [`Session`], one nonce and all that is known for it.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_core::challenge::{self, Param};
use countersign_core::{Error, ErrorKind, Result};
use http::HeaderValue;

use super::config::{Choice, Config, refusal};
use super::texts::{Text, Texts};
use crate::algorithm::Algorithm;
use crate::calculation::{Count, Ha1, Keyed, ha2, userhash};
use crate::credentials::Preset;
use crate::hash::{Function, Hex, eight_digits};
use crate::message::{Qop, extended};

/// How long a random client nonce is, in base64.
const RANDOM_CNONCE: usize = 16;

/// What a challenge settles for every nonce of its realm.
#[derive(Clone, Copy)]
struct Terms<'a> {
    realm: &'a [u8],
    opaque: Option<&'a [u8]>,
    algorithm: Algorithm,
    algorithm_name: Option<&'a str>,
    qop: Option<Qop>,
    userhash: bool,
    utf8: bool,
}

/// One nonce. Its client nonce stays the same for its life, so that the key of a `-sess` algorithm does too.
pub(crate) struct Session {
    pub(crate) qop: Option<Qop>,
    algorithm: Algorithm,
    texts: Texts,
    realm: Text,
    nonce: Text,
    cnonce: Text,
    opaque: Option<Text>,
    algorithm_name: Option<Text>,
    userhash: bool,
    utf8: bool,
    ha1: Ha1,
    keyed: Keyed,
    /// The header as far as it is the same for every request.
    prefix: HeaderValue,
    next: AtomicU64,
}

/// The part of a request that is protected.
pub(crate) struct Protected<'a> {
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) body: &'a [u8],
}

impl Session {
    /// Answers a challenge. `known` is an earlier session, whose hash of the password may still hold.
    pub(crate) fn answer(
        config: &Config,
        choice: &Choice<'_>,
        known: Option<&Self>,
    ) -> Result<Self> {
        let challenge = &choice.challenge;
        let terms = Terms {
            realm: challenge.realm,
            opaque: challenge.opaque,
            algorithm: challenge.algorithm,
            algorithm_name: challenge.algorithm_name,
            qop: choice.qop,
            userhash: challenge.userhash,
            utf8: challenge.utf8,
        };
        Self::new(config, terms, challenge.nonce, known)
    }

    /// Goes on with the server's `nextnonce`.
    pub(crate) fn renewed(&self, config: &Config, nonce: &[u8]) -> Result<Self> {
        Self::new(config, self.terms(), nonce, Some(self))
    }

    /// What the user knows of the server; `None` without a realm and a nonce.
    pub(crate) fn preset(config: &Config) -> Result<Option<Self>> {
        let preset = &config.preset;
        let (Some(realm), Some(nonce)) = (&preset.realm, &preset.nonce) else {
            return Ok(None);
        };
        let terms = Terms::preset(preset, realm);
        if !config.admits(terms.algorithm, terms.qop) {
            return Err(Error::configuration(
                "the preset Digest challenge is weaker than min_algorithm or require_qop allow",
            ));
        }
        let mut session = Self::new(config, terms, nonce.as_bytes(), None)?;
        session.next = AtomicU64::new(preset.count.unwrap_or(1).into());
        Ok(Some(session))
    }

    fn new(config: &Config, terms: Terms<'_>, nonce: &[u8], known: Option<&Self>) -> Result<Self> {
        let function = terms.algorithm.function();
        let mut texts = Texts::with_capacity(terms.len() + nonce.len() + RANDOM_CNONCE);
        let cnonce_text = client_nonce(config, &mut texts)?;
        let cnonce = texts.get(cnonce_text);
        let ha1 = known.and_then(|known| known.ha1_for(function, terms.realm));
        let ha1 = ha1.unwrap_or_else(|| {
            let credentials = &config.credentials;
            Ha1::new(
                function,
                &credentials.username,
                terms.realm,
                &credentials.password,
            )
        });
        let keyed = match terms.algorithm.is_session() {
            true => Keyed::new(function, &ha1.session(function, nonce, cnonce), nonce),
            false => Keyed::new(function, &ha1, nonce),
        };
        let prefix = terms.prefix(&config.credentials.username, nonce, cnonce)?;
        Ok(Self {
            qop: terms.qop,
            algorithm: terms.algorithm,
            realm: texts.add(terms.realm),
            nonce: texts.add(nonce),
            cnonce: cnonce_text,
            opaque: terms.opaque.map(|opaque| texts.add(opaque)),
            algorithm_name: terms.algorithm_name.map(|name| texts.add(name.as_bytes())),
            texts,
            userhash: terms.userhash,
            utf8: terms.utf8,
            ha1,
            keyed,
            prefix,
            next: AtomicU64::new(1),
        })
    }

    fn terms(&self) -> Terms<'_> {
        let text = |text: Text| self.texts.get(text);
        let name = self.algorithm_name.map(text);
        Terms {
            realm: text(self.realm),
            opaque: self.opaque.map(text),
            algorithm: self.algorithm,
            algorithm_name: name.and_then(|name| str::from_utf8(name).ok()),
            qop: self.qop,
            userhash: self.userhash,
            utf8: self.utf8,
        }
    }

    fn ha1_for(&self, function: Function, realm: &[u8]) -> Option<Ha1> {
        (self.function() == function && self.is_for(realm)).then(|| self.ha1.clone())
    }

    fn function(&self) -> Function {
        self.algorithm.function()
    }

    pub(crate) fn is_for(&self, realm: &[u8]) -> bool {
        self.realm() == realm
    }

    fn realm(&self) -> &[u8] {
        self.texts.get(self.realm)
    }

    pub(crate) fn nonce(&self) -> &[u8] {
        self.texts.get(self.nonce)
    }

    pub(crate) fn has_nonce(&self, nonce: &[u8]) -> bool {
        self.nonce() == nonce
    }

    /// Whether the counts of both are drawn from the same nonce.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.is_for(other.realm())
            && self.has_nonce(other.nonce())
            && self.algorithm == other.algorithm
            && self.qop == other.qop
    }

    pub(crate) fn same_realm_as(&self, other: &Self) -> bool {
        self.is_for(other.realm())
    }

    pub(crate) fn cnonce(&self) -> &[u8] {
        self.texts.get(self.cnonce)
    }

    /// Whether all 2^32 - 1 counts have been given out.
    pub(crate) fn is_used_up(&self) -> bool {
        self.next.load(Ordering::Relaxed) > u32::MAX.into()
    }

    /// The next count; never the same twice.
    pub(crate) fn count(&self) -> Result<u32> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        u32::try_from(next).map_err(|_| {
            Error::challenge("the counts of this Digest nonce are used up: send the request again")
        })
    }

    fn use_of(&self, nc: [u8; 8]) -> Option<Count<'_>> {
        self.qop.map(|qop| Count {
            nc,
            cnonce: self.cnonce(),
            qop,
        })
    }

    fn hash(&self, count: u32, protected: &Protected<'_>) -> Hex {
        let function = self.function();
        let body = (self.qop == Some(Qop::AuthInt)).then_some(protected.body);
        let ha2 = ha2(function, protected.method, protected.uri.as_bytes(), body);
        self.keyed.response(self.use_of(eight_digits(count)), &ha2)
    }

    /// What the server has to send as `rspauth`: RFC 7616, section 3.5.
    pub(crate) fn rspauth(&self, count: u32, uri: &str, body: &[u8]) -> Hex {
        self.hash(
            count,
            &Protected {
                method: "",
                uri,
                body,
            },
        )
    }

    /// The header's value for one request.
    pub(crate) fn authorization(
        &self,
        count: u32,
        protected: &Protected<'_>,
    ) -> Result<HeaderValue> {
        let response = self.hash(count, protected);
        let uri = protected.uri.as_bytes();
        let escaped = uri.iter().filter(|byte| needs_escape(**byte)).count();
        let nc = if self.qop.is_some() {
            ", nc=00000000".len()
        } else {
            0
        };
        let quotes = ", uri=\"\", response=\"\"".len();
        let length = self.prefix.len() + nc + uri.len() + escaped + response.len() + quotes;
        let mut line = Vec::with_capacity(length);
        line.extend_from_slice(self.prefix.as_bytes());
        if self.qop.is_some() {
            line.extend_from_slice(b", nc=");
            line.extend_from_slice(&eight_digits(count));
        }
        line.extend_from_slice(b", uri=\"");
        put_escaped(uri, escaped, &mut line);
        line.extend_from_slice(b"\", response=\"");
        line.extend_from_slice(&response);
        line.push(b'"');
        HeaderValue::try_from(line).map_err(|_| {
            Error::configuration("the request target holds a control character: encode it")
        })
    }
}

impl<'a> Terms<'a> {
    fn preset(preset: &'a Preset, realm: &'a str) -> Self {
        Self {
            realm: realm.as_bytes(),
            opaque: preset.opaque.as_ref().map(String::as_bytes),
            algorithm: preset.algorithm.unwrap_or(Algorithm::Md5),
            algorithm_name: preset.algorithm.map(Algorithm::name),
            qop: preset.qop,
            userhash: false,
            utf8: false,
        }
    }

    /// How many bytes of it a session keeps.
    fn len(&self) -> usize {
        let opaque = self.opaque.map_or(0, <[u8]>::len);
        self.realm.len() + opaque + self.algorithm_name.map_or(0, str::len)
    }

    /// RFC 7616, section 3.4, also for what is quoted and what is not.
    fn prefix(&self, username: &str, nonce: &[u8], cnonce: &[u8]) -> Result<HeaderValue> {
        let hash;
        let extended_name;
        let name = if self.userhash {
            hash = userhash(self.algorithm.function(), username, self.realm);
            Param::quoted("username", &*hash)
        } else if self.utf8 && !username.is_ascii() {
            extended_name = extended(username);
            Param::token("username*", &extended_name)
        } else {
            Param::quoted("username", username)
        };
        let counted = self.qop.is_some() || self.algorithm.is_session();
        let params = [
            Some(name),
            Some(Param::quoted("realm", self.realm)),
            Some(Param::quoted("nonce", nonce)),
            self.algorithm_name
                .map(|name| Param::token("algorithm", name)),
            self.opaque.map(|opaque| Param::quoted("opaque", opaque)),
            self.userhash.then(|| Param::token("userhash", "true")),
            counted.then(|| Param::quoted("cnonce", cnonce)),
            self.qop.map(|qop| Param::token("qop", qop.name())),
        ];
        challenge::write("Digest", params.iter().flatten())
            .map_err(|error| refusal().with_source(error))
    }
}

/// 96 random bits, or the user's own.
fn client_nonce(config: &Config, texts: &mut Texts) -> Result<Text> {
    if let Some(nonce) = &config.preset.client_nonce {
        return Ok(texts.add(nonce.as_bytes()));
    }
    let random: [u8; 12] = config.sources.bytes()?;
    let mut text = [0; RANDOM_CNONCE];
    let written = URL_SAFE_NO_PAD.encode_slice(random, &mut text);
    match written {
        Ok(RANDOM_CNONCE) => Ok(texts.add(&text)),
        _ => Err(Error::new(
            ErrorKind::Random,
            "no client nonce could be made",
        )),
    }
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\')
}

fn put_escaped(bytes: &[u8], escaped: usize, line: &mut Vec<u8>) {
    if escaped == 0 {
        return line.extend_from_slice(bytes);
    }
    for byte in bytes {
        line.extend(needs_escape(*byte).then_some(b'\\'));
        line.push(*byte);
    }
}
