//! Clients and servers of the schemes that sign.

use std::time::Duration;

use countersign::edgegrid::{self, EdgeGrid, EdgeGridVerifier};
use countersign::hawk::{self, Hawk, HawkVerifier};
use countersign::jwt::{self, Asap, AsapVerifier, Claims, Jwt, JwtBuilder, JwtVerifier};
use countersign::jwt::{SigningKey, VerifyingKey};
use countersign::oauth1::{
    self, Consumer, MemoryConsumers, OAuth1, OAuth1Builder, OAuth1Verifier, SignatureMethod,
};
use countersign::verify::Verify;
use countersign::{Error, Result};
use http::uri::Scheme;
use rcgen::KeyPair;

use super::entries::{REALM, SECRET, USER};

pub(super) fn oauth1(secret: &str) -> Result<OAuth1Builder> {
    Ok(OAuth1::builder(oauth1::Credentials::new(USER, secret)?))
}

pub(super) fn oauth1_verifier() -> Result<impl Verify<Principal = String>> {
    let consumer = Consumer::new(SignatureMethod::HmacSha1, SECRET)?;
    let consumers = MemoryConsumers::new().consumer(USER, consumer);
    let verifier = OAuth1Verifier::builder(REALM, consumers).scheme(Scheme::HTTP);
    Ok(verifier.build()?.map(|signer| signer.consumer_key))
}

fn hawk_key(secret: &str) -> Result<hawk::Credentials> {
    hawk::Credentials::new(USER, secret, hawk::Algorithm::Sha256)
}

pub(super) fn hawk(secret: &str) -> Result<Hawk> {
    Ok(Hawk::new(hawk_key(secret)?))
}

pub(super) fn hawk_verifier() -> Result<impl Verify<Principal = String>> {
    let keys = hawk::MemoryKeys::new([hawk_key(SECRET)?]);
    let verifier = HawkVerifier::builder(keys).prove_answers(hawk::AnswerProof::Body);
    Ok(verifier.build()?.map(|caller| caller.id))
}

fn edgegrid_key(secret: &str) -> Result<edgegrid::Credentials> {
    edgegrid::Credentials::new(USER, secret, "access")
}

pub(super) fn edgegrid(secret: &str) -> Result<EdgeGrid> {
    Ok(EdgeGrid::new(edgegrid_key(secret)?))
}

/// EdgeGrid leaves out the bodies of all methods but POST.
pub(super) fn edgegrid_verifier() -> Result<impl Verify<Principal = String>> {
    let tokens = edgegrid::MemoryTokens::new([edgegrid_key(SECRET)?]);
    let verifier = EdgeGridVerifier::builder(tokens);
    verifier
        .scheme(Scheme::HTTP)
        .allow_uncovered_bodies(true)
        .build()
}

pub(super) fn jwt(secret: &str) -> Result<JwtBuilder> {
    let key = SigningKey::hmac(jwt::Algorithm::Hs256, secret)?;
    let lifetime = Duration::from_secs(60);
    Ok(Jwt::builder(key).claim("sub", USER).expires_in(lifetime))
}

pub(super) fn jwt_verifier() -> Result<impl Verify<Principal = String>> {
    let key = VerifyingKey::hmac_of_any_length(jwt::Algorithm::Hs256, SECRET)?;
    let verifier = JwtVerifier::builder(REALM, key).allow_query("token");
    Ok(verifier.build()?.map(subject))
}

fn subject(claims: Claims) -> String {
    claims.subject().unwrap_or_default().to_owned()
}

/// The key of a service, made for this tour.
pub(super) struct Service(KeyPair);

impl Service {
    pub(super) fn new() -> Result<Self> {
        let pair = KeyPair::generate()
            .map_err(|error| Error::configuration("no key could be made").with_source(error))?;
        Ok(Self(pair))
    }

    /// Its private key, in PEM.
    pub(super) fn key(&self) -> String {
        self.0.serialize_pem()
    }

    pub(super) fn asap(&self) -> Result<Asap> {
        let asap = Asap::builder(USER, REALM, format!("{USER}/key"), self.key());
        asap.algorithm(jwt::Algorithm::Es256).build()
    }

    pub(super) fn verifier(&self) -> Result<impl Verify<Principal = String> + use<>> {
        let key = VerifyingKey::pem(jwt::Algorithm::Es256, self.0.public_key_pem())?;
        Ok(AsapVerifier::builder(REALM, REALM, key)
            .build()?
            .map(subject))
    }
}
