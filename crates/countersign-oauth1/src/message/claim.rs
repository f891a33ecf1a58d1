//! [`Claim`], what a request says of itself.

use countersign_core::canonical::percent::{self, Plus};
use countersign_core::canonical::query;
use countersign_core::challenge::{Param, parse_credentials};
use countersign_core::verify::{Reason, authorization};
use http::header::AUTHORIZATION;
use http::request;

use super::SCHEME;
use crate::parameter::{
    BODY_HASH, CALLBACK, CONSUMER_KEY, NONCE, REALM, SIGNATURE, SIGNATURE_METHOD, TIMESTAMP, TOKEN,
    VERIFIER, VERSION, encoded, is_protocol,
};

/// The protocol parameters of a request, decoded. No value is empty but that of a token, which is none then.
#[derive(Default)]
pub(crate) struct Claim {
    pub(crate) consumer_key: String,
    pub(crate) token: Option<String>,
    pub(crate) method: String,
    pub(crate) signature: String,
    pub(crate) timestamp: Option<u64>,
    pub(crate) nonce: Option<String>,
    pub(crate) body_hash: Option<String>,
    pub(crate) callback: Option<String>,
    pub(crate) verifier: Option<String>,
}

/// A claim, and what of it stood in the header and is signed with the query and the form.
pub(crate) struct Claimed {
    pub(crate) claim: Claim,
    pub(crate) header: Texts,
}

/// Names and values.
type Texts = Vec<(String, String)>;

impl Claimed {
    /// Reads what stands in the one place that has any; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Reason::Malformed`] for two places, a parameter that stands twice, is missing or broken (RFC 5849,
    /// section 3.2).
    pub(crate) fn read(request: &request::Parts, form: &str) -> Result<Option<Self>, Reason> {
        let header = in_header(request)?;
        let query = in_pairs(request.uri.query().unwrap_or_default())?;
        let form = in_pairs(form)?;
        let signed = header.iter().flatten();
        let signed = signed.map(|(name, value)| (reencoded(name), reencoded(value)));
        let signed = signed.collect();
        let mut places = [header, query, form].into_iter().flatten();
        match (places.next(), places.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Reason::Malformed),
            (Some(decoded), None) => Ok(Some(Self {
                claim: Claim::of(decoded)?,
                header: signed,
            })),
        }
    }
}

impl Claim {
    fn of(decoded: Texts) -> Result<Self, Reason> {
        let mut claim = Self::default();
        let mut version = None;
        let mut timestamp = None;
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in decoded {
            if seen.contains(&name) && is_protocol(name.as_bytes()) {
                return Err(Reason::Malformed);
            }
            match name.as_str() {
                CONSUMER_KEY => claim.consumer_key = value,
                SIGNATURE_METHOD => claim.method = value,
                SIGNATURE => claim.signature = value,
                TOKEN => claim.token = Some(value).filter(|token| !token.is_empty()),
                TIMESTAMP => timestamp = Some(value),
                NONCE => claim.nonce = Some(value),
                VERSION => version = Some(value),
                BODY_HASH => claim.body_hash = Some(value),
                CALLBACK => claim.callback = Some(value),
                VERIFIER => claim.verifier = Some(value),
                _ => {}
            }
            seen.push(name);
        }
        claim.timestamp = timestamp.map(|text| seconds(&text)).transpose()?;
        let right = version.is_none_or(|version| version == "1.0") && claim.is_whole();
        right.then_some(claim).ok_or(Reason::Malformed)
    }

    fn is_whole(&self) -> bool {
        let needed = [&self.consumer_key, &self.method, &self.signature];
        let nonce = self.nonce.as_ref().is_none_or(|nonce| !nonce.is_empty());
        nonce && needed.iter().all(|text| !text.is_empty())
    }
}

/// A positive integer; 0 is refused later, for its age.
fn seconds(text: &str) -> Result<u64, Reason> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| digits);
    seconds.ok_or(Reason::Malformed)
}

fn reencoded(text: &str) -> String {
    encoded(text).into_owned()
}

/// All parameters of the field but `realm`; `None` if there is no such field.
fn in_header(request: &request::Parts) -> Result<Option<Texts>, Reason> {
    let field = authorization(request, SCHEME).map_err(|reason| too_long(request, reason))?;
    let Some(field) = field else { return Ok(None) };
    let credentials = parse_credentials(field).map_err(|_| Reason::Malformed)?;
    let params = credentials.params().iter();
    let signed = params.filter(|param| !param.name().eq_ignore_ascii_case(REALM));
    signed.map(decoded).collect::<Result<_, _>>().map(Some)
}

/// OAuth credentials that are longer than any field may be are not credentials; other fields may just be large.
fn too_long(request: &request::Parts, reason: Reason) -> Reason {
    let field = request.headers.get(AUTHORIZATION);
    let start = field.and_then(|field| field.as_bytes().get(..6));
    match start {
        Some(start) if start.eq_ignore_ascii_case(b"oauth ") => Reason::Malformed,
        _ => reason,
    }
}

fn decoded(param: &Param<'_>) -> Result<(String, String), Reason> {
    let decode = |bytes: &[u8]| {
        let bytes = percent::decode(bytes, Plus::Literal).map_err(|_| Reason::Malformed)?;
        text(bytes.into_owned())
    };
    Ok((decode(param.name().as_bytes())?, decode(param.value())?))
}

/// The protocol parameters among these pairs; `None` if there are none.
fn in_pairs(pairs: &str) -> Result<Option<Texts>, Reason> {
    let mut found = Texts::new();
    for pair in query::pairs(pairs) {
        let (name, value) = pair.decoded(Plus::Space).map_err(|_| Reason::Malformed)?;
        if is_protocol(&name) {
            found.push((text(name.into_owned())?, text(value.into_owned())?));
        }
    }
    Ok(Some(found).filter(|found| !found.is_empty()))
}

fn text(bytes: Vec<u8>) -> Result<String, Reason> {
    String::from_utf8(bytes).map_err(|_| Reason::Malformed)
}
