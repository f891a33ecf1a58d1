//! The server: finds the one token of a request, looks it up, checks its scope.

use countersign_core::placement::Places;
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, Error, Payload, Result};
use http::request;

use crate::message::{PARAMETER, Refusals, SCHEME};
use crate::store::{Grant, Tokens};

/// Demands a bearer token, in the header unless told to look elsewhere too.
#[derive(Clone, Debug)]
pub struct BearerVerifier<T> {
    tokens: T,
    scheme: String,
    realm: String,
    scope: String,
    refusals: Refusals,
    places: Places,
}

impl<T: Tokens> BearerVerifier<T> {
    /// A verifier whose challenges name `realm`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a control character in `realm`.
    pub fn new(realm: &str, tokens: T) -> Result<Self> {
        let refusals = Refusals::new(SCHEME, realm, "")?;
        let (realm, scope) = (realm.to_owned(), String::new());
        Ok(Self {
            tokens,
            scheme: SCHEME.to_owned(),
            realm,
            scope,
            refusals,
            places: Places::new(SCHEME),
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
        let refusals = Refusals::new(&self.scheme, &self.realm, scope)?;
        Ok(Self {
            scope: scope.to_owned(),
            refusals,
            ..self
        })
    }

    /// Wants another word than `Bearer` before the token in the header, case aside, and names it in challenges. Say it
    /// before the other places of the token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for what is no name of a scheme.
    pub fn scheme(self, scheme: &str) -> Result<Self> {
        Ok(Self {
            scheme: scheme.to_owned(),
            refusals: Refusals::new(scheme, &self.realm, &self.scope)?,
            places: Places::new(scheme),
            ..self
        })
    }

    /// Looks for `access_token` in the query too (RFC 6750 section 2.3). Off by default: RFC 9700 section 4.3.2
    /// forbids it.
    #[must_use]
    pub fn allow_query(self) -> Self {
        Self {
            places: self.places.query(PARAMETER),
            ..self
        }
    }

    /// Looks for `access_token` in form bodies too (RFC 6750 section 2.2). Off by default.
    #[must_use]
    pub fn allow_form(self) -> Self {
        Self {
            places: self.places.form(PARAMETER),
            ..self
        }
    }
}

impl<T: Tokens> Verify for BearerVerifier<T> {
    type Principal = T::Principal;

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.places.reads_body(request)
    }

    fn verify(&self, request: &request::Parts, body: &Payload) -> Begin<Verdict<T::Principal>> {
        match self.places.find(request, body) {
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

/// `scope-token` and the space between two, RFC 6749 section 3.3.
fn is_scope(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}
