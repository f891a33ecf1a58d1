//! What clients and servers of these schemes are set to.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::KeyPair;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Run, Serve, send, set};

/// The keys that the tests sign with, as files.
pub(super) struct Keys(TempDir);

impl Keys {
    fn get() -> &'static Self {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let [ours, other] = [(); 2].map(|()| KeyPair::generate().unwrap());
            let files = [
                ("ours.pem", ours.serialize_pem()),
                ("ours.pub.pem", ours.public_key_pem()),
                ("ours.jwks", jwks(&ours)),
                ("other.pem", other.serialize_pem()),
            ];
            for (name, text) in files {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
            Self(folder)
        })
    }

    pub(super) fn text(name: &str) -> String {
        std::fs::read_to_string(Self::get().0.path().join(name)).unwrap()
    }

    pub(super) fn set(key: &str, name: &str) -> String {
        let folder = Self::get().0.path().to_str().unwrap();
        format!("{key}=@file:{folder}/{name}")
    }
}

/// A JWK set of one P-256 key.
fn jwks(pair: &KeyPair) -> String {
    let pem = pair.public_key_pem();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64).unwrap();
    let halves = [64, 32].map(|back| URL_SAFE_NO_PAD.encode(&der[der.len() - back..][..32]));
    let [x, y] = halves;
    json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "svc/k", "x": x, "y": y}]}).to_string()
}

pub(super) fn rsa(key: &str, name: &str) -> String {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../countersign-oauth1/tests/vectors/keys"
    );
    format!("{key}=@file:{folder}/{name}.pem")
}

/// What a client and a server are set to, whom the server sees, and what a stranger has in place of the secret.
pub(super) struct Case {
    pub(super) scheme: &'static str,
    pub(super) client: Vec<String>,
    pub(super) server: Vec<String>,
    pub(super) principal: &'static str,
    pub(super) wrong: String,
}

pub(super) fn case(scheme: &'static str, more: &[&str]) -> Case {
    let (base, principal, wrong): (&[&str], _, _) = match scheme {
        "hawk" => (&["authId=me", "authKey=secret"], "me", "authKey=wrong"),
        "edgegrid" => {
            let base = &["clientToken=me", "accessToken=a", "clientSecret=secret"];
            (base, "me", "clientSecret=wrong")
        }
        "oauth1" => (
            &["consumerKey=me", "consumerSecret=secret"],
            "me",
            "consumerSecret=wrong",
        ),
        _ => (
            &["secret=secret", r#"payload={"sub": "me"}"#],
            "me",
            "secret=wrong",
        ),
    };
    let all: Vec<_> = base
        .iter()
        .chain(more)
        .map(|set| (*set).to_owned())
        .collect();
    Case {
        scheme,
        client: all.clone(),
        server: all,
        principal,
        wrong: wrong.to_owned(),
    }
}

pub(super) fn pair(
    scheme: &'static str,
    both: &[&str],
    client: String,
    server: String,
    wrong: String,
) -> Case {
    let with = |last: String| {
        both.iter()
            .map(|set| (*set).to_owned())
            .chain([last])
            .collect()
    };
    Case {
        scheme,
        client: with(client),
        server: with(server),
        principal: "me",
        wrong,
    }
}

fn ours() -> (String, String) {
    let [ours, other] = ["ours.pem", "other.pem"];
    (
        Keys::set("privateKey", ours),
        Keys::set("privateKey", other),
    )
}

/// A JWT by ES256 that a server verifies by `server`.
pub(super) fn jwt(server: String) -> Case {
    let both = [
        "algorithm=ES256",
        r#"payload={"sub": "me", "aud": "api"}"#,
        r#"header={"kid":"svc/k"}"#,
    ];
    let (key, other) = ours();
    pair("jwt", &both, key, server, other)
}

/// An ASAP token that a server verifies by `server`.
pub(super) fn asap(server: String) -> Case {
    let both = ["alg=ES256", "kid=svc/k", "iss=svc", "aud=api"];
    let (key, other) = ours();
    let mut case = pair("asap", &both, key, server, other);
    case.client.push("sub=me".to_owned());
    case
}

pub(super) fn keyed() -> Vec<Case> {
    let (key, _) = ours();
    let public = Keys::set("publicKey", "ours.pub.pem");
    let jwks = Keys::set("jwks", "ours.jwks");
    let rsa_sha256 = [
        "consumerKey=me",
        "signatureMethod=RSA-SHA256",
        "addParamsToHeader=true",
    ];
    let oauth1 = |server: String| {
        let (key, wrong) = (
            rsa("privateKey", "2048-pkcs1"),
            rsa("privateKey", "1024-pkcs8"),
        );
        pair("oauth1", &rsa_sha256, key, server, wrong)
    };
    vec![
        jwt(key.clone()),
        jwt(public.clone()),
        jwt(jwks.clone()),
        asap(key),
        asap(public),
        asap(jwks),
        oauth1(rsa("privateKey", "2048-pkcs8")),
        oauth1(rsa("publicKey", "2048-public")),
    ]
}

pub(super) fn shared() -> Vec<Case> {
    vec![
        case("hawk", &[]),
        case(
            "hawk",
            &[
                "algorithm=sha1",
                "includePayloadHash=true",
                "app=a",
                "delegation=d",
                "extraData=x y",
            ],
        ),
        case("edgegrid", &[]),
        case("edgegrid", &["headersToSign=x-b,x-a", "maxBodySize=2"]),
        case("oauth1", &["version=1.0", "addParamsToHeader=true"]),
        case(
            "oauth1",
            &["token=t", "tokenSecret=ts", "signatureMethod=HMAC-SHA512"],
        ),
        case("oauth1", &["includeBodyHash=true", "realm=r"]),
        case("jwt", &["algorithm=HS512", "headerPrefix=JWT"]),
        case("jwt", &["addTokenTo=queryParam", "queryParamKey=k"]),
        case("jwt", &["expiresIn=60", "issuedAt=true", "randomId=true"]),
    ]
}

fn args(scheme: &str, sets: &[String], more: &[&str]) -> Vec<String> {
    let sets: Vec<_> = sets.iter().map(String::as_str).collect();
    let more = more.iter().map(|arg| (*arg).to_owned());
    set(scheme, &sets).into_iter().chain(more).collect()
}

pub(super) fn serve(case: &Case, more: &[&str]) -> Serve {
    let args = args(case.scheme, &case.server, more);
    Serve::start(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

pub(super) fn call(case: &Case, request: &[&str]) -> Run {
    let args = args(case.scheme, &case.client, request);
    send(&args.iter().map(String::as_str).collect::<Vec<_>>())
}
