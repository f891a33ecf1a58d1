//! [`SigV4Builder`], how a client signs.

use std::fmt;
use std::sync::Arc;

use countersign_core::{Error, Payload, Result, Sources};
use http::header::HeaderName;
use http::request;

use super::SigV4;
use super::identity::Identity;
use super::managed::ManagedSigV4;
use super::provider::CredentialsProvider;
use crate::canonical::PathStyle;
use crate::chunked::{self, Chunked};
use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::payload::X_AMZ_CONTENT_SHA256;
use crate::scope::Scope;

/// The longest life of a presigned URL, in seconds: seven days.
pub(crate) const MAX_EXPIRES: u32 = 604_800;

/// Configures [`SigV4`]. What is not said follows from the service: see each method.
#[derive(Clone)]
pub struct SigV4Builder {
    /// `None` if it follows from each request's host.
    endpoint: Option<Endpoint>,
    path: Option<PathStyle>,
    content_sha256: Option<ContentSha256>,
    settings: Unscoped,
}

/// What does not follow from the service.
#[derive(Clone, Default)]
pub(super) struct Unscoped {
    pub(super) unsigned_payload: bool,
    pub(super) unsigned_token: bool,
    pub(super) presigned: Option<u32>,
    pub(super) chunked: Option<Chunked>,
    pub(super) signs_anew: bool,
    pub(super) selection: Selection,
    pub(super) sources: Sources,
}

/// When the body's hash is sent as `x-amz-content-sha256`, and signed. The signature covers the body in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentSha256 {
    /// Never: what services other than S3 ask for.
    Never,
    /// With a body that is not empty, and to S3 always.
    WithBody,
    /// Always: what S3 demands.
    Always,
}

/// Which of the caller's headers are signed.
#[derive(Clone, Default)]
pub(super) enum Selection {
    #[default]
    All,
    Only(Vec<HeaderName>),
    AllBut(Vec<HeaderName>),
}

/// All that signing needs beside the credentials.
pub(super) struct Settings {
    pub(super) scope: Scope,
    pub(super) path: PathStyle,
    pub(super) content_sha256: ContentSha256,
    pub(super) more: Unscoped,
}

impl SigV4Builder {
    pub(super) fn new(endpoint: Option<Endpoint>) -> Self {
        Self {
            endpoint,
            path: None,
            content_sha256: None,
            settings: Unscoped::default(),
        }
    }

    /// How the service reads the path: [`PathStyle::AsSent`] for S3 and [`PathStyle::Normalized`] for all others by
    /// default.
    #[must_use]
    pub fn path_style(self, style: PathStyle) -> Self {
        Self {
            path: Some(style),
            ..self
        }
    }

    /// When the body's hash is sent: [`ContentSha256::Always`] for S3 and [`ContentSha256::Never`] for all others by
    /// default.
    #[must_use]
    pub fn content_sha256(self, when: ContentSha256) -> Self {
        Self {
            content_sha256: Some(when),
            ..self
        }
    }

    /// Leaves the body out of the signature, so that a stream of any length can be sent: `UNSIGNED-PAYLOAD`, which S3
    /// accepts over TLS. A caller who knows the hash of a body sets `x-amz-content-sha256` to it instead.
    #[must_use]
    pub fn unsigned_payload(mut self, unsigned: bool) -> Self {
        self.settings.unsigned_payload = unsigned;
        self
    }

    /// Sends every body that is not empty in signed chunks, so that none has to be in memory; only S3 takes that. The
    /// length of a stream has to be known. A request whose `x-amz-content-sha256` the caller set is sent as it is.
    #[must_use]
    pub fn chunked(mut self, chunked: Chunked) -> Self {
        self.settings.chunked = Some(chunked);
        self
    }

    /// Adds the session token after signing, as AWS IoT wants it. Off by default.
    #[must_use]
    pub fn unsigned_token(mut self, unsigned: bool) -> Self {
        self.settings.unsigned_token = unsigned;
        self
    }

    /// Signs these of the caller's headers only. `Host` and every `x-amz-*` are signed in any case; those that change
    /// on the way (`Connection`, `User-Agent`, `X-Amzn-Trace-Id` and their like) never are.
    #[must_use]
    pub fn sign_only(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.settings.selection = Selection::Only(names.into_iter().collect());
        self
    }

    /// Signs all of the caller's headers but these, with the exceptions that [`sign_only`](Self::sign_only) names.
    #[must_use]
    pub fn leave_unsigned(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.settings.selection = Selection::AllBut(names.into_iter().collect());
        self
    }

    /// Puts the signature into the query: a presigned URL, good for `expires` seconds, from 1 to 604800 (seven days).
    /// For S3 its body is not signed, for any other service it is.
    ///
    /// Whoever has such a URL can use it, so it needs TLS as a password does.
    #[must_use]
    pub fn presigned(mut self, expires: u32) -> Self {
        self.settings.presigned = Some(expires);
        self
    }

    /// Signs a request anew that has a signature already: `Authorization`, `X-Amz-Date`, `X-Amz-Security-Token` and the
    /// parameters of a presigned URL are taken out, which is reported to the log; the caller's `X-Amz-Expires` stays
    /// the life of a presigned URL. Off by default: then such a request is an error.
    #[must_use]
    pub fn sign_anew(mut self, anew: bool) -> Self {
        self.settings.signs_anew = anew;
        self
    }

    /// Takes the time from elsewhere.
    #[must_use]
    pub fn sources(mut self, sources: Sources) -> Self {
        self.settings.sources = sources;
        self
    }

    /// The scheme, with credentials that stay.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration) for a region or service that cannot
    /// be sent or are to be inferred, a life of a presigned URL that is out of bounds, an unsigned body in one that is not for S3, and chunks
    /// that are too small, not for S3, or of a body that is not to be signed.
    pub fn credentials(self, credentials: Credentials) -> Result<SigV4> {
        let settings = Arc::new(self.settings()?);
        Ok(SigV4::of(settings, Arc::new(Identity::new(credentials))))
    }

    /// The scheme, with credentials that a provider gives and renews.
    ///
    /// # Errors
    ///
    /// As for [`credentials`](Self::credentials).
    pub fn provider(self, provider: impl CredentialsProvider) -> Result<ManagedSigV4> {
        match self.endpoint {
            None => Ok(ManagedSigV4::inferred(self, provider)),
            Some(_) => Ok(ManagedSigV4::provided(Arc::new(self.settings()?), provider)),
        }
    }

    pub(super) fn at(self, endpoint: &Endpoint) -> Self {
        Self {
            endpoint: Some(endpoint.clone()),
            ..self
        }
    }

    /// Whether it puts signatures into the query.
    pub(super) fn presigns(&self) -> bool {
        self.settings.presigned.is_some()
    }

    pub(super) fn clock(&self) -> u64 {
        self.settings.sources.unix_time()
    }

    pub(super) fn settings(self) -> Result<Settings> {
        let endpoint = self.endpoint.ok_or_else(|| {
            Error::configuration(
                "region and service are inferred for each request: use SigV4Builder::provider, which takes Credentials too",
            )
        })?;
        let scope = Scope::new(&endpoint.region, &endpoint.service)?;
        let s3 = scope.is_s3();
        check(&self.settings, s3)?;
        Ok(Settings {
            scope,
            path: self.path.unwrap_or(default_path(s3)),
            content_sha256: self.content_sha256.unwrap_or(default_content_sha256(s3)),
            more: self.settings,
        })
    }
}

/// How a service reads paths unless told otherwise.
pub(crate) fn default_path(s3: bool) -> PathStyle {
    match s3 {
        true => PathStyle::AsSent,
        false => PathStyle::Normalized,
    }
}

fn default_content_sha256(s3: bool) -> ContentSha256 {
    match s3 {
        true => ContentSha256::Always,
        false => ContentSha256::Never,
    }
}

fn check(settings: &Unscoped, s3: bool) -> Result<()> {
    if let Some(chunked) = settings.chunked {
        check_chunked(chunked, settings, s3)?;
    }
    match settings.presigned {
        Some(_) if settings.unsigned_payload && !s3 => Err(Error::configuration(
            "only S3 takes a presigned URL whose body is not signed",
        )),
        Some(expires) => check_expires(expires),
        None => Ok(()),
    }
}

fn check_chunked(chunked: Chunked, settings: &Unscoped, s3: bool) -> Result<()> {
    if settings.unsigned_payload || settings.presigned.is_some() {
        return Err(Error::configuration(
            "a body is either in signed chunks or not signed: S3 leaves that of a presigned URL unsigned",
        ));
    }
    chunked::check(chunked, s3)
}

/// Whether a presigned URL may live for so many seconds.
pub(super) fn check_expires(seconds: u32) -> Result<()> {
    match seconds {
        1..=MAX_EXPIRES => Ok(()),
        _ => Err(Error::configuration(
            "a presigned URL lives for 1 to 604800 seconds (seven days)",
        )),
    }
}

impl Settings {
    /// Whether a field of this name is signed.
    pub(super) fn signs(&self, name: &str) -> bool {
        if name.starts_with("x-amz-") {
            return true;
        }
        if changes_on_the_way(name) {
            return false;
        }
        let is_named = |names: &[HeaderName]| names.iter().any(|one| one == name);
        match &self.more.selection {
            Selection::All => true,
            Selection::Only(names) => is_named(names),
            Selection::AllBut(names) => !is_named(names),
        }
    }

    /// Whether the hash of this body is sent. A receiver cannot know that a body is not signed unless it is told.
    pub(super) fn sends_hash(&self, body: &Payload) -> bool {
        match self.content_sha256 {
            _ if self.leaves_payload() => true,
            ContentSha256::Never => false,
            ContentSha256::WithBody => !body.is_empty() || self.scope.is_s3(),
            ContentSha256::Always => true,
        }
    }

    /// How this body is cut into chunks, if it is.
    pub(super) fn chunks(&self, request: &request::Parts, body: &Payload) -> Option<Chunked> {
        let given = || request.headers.contains_key(X_AMZ_CONTENT_SHA256);
        self.more.chunked.filter(|_| !body.is_empty() && !given())
    }

    /// Whether the body is left out of the signature.
    pub(super) fn leaves_payload(&self) -> bool {
        self.more.unsigned_payload || (self.more.presigned.is_some() && self.scope.is_s3())
    }
}

/// What a client or proxy may add, change or take away behind the signature.
fn changes_on_the_way(name: &str) -> bool {
    matches!(
        name,
        "authorization"
            | "connection"
            | "expect"
            | "keep-alive"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
            | "x-amzn-trace-id"
    )
}

impl fmt::Debug for SigV4Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigV4Builder")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
