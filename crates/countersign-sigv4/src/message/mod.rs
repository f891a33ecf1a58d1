//! What is on the wire: the `Authorization` field, and the query of a presigned URL.

mod header;
mod presigned;

use std::borrow::Cow;

use http::header::HeaderName;

pub(crate) use header::{authorization, begin_authorization, read_authorization};
pub(crate) use presigned::{
    PRESIGNING, Presigned, X_AMZ_EXPIRES, begin_presigned, finish_presigned, is_presigned,
    read_presigned,
};

pub(crate) const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
pub(crate) const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// What a request says of its signature.
pub(crate) struct Claim<'a> {
    pub(crate) credential: Cow<'a, str>,
    pub(crate) signed_headers: Cow<'a, str>,
    pub(crate) signature: Cow<'a, str>,
    pub(crate) presigned: Option<PresignedClaim<'a>>,
}

/// What a presigned URL says in its query, and any other request in its headers or not at all.
pub(crate) struct PresignedClaim<'a> {
    pub(crate) date: Cow<'a, str>,
    pub(crate) expires: Cow<'a, str>,
    pub(crate) token: Option<Cow<'a, str>>,
}

/// `id/day/region/service/terminator`.
pub(crate) struct CredentialScope<'a> {
    pub(crate) id: &'a str,
    pub(crate) day: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) terminator: &'a str,
}

impl Claim<'_> {
    pub(crate) fn credential(&self) -> Option<CredentialScope<'_>> {
        let mut parts = self.credential.split('/');
        let scope = CredentialScope {
            id: parts.next()?,
            day: parts.next()?,
            region: parts.next()?,
            service: parts.next()?,
            terminator: parts.next()?,
        };
        parts.next().is_none().then_some(scope)
    }
}
