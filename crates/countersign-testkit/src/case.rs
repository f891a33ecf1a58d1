//! [`Case`], what the laws and tables need to know of a scheme.

use bytes::Bytes;
use countersign_core::verify::AnyVerifier;
use countersign_core::{Any, Sources};
use http::{Request, request};

/// One scheme in one of its forms, as every law and every table sees it.
///
/// All fields are required, so a scheme that joins cannot leave out a law.
#[derive(Clone)]
pub struct Case {
    /// Names the form in failures: `"apikey in the query"`.
    pub name: &'static str,
    /// The crate it comes from, without its prefix: `"apikey"`.
    pub scheme: &'static str,
    /// A client with these keys.
    pub client: fn(&Keys) -> Any,
    /// A server that accepts a client with the same keys.
    pub server: fn(&Keys) -> AnyVerifier<String>,
    /// `{:?}` and `{:#?}` of everything that is configured with the keys, not hidden behind [`Any`].
    pub debug: fn(&Keys) -> String,
    /// Puts credentials into a request that break the scheme's syntax; the server answers them with 400 or 401.
    pub malform: fn(&mut request::Parts),
    /// Where the credential travels.
    pub placement: Placement,
    /// What the credential is bound to.
    pub protects: Protects,
    /// Whether a request can be played again.
    pub nonce: Nonce,
    /// How many requests the first call of a client takes.
    pub legs: usize,
    /// The `n`th refusal of a hostile server that wants to keep this scheme's client busy.
    pub storm: fn(n: usize) -> http::HeaderMap,
}

/// The secret of a case, and where its time and randomness come from.
#[derive(Clone, Debug)]
pub struct Keys {
    /// A [`Canary::token`](crate::Canary::token), or a wrong secret.
    pub secret: String,
    /// Shared by client and server.
    pub sources: Sources,
}

/// Where a credential travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In a header field.
    Header,
    /// In the query.
    Query,
    /// In the `Cookie` field.
    Cookie,
    /// In the body, a form.
    Body,
}

/// What a change of which invalidates the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protects {
    /// The method.
    pub method: bool,
    /// Path and query.
    pub target: bool,
    /// The body.
    pub body: bool,
}

/// Whether a request can be played again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nonce {
    /// The same request is accepted again.
    None,
    /// The server refuses it.
    Once,
}

impl Protects {
    /// Nothing: whoever has the credential has all.
    pub const NOTHING: Self = Self {
        method: false,
        target: false,
        body: false,
    };
}

impl Keys {
    /// Keys with the system's time and randomness.
    pub fn new(secret: impl Into<String>) -> Self {
        Self {
            secret: secret.into(),
            sources: Sources::default(),
        }
    }
}

impl Case {
    /// A request that this case can authenticate: a form where the credential is in the body.
    pub fn request(&self, uri: &str) -> Request<Bytes> {
        let request =
            Request::post(uri).header("content-type", "application/x-www-form-urlencoded");
        request.body(Bytes::from_static(b"sum=10&to=bob")).unwrap()
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
