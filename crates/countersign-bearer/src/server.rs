//! The server: finds the one token of a request, looks it up, checks its scope.

use countersign_core::canonical::{percent::Plus, query};
use countersign_core::challenge::{ParseError, parse_credentials};
use countersign_core::verify::{Reason, Verdict, Verify, authorization};
use countersign_core::{Begin, Error, Payload, Result, Secret};
use http::request;

use crate::message::{self, PARAMETER, Refusals, SCHEME};
use crate::store::{Grant, Tokens};

/// The longest token that is looked up, in bytes.
const MAX_TOKEN: usize = 16 << 10;

/// Demands a bearer token, in the header unless told to look elsewhere too.
#[derive(Clone, Debug)]
pub struct BearerVerifier<T> {
    tokens: T,
    realm: String,
    scope: String,
    refusals: Refusals,
    query: bool,
    form: bool,
}

impl<T: Tokens> BearerVerifier<T> {
    /// A verifier whose challenges name `realm`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character in `realm`.
    pub fn new(realm: &str, tokens: T) -> Result<Self> {
        let refusals = Refusals::new(realm, "")?;
        let (realm, scope) = (realm.to_owned(), String::new());
        Ok(Self {
            tokens,
            realm,
            scope,
            refusals,
            query: false,
            form: false,
        })
    }

    /// Lets a token pass that has at least this scope, names separated by spaces (RFC 6749 section 3.3); any other
    /// gets 403 `insufficient_scope`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a character that no scope may have.
    pub fn require_scope(self, scope: &str) -> Result<Self> {
        if !scope.bytes().all(is_scope) {
            return Err(Error::configuration(
                "a scope is printable ASCII without \" and \\",
            ));
        }
        let refusals = Refusals::new(&self.realm, scope)?;
        Ok(Self {
            scope: scope.to_owned(),
            refusals,
            ..self
        })
    }

    /// Looks for `access_token` in the query too (RFC 6750 section 2.3). Off by default: RFC 9700 section 4.3.2
    /// forbids it.
    #[must_use]
    pub fn allow_query(self) -> Self {
        Self {
            query: true,
            ..self
        }
    }

    /// Looks for `access_token` in form bodies too (RFC 6750 section 2.2). Off by default.
    #[must_use]
    pub fn allow_form(self) -> Self {
        Self { form: true, ..self }
    }

    /// The one token of a request.
    fn token(&self, request: &request::Parts, body: &Payload) -> Result<Secret, Reason> {
        let query = request.uri.query().filter(|_| self.query);
        let form = match self.reads_body(request) {
            true => Some(text(body)?),
            false => None,
        };
        let places = [in_header(request)?, in_pairs(query)?, in_pairs(form)?];
        let mut found = places.into_iter().flatten();
        match (found.next(), found.next()) {
            (None, _) => Err(Reason::Missing),
            (Some(token), None) => checked(token),
            (Some(_), Some(_)) => Err(Reason::Malformed),
        }
    }
}

impl<T: Tokens> Verify for BearerVerifier<T> {
    type Principal = T::Principal;

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.form && message::is_form(request)
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<T::Principal>> {
        match self.token(request, body) {
            Ok(token) => {
                let (refusals, scope) = (self.refusals.clone(), self.scope.clone());
                self.tokens
                    .find(token)
                    .map(move |grant| verdict(grant, &scope, refusals))
            }
            Err(Reason::Missing) => Begin::ready(Verdict::challenge(
                Reason::Missing,
                [self.refusals.missing.clone()],
            )),
            Err(reason) => Begin::ready(Verdict::challenge(
                reason,
                [self.refusals.invalid_request.clone()],
            )),
        }
    }
}

fn verdict<P>(grant: Option<Grant<P>>, scope: &str, refusals: Refusals) -> Verdict<P> {
    match grant {
        None => Verdict::challenge(Reason::Rejected, [refusals.invalid_token]),
        Some(grant) if !grant.covers(scope) => {
            Verdict::challenge(Reason::Forbidden, [refusals.insufficient_scope])
        }
        Some(grant) => Verdict::accept("bearer", grant.principal),
    }
}

fn in_header(request: &request::Parts) -> Result<Option<Secret>, Reason> {
    let Some(value) = authorization(request, SCHEME)? else {
        return Ok(None);
    };
    let credentials = parse_credentials(value).map_err(reason)?;
    match credentials.token68() {
        Some(token) => Ok(Some(token.into())),
        None if credentials.params().is_empty() => Ok(None),
        None => Err(Reason::Malformed),
    }
}

fn reason(error: ParseError) -> Reason {
    match error {
        ParseError::LimitExceeded => Reason::TooLarge,
        _ => Reason::Malformed,
    }
}

/// The body of a form, which is all ASCII.
fn text(body: &Payload) -> Result<&str, Reason> {
    str::from_utf8(body.bytes().ok_or(Reason::Unavailable)?).map_err(|_| Reason::Malformed)
}

fn in_pairs(pairs: Option<&str>) -> Result<Option<Secret>, Reason> {
    let mut found = query::pairs(pairs.unwrap_or_default()).filter(|pair| pair.is_named(PARAMETER));
    let Some(pair) = found.next() else {
        return Ok(None);
    };
    if found.next().is_some() {
        return Err(Reason::Malformed);
    }
    let (_, token) = pair.decoded(Plus::Space).map_err(|_| Reason::Malformed)?;
    Ok(Some(Secret::new(token)))
}

fn checked(token: Secret) -> Result<Secret, Reason> {
    match token.expose_str() {
        _ if token.expose().len() > MAX_TOKEN => Err(Reason::TooLarge),
        Some(text) if message::is_b64token(text) => Ok(token),
        _ => Err(Reason::Malformed),
    }
}

/// `scope-token` and the space between two, RFC 6749 section 3.3.
fn is_scope(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}
