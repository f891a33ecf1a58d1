//! Every scheme in every form, for the laws and the tables. A new scheme joins here.

#[path = "cases/signers.rs"]
mod signers;

use bytes::Bytes;
use countersign_apikey::{ApiKey, ApiKeyVerifier, MemoryKeys, Place};
use countersign_basic::{Basic, BasicVerifier, MemoryAccounts as Users};
use countersign_bearer::{Bearer, BearerVerifier, Grant, MemoryTokens};
use countersign_core::verify::{AnyVerifier, any_of};
use countersign_core::{Any, AnyOf, Begin, Fetch};
use countersign_digest::{Algorithm, Digest, DigestVerifier, MemoryAccounts, Qop};
use countersign_oauth2::OAuth2;
use countersign_testkit::{Case, Keys, Nonce, Placement, Protects};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, request};

const REALM: &str = "cave";
const USER: &str = "bob";

/// Every case.
pub fn all() -> Vec<Case> {
    let mut all = basic().to_vec();
    all.extend(bearer());
    all.extend(apikey());
    all.extend(digest());
    all.extend(signers::sigv4());
    all.push(signers::jwt());
    all.push(signers::hawk());
    all.push(signers::edgegrid());
    all.push(signers::oauth1());
    all.push(oauth2());
    all.push(choice());
    all
}

fn set(request: &mut request::Parts, name: &'static str, value: &'static str) {
    request.headers.insert(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    );
}

fn challenge(value: String) -> HeaderMap {
    HeaderMap::from_iter([(http::header::WWW_AUTHENTICATE, value.parse().unwrap())])
}

fn basic() -> [Case; 2] {
    fn client(keys: &Keys) -> Basic {
        Basic::new(USER, &keys.secret).unwrap()
    }
    fn server(keys: &Keys) -> BasicVerifier<Users> {
        BasicVerifier::new(REALM, Users::new([(USER, &keys.secret)])).unwrap()
    }
    let basic = Case {
        name: "basic",
        scheme: "basic",
        client: |keys| Any::new(client(keys)),
        server: |keys| AnyVerifier::new(server(keys)),
        debug: |keys| format!("{:?} {:#?}", client(keys), server(keys)),
        malform: |request| set(request, "authorization", "Basic ?"),
        placement: Placement::Header,
        protects: Protects::NOTHING,
        nonce: Nonce::None,
        legs: 1,
        storm: |n| challenge(format!("Basic realm=\"{n}\"")),
    };
    let reactive = Case {
        name: "basic that waits to be asked",
        client: |keys| Any::new(client(keys).reactive()),
        debug: |keys| format!("{:?} {:#?}", client(keys).reactive(), server(keys)),
        legs: 2,
        ..basic.clone()
    };
    [basic, reactive]
}

fn bearer() -> [Case; 3] {
    fn client(keys: &Keys) -> Bearer {
        Bearer::new(&keys.secret).unwrap()
    }
    fn server(keys: &Keys) -> BearerVerifier<MemoryTokens<String>> {
        let tokens = MemoryTokens::new([(&keys.secret, Grant::new(USER.to_owned()))]);
        BearerVerifier::new(REALM, tokens).unwrap()
    }
    let header = Case {
        name: "bearer",
        scheme: "bearer",
        client: |keys| Any::new(client(keys)),
        server: |keys| AnyVerifier::new(server(keys)),
        debug: |keys| format!("{:?} {:#?}", client(keys), server(keys)),
        malform: |request| set(request, "authorization", "Bearer a b"),
        placement: Placement::Header,
        protects: Protects::NOTHING,
        nonce: Nonce::None,
        legs: 1,
        storm: |_| challenge("Bearer error=\"invalid_token\"".into()),
    };
    let query = Case {
        name: "bearer in the query",
        client: |keys| Any::new(client(keys).in_query()),
        server: |keys| AnyVerifier::new(server(keys).allow_query()),
        debug: |keys| format!("{:?}", client(keys).in_query()),
        malform: |request| request.uri = "/?access_token=a%20b".parse().unwrap(),
        placement: Placement::Query,
        ..header.clone()
    };
    let form = Case {
        name: "bearer in a form",
        client: |keys| Any::new(client(keys).in_form()),
        server: |keys| AnyVerifier::new(server(keys).allow_form()),
        debug: |keys| format!("{:?}", client(keys).in_form()),
        placement: Placement::Body,
        ..header.clone()
    };
    [header, query, form]
}

fn apikey() -> [Case; 3] {
    fn keys_of(keys: &Keys) -> MemoryKeys {
        MemoryKeys::new([(&keys.secret, USER)])
    }
    fn client(place: Place, keys: &Keys) -> ApiKey {
        ApiKey::new(place, "x-key", &keys.secret).unwrap()
    }
    fn server(place: Place, keys: &Keys) -> ApiKeyVerifier<MemoryKeys> {
        ApiKeyVerifier::new(REALM, place, "x-key", keys_of(keys)).unwrap()
    }
    let header = Case {
        name: "apikey",
        scheme: "apikey",
        client: |keys| Any::new(client(Place::Header, keys)),
        server: |keys| AnyVerifier::new(server(Place::Header, keys)),
        debug: |keys| {
            format!(
                "{:?} {:#?}",
                client(Place::Header, keys),
                server(Place::Header, keys)
            )
        },
        malform: |request| set(request, "x-key", ""),
        placement: Placement::Header,
        protects: Protects::NOTHING,
        nonce: Nonce::None,
        legs: 1,
        storm: |n| challenge(format!("ApiKey realm=\"{n}\"")),
    };
    let query = Case {
        name: "apikey in the query",
        client: |keys| Any::new(client(Place::Query, keys)),
        server: |keys| AnyVerifier::new(server(Place::Query, keys)),
        malform: |request| request.uri = "/?x-key=%zz".parse().unwrap(),
        placement: Placement::Query,
        ..header.clone()
    };
    let cookie = Case {
        name: "apikey in a cookie",
        client: |keys| Any::new(client(Place::Cookie, keys)),
        server: |keys| AnyVerifier::new(server(Place::Cookie, keys)),
        malform: |request| set(request, "cookie", "x-key; ="),
        placement: Placement::Cookie,
        ..header.clone()
    };
    [header, query, cookie]
}

fn digest() -> Vec<Case> {
    macro_rules! digest {
        ($name:expr, $algorithm:expr, $qop:expr, $prefer_auth_int:expr) => {
            Case {
                name: $name,
                scheme: "digest",
                client: |keys| Any::new(digest_client(keys).prefer_auth_int($prefer_auth_int)),
                server: |keys| AnyVerifier::new(digest_server(keys, $algorithm, $qop)),
                debug: |keys| {
                    format!(
                        "{:?} {:#?}",
                        digest_client(keys),
                        digest_server(keys, $algorithm, $qop)
                    )
                },
                malform: |request| {
                    set(
                        request,
                        "authorization",
                        "Digest username=\"bob\", username=\"bob\"",
                    )
                },
                placement: Placement::Header,
                protects: Protects {
                    method: true,
                    target: true,
                    body: $prefer_auth_int,
                },
                nonce: Nonce::Once,
                legs: 2,
                storm: |n| {
                    challenge(format!(
                        "Digest realm=\"cave\", nonce=\"{n}\", qop=\"auth\", stale=TRUE"
                    ))
                },
            }
        };
    }
    vec![
        digest!("digest MD5", Algorithm::Md5, Qop::Auth, false),
        digest!("digest MD5-sess", Algorithm::Md5Sess, Qop::Auth, false),
        digest!("digest SHA-256", Algorithm::Sha256, Qop::Auth, false),
        digest!(
            "digest SHA-512-256",
            Algorithm::Sha512_256,
            Qop::Auth,
            false
        ),
        digest!(
            "digest SHA-256 auth-int",
            Algorithm::Sha256,
            Qop::AuthInt,
            true
        ),
    ]
}

/// A token endpoint within this process.
struct Endpoint(String);

impl Fetch for Endpoint {
    fn fetch(&self, _: Request<Bytes>) -> Begin<Response<Bytes>> {
        let token = format!(r#"{{"access_token":"{}","token_type":"bearer"}}"#, self.0);
        Begin::ready(Response::new(token.into()))
    }
}

/// The token is the secret; it is fetched with another one. A resource server has nothing of OAuth 2.0 but Bearer.
fn oauth2() -> Case {
    fn client(keys: &Keys) -> OAuth2 {
        let builder = OAuth2::client_credentials("https://login.test/token", USER, &*keys.secret);
        let builder = builder.sources(keys.sources.clone());
        builder.build(Endpoint(keys.secret.clone())).unwrap()
    }
    let bearer = bearer()[0].clone();
    Case {
        name: "oauth2",
        scheme: "oauth2",
        client: |keys| Any::new(client(keys)),
        debug: |keys| format!("{:?} {:#?}", client(keys), client(keys)),
        ..bearer
    }
}

/// Two schemes on both sides: the stronger one is what counts.
fn choice() -> Case {
    fn client(keys: &Keys) -> AnyOf {
        let basic = Basic::new(USER, &keys.secret).unwrap().reactive();
        AnyOf::new([Any::new(basic), Any::new(digest_client(keys))])
    }
    Case {
        name: "a choice of digest and basic",
        client: |keys| Any::new(client(keys)),
        server: |keys| {
            let digest = digest_server(keys, Algorithm::Sha256, Qop::Auth);
            let basic = BasicVerifier::new(REALM, Users::new([(USER, &keys.secret)])).unwrap();
            AnyVerifier::new(any_of([AnyVerifier::new(basic), AnyVerifier::new(digest)]))
        },
        debug: |keys| format!("{:?}", client(keys)),
        ..digest()[0].clone()
    }
}

fn digest_client(keys: &Keys) -> Digest {
    Digest::new(USER, keys.secret.clone())
        .unwrap()
        .sources(keys.sources.clone())
}

fn digest_server(keys: &Keys, algorithm: Algorithm, qop: Qop) -> DigestVerifier {
    let accounts = MemoryAccounts::new(REALM)
        .password(USER, keys.secret.clone())
        .unwrap();
    let builder = DigestVerifier::builder(REALM, accounts)
        .algorithms([algorithm])
        .qop([qop]);
    builder.sources(keys.sources.clone()).build().unwrap()
}
