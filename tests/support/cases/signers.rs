//! The schemes that sign.

use std::time::Duration;

use countersign_core::Any;
use countersign_core::verify::{AnyVerifier, Verify, any_of};
use countersign_edgegrid::{self as edgegrid, EdgeGrid, EdgeGridVerifier};
use countersign_hawk::{self as hawk, Caller, Hawk, HawkVerifier, PayloadHash, PayloadRule};
use countersign_jwt::{self as jwt, Claims, Jwt, JwtVerifier, SigningKey, VerifyingKey};
use countersign_oauth1::{
    self as oauth1, Consumer, MemoryConsumers, OAuth1, OAuth1Verifier, SignatureMethod, Signer,
};
use countersign_sigv4::{Credentials, MemoryKeys as AccessKeys, SigV4, SigV4Verifier};
use countersign_testkit::{Case, Keys, Nonce, Placement, Protects};
use http::uri::Scheme;

use super::{REALM, USER, challenge, set};

pub(super) fn sigv4() -> [Case; 2] {
    fn key(keys: &Keys) -> Credentials {
        Credentials::new(USER, keys.secret.clone()).unwrap()
    }
    fn client(keys: &Keys, presigned: bool) -> SigV4 {
        let builder = SigV4::builder("us-east-1", "execute-api").sources(keys.sources.clone());
        let builder = if presigned {
            builder.presigned(86_400)
        } else {
            builder
        };
        builder.credentials(key(keys)).unwrap()
    }
    fn server(keys: &Keys) -> SigV4Verifier {
        let known = AccessKeys::new([key(keys)]);
        SigV4Verifier::builder("us-east-1", "execute-api", known)
            .allow_presigned(true)
            .sources(keys.sources.clone())
            .build()
            .unwrap()
    }
    let header = Case {
        name: "sigv4",
        scheme: "sigv4",
        client: |keys| Any::new(client(keys, false)),
        server: |keys| AnyVerifier::new(server(keys)),
        debug: |keys| {
            format!(
                "{:?} {:?} {:#?}",
                key(keys),
                client(keys, false),
                server(keys)
            )
        },
        malform: |request| set(request, "authorization", "AWS4-HMAC-SHA256 Signature"),
        placement: Placement::Header,
        protects: Protects {
            method: true,
            target: true,
            body: true,
        },
        nonce: Nonce::None,
        legs: 1,
        storm: |n| challenge(format!("AWS4-HMAC-SHA256 realm=\"{n}\"")),
    };
    let presigned = Case {
        name: "sigv4 in the query",
        client: |keys| Any::new(client(keys, true)),
        malform: |request| request.uri = "/?X-Amz-Signature=0".parse().unwrap(),
        placement: Placement::Query,
        ..header.clone()
    };
    [header, presigned]
}

/// The secret is a key here, so a wrong one shows as a wrong signature.
pub(super) fn jwt() -> Case {
    fn client(keys: &Keys) -> Jwt {
        let key = SigningKey::hmac(jwt::Algorithm::Hs256, keys.secret.as_str()).unwrap();
        let token = Jwt::builder(key).claim("sub", USER).issued_at();
        let token = token.expires_in(Duration::from_secs(300));
        token.sources(keys.sources.clone()).build().unwrap()
    }
    fn server(keys: &Keys) -> JwtVerifier {
        let key = VerifyingKey::hmac_of_any_length(jwt::Algorithm::Hs256, keys.secret.as_str());
        let builder = JwtVerifier::builder(REALM, key.unwrap());
        builder.sources(keys.sources.clone()).build().unwrap()
    }
    Case {
        name: "jwt",
        scheme: "jwt",
        client: |keys| Any::new(client(keys)),
        server: |keys| {
            let subject = |claims: Claims| claims.subject().unwrap_or_default().to_owned();
            AnyVerifier::new(server(keys).map(subject))
        },
        debug: |keys| format!("{:?} {:#?}", client(keys), server(keys)),
        malform: |request| set(request, "authorization", "Bearer a b"),
        placement: Placement::Header,
        protects: Protects::NOTHING,
        nonce: Nonce::None,
        legs: 1,
        storm: |n| challenge(format!("Bearer realm=\"{n}\", error=\"invalid_token\"")),
    }
}

const WHOLE: Protects = Protects {
    method: true,
    target: true,
    body: true,
};

pub(super) fn hawk() -> Case {
    fn key(keys: &Keys) -> hawk::Credentials {
        hawk::Credentials::new(USER, keys.secret.as_str(), hawk::Algorithm::Sha256).unwrap()
    }
    fn client(keys: &Keys) -> Hawk {
        let hawk = Hawk::new(key(keys)).payload_hash(PayloadHash::Always);
        hawk.sources(keys.sources.clone())
    }
    fn server(keys: &Keys) -> HawkVerifier {
        let builder = HawkVerifier::builder(hawk::MemoryKeys::new([key(keys)]));
        let builder = builder
            .payload(PayloadRule::Required)
            .sources(keys.sources.clone());
        builder.build().unwrap()
    }
    Case {
        name: "hawk",
        scheme: "hawk",
        client: |keys| Any::new(client(keys)),
        server: |keys| AnyVerifier::new(server(keys).map(|caller: Caller| caller.id)),
        debug: |keys| format!("{:?} {:?} {:#?}", key(keys), client(keys), server(keys)),
        malform: |request| set(request, "authorization", "Hawk id"),
        placement: Placement::Header,
        protects: WHOLE,
        nonce: Nonce::Once,
        legs: 1,
        storm: |n| challenge(format!("Hawk ts=\"{n}\", tsm=\"AAAA\", error=\"stale\"")),
    }
}

/// The scheme of the URL is signed too, which a server knows of itself; this one is both. Only a POST's body is signed.
pub(super) fn edgegrid() -> Case {
    fn key(keys: &Keys) -> edgegrid::Credentials {
        edgegrid::Credentials::new(USER, keys.secret.as_str(), "access").unwrap()
    }
    fn client(keys: &Keys) -> EdgeGrid {
        EdgeGrid::new(key(keys)).sources(keys.sources.clone())
    }
    fn server(keys: &Keys, scheme: Scheme) -> EdgeGridVerifier {
        let builder = EdgeGridVerifier::builder(edgegrid::MemoryTokens::new([key(keys)]));
        let builder = builder
            .scheme(scheme)
            .allow_uncovered_bodies(true)
            .sources(keys.sources.clone());
        builder.build().unwrap()
    }
    Case {
        name: "edgegrid",
        scheme: "edgegrid",
        client: |keys| Any::new(client(keys)),
        server: |keys| {
            let either =
                [Scheme::HTTP, Scheme::HTTPS].map(|scheme| AnyVerifier::new(server(keys, scheme)));
            AnyVerifier::new(any_of(either))
        },
        debug: |keys| {
            format!(
                "{:?} {:?} {:#?}",
                key(keys),
                client(keys),
                server(keys, Scheme::HTTP)
            )
        },
        malform: |request| set(request, "authorization", "EG1-HMAC-SHA256 client_token"),
        placement: Placement::Header,
        protects: WHOLE,
        nonce: Nonce::Once,
        legs: 1,
        storm: |n| challenge(format!("EG1-HMAC-SHA256 realm=\"{n}\"")),
    }
}

/// The scheme of the URL is signed here too. A form's fields are signed, any other body is not.
pub(super) fn oauth1() -> Case {
    fn client(keys: &Keys) -> OAuth1 {
        let credentials = oauth1::Credentials::new(USER, keys.secret.as_str()).unwrap();
        let builder = OAuth1::builder(credentials).sources(keys.sources.clone());
        builder.build().unwrap()
    }
    fn server(keys: &Keys, scheme: Scheme) -> OAuth1Verifier {
        let consumer = Consumer::new(SignatureMethod::HmacSha1, keys.secret.as_str()).unwrap();
        let consumers = MemoryConsumers::new().consumer(USER, consumer);
        let builder = OAuth1Verifier::builder(REALM, consumers).scheme(scheme);
        builder.sources(keys.sources.clone()).build().unwrap()
    }
    Case {
        name: "oauth1",
        scheme: "oauth1",
        client: |keys| Any::new(client(keys)),
        server: |keys| {
            let named = |signer: Signer| signer.consumer_key;
            let either = [Scheme::HTTP, Scheme::HTTPS]
                .map(|scheme| AnyVerifier::new(server(keys, scheme).map(named)));
            AnyVerifier::new(any_of(either))
        },
        debug: |keys| format!("{:?} {:#?}", client(keys), server(keys, Scheme::HTTP)),
        malform: |request| set(request, "authorization", "OAuth oauth_nonce"),
        placement: Placement::Header,
        protects: WHOLE,
        nonce: Nonce::Once,
        legs: 1,
        storm: |n| challenge(format!("OAuth realm=\"{n}\"")),
    }
}
