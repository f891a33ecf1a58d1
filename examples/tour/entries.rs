//! What the tour visits: one line for each scheme.

use countersign::apikey::{ApiKey, ApiKeyVerifier, MemoryKeys, Place};
use countersign::basic::{self, Basic, BasicVerifier};
use countersign::bearer::{Bearer, BearerVerifier, Grant, MemoryTokens};
use countersign::digest::{self, Algorithm, Digest, DigestVerifier, Qop};
use countersign::ntlm::{self, Ntlm, NtlmVerifier};
use countersign::oauth1::Placement;
use countersign::sigv4::{self, Credentials, SigV4, SigV4Builder, SigV4Verifier};
use countersign::verify::{AnyVerifier, Verdict, Verify, any_of};
use countersign::{Any, AnyOf, Auth, Begin, Payload, Result, Scheme};
use http::request;

use super::issuer::Issuer;
use super::signers::{
    Service, edgegrid, edgegrid_verifier, hawk, hawk_verifier, jwt, jwt_verifier, oauth1,
    oauth1_verifier,
};

/// Who is let in.
pub const USER: &str = "Mufasa";
/// By which password, key or token.
pub const SECRET: &str = "Circle-of-Life";
const WRONG: &str = "Hakuna-Matata";
/// What the servers call themselves.
pub(super) const REALM: &str = "tour";

/// A scheme with the right secret and with a wrong one, and the verifier that tells them apart.
#[derive(Debug)]
pub struct Entry {
    /// Its route.
    pub name: &'static str,
    /// With the right secret.
    pub right: Any,
    /// With a wrong one.
    pub wrong: Any,
    /// What tells them apart.
    pub verifier: AnyVerifier<String>,
    /// Whether everyone is let in.
    pub open: bool,
}

/// Every entry; a new scheme joins by a line.
pub(super) fn all(issuer: &Issuer, ours: &Service) -> Result<Vec<Entry>> {
    use Algorithm::{Md5, Sha256, Sha256Sess, Sha512_256};
    let theirs = Service::new()?;
    Ok(vec![
        entry("noauth", |_| Ok(Auth::none()), Everyone)?.open(),
        entry("basic", |secret| Basic::new(USER, secret), basic()?)?,
        entry(
            "basic-reactive",
            |secret| Ok(Basic::new(USER, secret)?.reactive()),
            basic()?,
        )?,
        entry("bearer", Bearer::new, bearer()?)?,
        entry(
            "bearer-query",
            |secret| Ok(Bearer::new(secret)?.in_query()),
            bearer()?.allow_query(),
        )?,
        entry(
            "bearer-form",
            |secret| Ok(Bearer::new(secret)?.in_form()),
            bearer()?.allow_form(),
        )?,
        entry(
            "apikey-header",
            |secret| ApiKey::header("x-key", secret),
            apikey(Place::Header)?,
        )?,
        entry(
            "apikey-query",
            |secret| ApiKey::query("x-key", secret),
            apikey(Place::Query)?,
        )?,
        entry(
            "apikey-cookie",
            |secret| ApiKey::cookie("x-key", secret),
            apikey(Place::Cookie)?,
        )?,
        entry("digest-md5", digest, digest_verifier(Md5, Qop::Auth)?)?,
        entry("digest-sha256", digest, digest_verifier(Sha256, Qop::Auth)?)?,
        entry(
            "digest-sha256-sess",
            digest,
            digest_verifier(Sha256Sess, Qop::Auth)?,
        )?,
        entry(
            "digest-sha512-256",
            digest,
            digest_verifier(Sha512_256, Qop::Auth)?,
        )?,
        entry(
            "digest-auth-int",
            digest,
            digest_verifier(Sha256, Qop::AuthInt)?,
        )?,
        entry(
            "sigv4",
            |secret| sigv4().credentials(key(secret)?),
            sigv4_verifier()?,
        )?,
        entry(
            "sigv4-presigned",
            |secret| sigv4().presigned(60).credentials(key(secret)?),
            sigv4_verifier()?,
        )?,
        entry(
            "oauth1",
            |secret| oauth1(secret)?.build(),
            oauth1_verifier()?,
        )?,
        entry(
            "oauth1-form",
            |secret| oauth1(secret)?.placement(Placement::Form).build(),
            oauth1_verifier()?,
        )?,
        entry("hawk", hawk, hawk_verifier()?)?,
        entry("edgegrid", edgegrid, edgegrid_verifier()?)?,
        entry("ntlm", |secret| Ntlm::new(USER, secret), ntlm_verifier()?)?,
        entry("jwt", |secret| jwt(secret)?.build(), jwt_verifier()?)?,
        entry(
            "jwt-query",
            |secret| jwt(secret)?.in_query("token").build(),
            jwt_verifier()?,
        )?,
        entry(
            "asap",
            |secret| {
                let service = if secret == SECRET { ours } else { &theirs };
                service.asap()
            },
            ours.verifier()?,
        )?,
        entry(
            "oauth2-client",
            |secret| issuer.client_credentials(secret),
            issuer.verifier()?,
        )?,
        entry(
            "oauth2-refresh",
            |secret| issuer.refresh(secret),
            issuer.verifier()?,
        )?,
        entry(
            "oauth2-code",
            |secret| issuer.code(secret),
            issuer.verifier()?,
        )?,
        entry("basic-or-digest", choice, either()?)?,
    ])
}

fn entry<S: Scheme>(
    name: &'static str,
    scheme: impl Fn(&'static str) -> Result<S>,
    verifier: impl Verify<Principal = String>,
) -> Result<Entry> {
    let (right, wrong) = (Any::new(scheme(SECRET)?), Any::new(scheme(WRONG)?));
    Ok(Entry {
        name,
        right,
        wrong,
        verifier: AnyVerifier::new(verifier),
        open: false,
    })
}

impl Entry {
    fn open(self) -> Self {
        Self { open: true, ..self }
    }
}

/// Lets everyone in.
struct Everyone;

impl Verify for Everyone {
    type Principal = String;

    fn verify(&self, _: &request::Parts, _: &Payload) -> Begin<Verdict<String>> {
        Begin::ready(Verdict::accept("noauth", "anyone".to_owned()))
    }
}

fn basic() -> Result<BasicVerifier<basic::MemoryAccounts>> {
    BasicVerifier::new(REALM, basic::MemoryAccounts::new([(USER, SECRET)]))
}

fn bearer() -> Result<BearerVerifier<MemoryTokens<String>>> {
    BearerVerifier::new(
        REALM,
        MemoryTokens::new([(SECRET, Grant::new(USER.to_owned()))]),
    )
}

fn apikey(place: Place) -> Result<ApiKeyVerifier<MemoryKeys>> {
    ApiKeyVerifier::new(REALM, place, "x-key", MemoryKeys::new([(SECRET, USER)]))
}

fn digest(secret: &'static str) -> Result<Digest> {
    Digest::new(USER, secret)
}

fn digest_verifier(algorithm: Algorithm, qop: Qop) -> Result<DigestVerifier> {
    let accounts = digest::MemoryAccounts::new(REALM).password(USER, SECRET)?;
    DigestVerifier::builder(REALM, accounts)
        .algorithms([algorithm])
        .qop([qop])
        .build()
}

fn ntlm_verifier() -> Result<impl Verify<Principal = String>> {
    let accounts = ntlm::MemoryAccounts::new().password(USER, SECRET)?;
    let verifier = NtlmVerifier::builder(REALM, accounts).require_mic(true);
    Ok(verifier.build()?.map(|user| user.name))
}

fn sigv4() -> SigV4Builder {
    SigV4::builder("us-east-1", "execute-api")
}

fn key(secret: &'static str) -> Result<Credentials> {
    Credentials::new(USER, secret)
}

fn sigv4_verifier() -> Result<SigV4Verifier> {
    let keys = sigv4::MemoryKeys::new([key(SECRET)?]);
    SigV4Verifier::builder("us-east-1", "execute-api", keys)
        .allow_presigned(true)
        .build()
}

fn choice(secret: &'static str) -> Result<AnyOf> {
    let basic = Basic::new(USER, secret)?.reactive();
    Ok(AnyOf::new([Any::new(basic), Any::new(digest(secret)?)]))
}

fn either() -> Result<impl Verify<Principal = String>> {
    let digest = digest_verifier(Algorithm::Sha256, Qop::Auth)?;
    Ok(any_of([
        AnyVerifier::new(basic()?),
        AnyVerifier::new(digest),
    ]))
}
