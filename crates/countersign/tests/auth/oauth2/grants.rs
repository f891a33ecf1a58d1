//! What each grant asks of the authorization server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use countersign::Options;
use countersign::oauth2::{Authorization, AuthorizationError, Authorized, Handler, UserAgent};
use countersign::token::BoxFuture;
use http::Request;

use super::{Pairs, Server, asked, decoded, get, made, sent};

type Set = &'static [(&'static str, &'static str)];

#[tokio::test]
async fn each_grant_asks_as_its_specification_says() {
    let table: [(Set, Set); 5] = [
        (
            &[
                ("grant_type", "client_credentials"),
                ("scope", "a b"),
                ("audience", "api"),
            ],
            &[
                ("grant_type", "client_credentials"),
                ("scope", "a b"),
                ("audience", "api"),
            ],
        ),
        (
            &[
                ("grant_type", "password_credentials"),
                ("username", "u"),
                ("password", "p&p"),
            ],
            &[
                ("grant_type", "password"),
                ("username", "u"),
                ("password", "p&p"),
            ],
        ),
        (
            &[("grant_type", "refresh_token"), ("refreshToken", "r0")],
            &[("grant_type", "refresh_token"), ("refresh_token", "r0")],
        ),
        (
            &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                (
                    "tokenRequestParams",
                    r#"[{"key": "assertion", "value": "eyJ"}]"#,
                ),
            ],
            &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", "eyJ"),
            ],
        ),
        (
            &[("grant_type", "custom:account_credentials")],
            &[("grant_type", "account_credentials")],
        ),
    ];
    for (set, expected) in table {
        let (request, form) = asked(set).await;
        assert_eq!(request.uri(), "https://as.example/token");
        for (name, value) in expected {
            assert_eq!(get(&form, name), Some(*value), "{set:?}");
        }
    }
}

#[tokio::test]
async fn the_client_says_who_it_is_as_it_is_told() {
    let grant = ("grant_type", "client_credentials");
    let basic = |request: &Request<Bytes>| {
        let line = request
            .headers()
            .get("authorization")?
            .to_str()
            .unwrap()
            .to_owned();
        let pair = STANDARD
            .decode(line.strip_prefix("Basic ").unwrap())
            .unwrap();
        Some(String::from_utf8(pair).unwrap())
    };
    let encoded = "shop%26co:s3cret%3Aof+the+client";
    for (how, expected) in [
        ("", Some(encoded)),
        ("header", Some(encoded)),
        ("raw", Some("shop&co:s3cret:of the client")),
        ("body", None),
        ("none", None),
    ] {
        let (request, form) = asked(&[grant, ("client_authentication", how)]).await;
        assert_eq!(basic(&request).as_deref(), expected, "{how}");
        let secret = (how == "body").then_some("s3cret:of the client");
        assert_eq!(get(&form, "client_secret"), secret, "{how}");
    }
}

#[tokio::test]
async fn parameters_of_ones_own_are_sent_where_they_say() {
    let custom = r#"[
        {"key": "in_body", "value": "1", "enabled": true, "send_as": "request_body"},
        {"key": "in_url", "value": "2 3", "enabled": true, "send_as": "request_url"},
        {"key": "X-Header", "value": "4", "send_as": "request_header"},
        {"key": "off", "value": "5", "enabled": false},
        {"key": "again", "value": "6"}, {"key": "again", "value": 7}
    ]"#;
    let set = [
        ("grant_type", "client_credentials"),
        ("tokenRequestParams", custom),
    ];
    let (request, form) = asked(&set).await;
    assert_eq!(get(&form, "in_body"), Some("1"));
    let query = decoded(request.uri().query().unwrap());
    assert_eq!(get(&query, "in_url"), Some("2 3"));
    assert_eq!(request.headers()["x-header"], "4");
    assert_eq!(get(&form, "off"), None);
    let again = form.iter().filter(|(name, _)| name == "again");
    assert!(again.map(|(_, value)| value.as_str()).eq(["6", "7"]));
}

/// The authorization request and the token request of a code, which a person consents to.
async fn consented(set: &[(&str, &str)]) -> (Pairs, Pairs) {
    let seen = Arc::new(Mutex::new(String::new()));
    let shown = Arc::clone(&seen);
    let handler = Handler::new(move |url: String| {
        shown.lock().unwrap().clone_from(&url);
        let query = decoded(url.split_once('?').unwrap().1);
        let back = format!(
            "https://shop.example/cb?code=c0de&state={}",
            get(&query, "state").unwrap()
        );
        async move { Ok(back) }
    });
    let server = Server::default();
    let options = Options::new().fetch(server.clone()).user_agent(handler);
    let base = [("authUrl", "https://as.example/authorize")];
    let auth = made(&[&base[..], set].concat(), &options).unwrap();
    assert_eq!(sent(&auth).await.unwrap(), "Bearer t1");
    let form = server.0.lock().unwrap().remove(0).1;
    let url = seen.lock().unwrap().clone();
    (decoded(url.split_once('?').unwrap().1), form)
}

#[tokio::test]
async fn a_code_is_bound_by_pkce_where_it_is_asked_for() {
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let redirect = ("redirect_uri", "https://shop.example/cb");
    let plain_code = ("grant_type", "authorization_code");
    let (asked, form) = consented(&[redirect, plain_code, ("state", "my-own-state")]).await;
    assert_eq!(get(&asked, "state"), Some("my-own-state"));
    assert_eq!(
        (get(&asked, "code_challenge"), get(&form, "code_verifier")),
        (None, None)
    );
    assert_eq!(get(&form, "redirect_uri"), Some("https://shop.example/cb"));
    let with = ("grant_type", "authorization_code_with_pkce");
    let (asked, form) = consented(&[redirect, with, ("code_verifier", VERIFIER)]).await;
    let challenge = Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert_eq!(get(&asked, "code_challenge"), challenge);
    assert_eq!(get(&form, "code_verifier"), Some(VERIFIER));
    let (asked, form) = consented(&[redirect, plain_code, ("challengeAlgorithm", "plain")]).await;
    assert_eq!(get(&asked, "code_challenge_method"), Some("plain"));
    assert_eq!(get(&asked, "code_challenge"), get(&form, "code_verifier"));
}

#[tokio::test]
async fn the_names_of_older_exports_are_known() {
    let set = [
        ("grantType", "authorization_code"),
        ("callBackUrl", "https://shop.example/cb"),
        ("clientAuth", "body"),
        ("resource", "https://a.example https://b.example"),
        (
            "authRequestParams",
            r#"[{"key": "prompt", "value": "login"}]"#,
        ),
    ];
    let (asked, form) = consented(&set).await;
    assert_eq!(get(&asked, "redirect_uri"), Some("https://shop.example/cb"));
    assert_eq!(get(&asked, "prompt"), Some("login"));
    assert_eq!(get(&form, "client_secret"), Some("s3cret:of the client"));
    let resources = form.iter().filter(|(name, _)| name == "resource");
    assert_eq!(resources.count(), 2);
}

/// Gives up each time, and wants to begin again so many times.
struct Undecided(Arc<AtomicUsize>);

impl UserAgent for Undecided {
    fn authorize(
        &self,
        _: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        Box::pin(std::future::ready(Err(AuthorizationError::Cancelled)))
    }

    fn begins_again(&self, _: &AuthorizationError) -> BoxFuture<'static, bool> {
        let left = self.0.fetch_sub(1, Ordering::SeqCst);
        Box::pin(std::future::ready(left > 1))
    }
}

#[tokio::test]
async fn the_person_of_the_options_may_begin_again() {
    let left = Arc::new(AtomicUsize::new(3));
    let options = Options::new()
        .fetch(Server::default())
        .user_agent(Undecided(Arc::clone(&left)));
    let set = [
        ("grant_type", "authorization_code"),
        ("authUrl", "https://as.example/authorize"),
    ];
    sent(&made(&set, &options).unwrap()).await.unwrap_err();
    assert_eq!(left.load(Ordering::SeqCst), 0);
}
