//! Hawk, EdgeGrid, OAuth 1.0a, JWT and ASAP, from `send` to `serve`.

use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use countersign::hawk::{Algorithm, Credentials, Hawk};
use rcgen::KeyPair;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Run, Serve, decoded, send, set};

/// The keys that the tests sign with, as files.
struct Keys(TempDir);

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

    fn set(key: &str, name: &str) -> String {
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

fn rsa(key: &str, name: &str) -> String {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../countersign-oauth1/tests/vectors/keys"
    );
    format!("{key}=@file:{folder}/{name}.pem")
}

/// What a client and a server are set to, whom the server sees, and what a stranger has in place of the secret.
struct Case {
    scheme: &'static str,
    client: Vec<String>,
    server: Vec<String>,
    principal: &'static str,
    wrong: String,
}

fn case(scheme: &'static str, more: &[&str]) -> Case {
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

fn pair(
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

fn keyed() -> Vec<Case> {
    let (key, other) = (
        Keys::set("privateKey", "ours.pem"),
        Keys::set("privateKey", "other.pem"),
    );
    let es256 = [
        "algorithm=ES256",
        r#"payload={"sub": "me", "aud": "api"}"#,
        r#"header={"kid":"svc/k"}"#,
    ];
    let asap = ["alg=ES256", "kid=svc/k", "iss=svc", "aud=api"];
    let asap = |server: String| {
        let mut case = pair("asap", &asap, key.clone(), server, other.clone());
        case.client.push("sub=me".to_owned());
        case
    };
    let jwt = |server: String| pair("jwt", &es256, key.clone(), server, other.clone());
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
        asap(key.clone()),
        asap(public),
        asap(jwks),
        oauth1(rsa("privateKey", "2048-pkcs8")),
        oauth1(rsa("publicKey", "2048-public")),
    ]
}

fn shared() -> Vec<Case> {
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

fn serve(case: &Case, more: &[&str]) -> Serve {
    let args = args(case.scheme, &case.server, more);
    Serve::start(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn call(case: &Case, request: &[&str]) -> Run {
    let args = args(case.scheme, &case.client, request);
    send(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn seen(run: &Run) -> Value {
    let json = run.json();
    let last = json["legs"].as_array().unwrap().last().unwrap();
    serde_json::from_slice(&decoded(&last["response"]["body"])).unwrap()
}

#[test]
fn the_server_takes_what_the_client_signs_and_no_other_secret() {
    for case in shared().into_iter().chain(keyed()) {
        let serve = serve(&case, &["--allow-weak-key"]);
        let url = serve.url("/a%20b//c?x=%7e&b=2&a=1+2&a");
        let request = [
            "POST",
            &url,
            "--json",
            "-d",
            "hello",
            "-H",
            "x-a:  b   c",
            "--allow-weak-key",
        ];
        let (scheme, sets) = (case.scheme, &case.client);
        let run = call(&case, &request);
        assert_eq!(run.code, 0, "{scheme} {sets:?} {}", run.printed());
        let seen = seen(&run);
        let found = (&seen["scheme"], &seen["principal"]);
        assert_eq!(found, (&scheme.into(), &case.principal.into()), "{sets:?}");

        let mut stranger = Case {
            client: case.client.clone(),
            server: Vec::new(),
            wrong: String::new(),
            ..case
        };
        stranger.client.push(case.wrong);
        let run = call(&stranger, &request);
        assert_eq!(
            (run.code, &run.json()["status"]),
            (4, &401.into()),
            "{scheme} {}",
            run.printed()
        );
    }
}

#[test]
fn forms_are_signed_where_they_go() {
    for more in ["addParamsToHeader=true", "addParamsToHeader=false"] {
        let case = case("oauth1", &[more]);
        let serve = serve(&case, &[]);
        for method in ["POST", "PATCH", "DELETE"] {
            let run = call(
                &case,
                &[
                    method,
                    &serve.url("/"),
                    "--json",
                    "--form",
                    "a=1 2",
                    "--form",
                    "a=",
                ],
            );
            assert_eq!(run.code, 0, "{more} {method} {}", run.printed());
        }
    }
}

#[test]
fn a_nonce_is_taken_once() {
    let jti = r#"claims={"jti": "one"}"#;
    let asap = [
        "alg=ES256",
        "kid=svc/k",
        "iss=svc",
        "aud=api",
        "sub=me",
        jti,
    ];
    let key = || Keys::set("privateKey", "ours.pem");
    let table = [
        case("hawk", &["nonce=j4h3g2"]),
        case("edgegrid", &["nonce=j4h3g2"]),
        case("oauth1", &["nonce=j4h3g2"]),
        pair("asap", &asap, key(), key(), String::new()),
    ];
    let at = ["--at", "1700000000"];
    for case in table {
        let serve = serve(&case, &at);
        let url = serve.url("/");
        let codes = [(); 2].map(|()| call(&case, &["GET", &url, "--at", at[1]]).code);
        assert_eq!(codes, [0, 4], "{}", case.scheme);
        let late = call(&case, &["GET", &url, "--at", "1700005000"]);
        assert_eq!(late.code, 4, "{} {}", case.scheme, late.printed());
    }
}

#[test]
fn over_tls_the_server_signs_https() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = [
        "--tls-cert",
        certificate.as_str(),
        "--tls-key",
        key.as_str(),
    ];
    let plaintext = ["signatureMethod=PLAINTEXT", "token=t", "tokenSecret=ts"];
    for case in [
        case("hawk", &[]),
        case("edgegrid", &[]),
        case("oauth1", &[]),
        case("oauth1", &plaintext),
    ] {
        let serve = serve(&case, &tls);
        let url = serve.url("/a?b=c");
        for more in [&[][..], &["--http1.1"]] {
            let request = [&["GET", &url, "--cacert", certificate.as_str()], more].concat();
            let run = call(&case, &request);
            assert_eq!(run.code, 0, "{} {}", case.scheme, run.printed());
        }
    }
}

#[test]
fn hawk_proves_answers_and_takes_bewits_if_told() {
    let grants = case("hawk", &["allowBewit=true"]);
    let (strict, open) = (serve(&case("hawk", &[]), &[]), serve(&grants, &[]));
    let run = call(&case("hawk", &[]), &["GET", &strict.url("/")]);
    assert!(
        run.stderr
            .contains("< server-authorization: Hawk mac=[redacted]"),
        "{}",
        run.stderr
    );
    let bewit = |serve: &Serve| {
        let credentials = Credentials::new("me", "secret", Algorithm::Sha256).unwrap();
        let uri = serve.url("/a?b=c").parse().unwrap();
        let granted = Hawk::new(credentials)
            .bewit(&uri, Duration::from_secs(60))
            .unwrap();
        send(&["GET", &granted.to_string()])
    };
    let run = bewit(&open);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(
        run.stderr.contains("/a?b=c&bewit=[redacted]"),
        "{}",
        run.stderr
    );
    assert_eq!(bewit(&strict).code, 4);
}

#[test]
fn a_clock_that_is_off_is_told_and_followed_once() {
    let case = case("hawk", &[]);
    let serve = serve(&case, &["--at", "1700000000"]);
    let run = call(
        &case,
        &["GET", &serve.url("/"), "--json", "--at", "1700003600"],
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(run.json()["legs"].as_array().unwrap().len(), 2);
    assert!(
        run.text().contains("tsm=\\\"[redacted]\\\""),
        "{}",
        run.text()
    );
}

#[test]
fn keys_of_the_wrong_side_are_told() {
    let refused = |run: Run, word: &str| {
        assert_eq!(run.code, 2, "{}", run.printed());
        assert!(run.stderr.contains(word), "{}", run.stderr);
    };
    let client = |auth: &[String]| {
        let auth: Vec<_> = auth.iter().map(String::as_str).collect();
        send(&[&["GET", "http://127.0.0.1:1/"], &auth[..]].concat())
    };
    let public = Keys::set("publicKey", "ours.pub.pem");
    refused(
        client(&set("jwt", &[&public])),
        "the parameters of jwt are algorithm, secret",
    );
    let as_private = Keys::set("privateKey", "ours.pub.pem");
    refused(
        client(&set("jwt", &["algorithm=ES256", &as_private])),
        "no private key",
    );
    let weak = rsa("privateKey", "1024-pkcs8");
    let sets = ["consumerKey=c", "signatureMethod=RSA-SHA1", &weak];
    refused(client(&set("oauth1", &sets)), "2048");
    let plaintext = [
        "consumerKey=c",
        "consumerSecret=s",
        "signatureMethod=PLAINTEXT",
    ];
    for (scheme, sets, word) in [
        ("jwt", &["algorithm=RS256"][..], "publicKey"),
        ("asap", &["aud=api"], "jwks"),
        (
            "oauth1",
            &["consumerKey=c", "signatureMethod=RSA-SHA1"],
            "publicKey",
        ),
        ("oauth1", &plaintext, "https"),
        ("jwt", &["colour=red"], "publicKey, jwks"),
        ("hawk", &["authId=a"], "authKey"),
    ] {
        let auth = set(scheme, sets);
        let auth: Vec<_> = auth.iter().map(String::as_str).collect();
        let serve = ["serve", "--listen", "127.0.0.1:0", "--for", "1"];
        let mut command = crate::support::command(&[&serve, &auth[..]].concat());
        refused(crate::support::run(&mut command, b""), word);
    }
}

#[test]
fn an_export_with_a_delegation_alone_is_sent_with_a_note() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let auth = json!({"type": "hawk", "hawk": [
        {"key": "authId", "value": "me"}, {"key": "authKey", "value": "secret"}, {"key": "user", "value": "u"},
        {"key": "delegation", "value": "d"}, {"key": "publicKey", "value": "k"}]});
    std::fs::write(file.path(), auth.to_string()).unwrap();
    let path = file.path().to_str().unwrap();
    let run = send(&["GET", "http://127.0.0.1/", "--offline", "--auth-file", path]);
    assert_eq!(run.code, 0, "{}", run.printed());
    for key in ["delegation", "publicKey"] {
        assert!(
            run.stderr.contains(&format!("note: \"{key}\" is ignored")),
            "{}",
            run.stderr
        );
    }
    assert!(!run.stderr.contains("\"user\""), "{}", run.stderr);
}
