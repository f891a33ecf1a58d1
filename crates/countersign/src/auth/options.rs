//! [`Options`].

#[cfg(any(feature = "jwt", feature = "oauth2"))]
use countersign_core::Fetch;
use countersign_core::Sources;

#[cfg(any(feature = "jwt", feature = "oauth2"))]
use super::fetcher::Fetcher;
#[cfg(feature = "oauth2")]
use super::ports::Ports;

/// How parameters are read, whatever their type.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Does as Postman does where that is less strict. Off by default: then what cannot be used is an error.
    ///
    /// With it
    /// - an empty bearer `token` and an `apikey` without a `key` send nothing;
    /// - a bearer `token` outside the grammar of RFC 6750, and an `apikey` without a `value`, are sent as they are;
    /// - an `apikey` with an unknown `in` goes into a header;
    /// - `oauth1`, `hawk` and `edgegrid` without all of their credentials send nothing, and so does `oauth2` without an
    ///   `accessToken` and a `grant_type`, and with the `tokenType` `mac`;
    /// - an `ntlm` without a `username` logs in as nobody;
    /// - a colon in the `username` of `basic` is sent, and a server takes what follows it for the password.
    ///
    /// What breaks the syntax of HTTP stays an error, and so does a type that is unknown or not built. A server is
    /// lenient in the place of an API key alone.
    pub lenient: bool,
    /// Reads RSA keys of `oauth1` from 1024 bits on, which are no longer safe. Off by default: then 2048 are the least.
    pub allow_weak_key: bool,
    /// For a server: its clients come by `http`, which some schemes sign, and not by `https`. Off by default.
    pub cleartext: bool,
    /// For `awsv4`: says where a signature that was refused parts from the expected one, if the answer shows that, in
    /// a `Diagnosis` in the answer's extensions. A refusal's body is read into memory for it. Off by default.
    pub diagnose: bool,
    /// For `oauth2`: lets secrets go to a server's own endpoints over `http` that are not on this machine. Off by
    /// default.
    pub allow_cleartext: bool,
    /// Where time and randomness are taken from.
    pub sources: Sources,
    #[cfg(any(feature = "jwt", feature = "oauth2"))]
    pub(super) fetcher: Fetcher,
    #[cfg(feature = "oauth2")]
    pub(super) ports: Ports,
}

impl Options {
    /// Strict, with the system's sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does as Postman does where that is less strict; see [`lenient`](Self::lenient).
    #[must_use]
    pub fn lenient(self, lenient: bool) -> Self {
        Self { lenient, ..self }
    }

    /// Whether RSA keys of `oauth1` may be weak; see [`allow_weak_key`](Self::allow_weak_key).
    #[must_use]
    pub fn allow_weak_key(self, allow: bool) -> Self {
        Self {
            allow_weak_key: allow,
            ..self
        }
    }

    /// Whether the clients of a server come by `http`; see [`cleartext`](Self::cleartext).
    #[must_use]
    pub fn cleartext(self, cleartext: bool) -> Self {
        Self { cleartext, ..self }
    }

    /// The scheme by which the clients of a server come.
    #[cfg(any(feature = "edgegrid", feature = "oauth1"))]
    pub(super) fn scheme(&self) -> http::uri::Scheme {
        match self.cleartext {
            true => http::uri::Scheme::HTTP,
            false => http::uri::Scheme::HTTPS,
        }
    }

    /// Whether refused signatures are looked into; see [`diagnose`](Self::diagnose).
    #[must_use]
    pub fn diagnose(self, diagnose: bool) -> Self {
        Self { diagnose, ..self }
    }

    /// Whether a server's own endpoints may be asked in clear text; see [`allow_cleartext`](Self::allow_cleartext).
    #[must_use]
    pub fn allow_cleartext(self, allow: bool) -> Self {
        Self {
            allow_cleartext: allow,
            ..self
        }
    }

    /// How a scheme reaches endpoints of its own, such as by `reqwest::ReqwestFetch` or `tower::TowerFetch`. `oauth2` by
    /// a grant needs it, and a server of `jwt` or `asap` whose `jwks` is a URL.
    #[cfg(any(feature = "jwt", feature = "oauth2"))]
    #[must_use]
    pub fn fetch(self, fetch: impl Fetch) -> Self {
        Self {
            fetcher: Fetcher::of(fetch),
            ..self
        }
    }

    /// Takes time and randomness from `sources`.
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }
}
