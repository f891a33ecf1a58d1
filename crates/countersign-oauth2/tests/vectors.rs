//! Vectors of other libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use countersign_oauth2::{
    Authorization, AuthorizationError, Authorized, Builder, ClientAuthentication, Grant, Handler,
    OAuth2, Parameter, Pkce, UserAgent,
};
use countersign_token::{BoxFuture, Source, Token};
use serde_json::Value;
use support::{AUTHORIZATION_URL, DEVICE_URL, REDIRECT, Server, TOKEN_URL, json, source};
use url::{Url, form_urlencoded};

const VECTORS: &str = include_str!("vectors/oauth2.json");

/// All vectors of one kind; there are as many as the file is known to have.
fn of(kind: &str, count: usize) -> Vec<Value> {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let all = all["vectors"].as_array().unwrap().clone();
    let found: Vec<_> = all.into_iter().filter(|one| one["kind"] == kind).collect();
    assert_eq!(found.len(), count, "{kind}");
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn scope(builder: Builder, value: &Value) -> Builder {
    let names = value.as_array().map(Vec::as_slice).unwrap_or_default();
    names
        .iter()
        .fold(builder, |builder, name| builder.scope(text(name)))
}

/// The pairs of a form or a query, in an order that does not matter.
fn pairs(form: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect();
    pairs.sort();
    pairs
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}

/// Keeps the URL that it is to open.
#[derive(Clone, Default)]
struct Opened(Arc<Mutex<Option<Url>>>);

impl UserAgent for Opened {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        let redirect = authorization.redirect_uri().unwrap();
        *self.0.lock().unwrap() = Some(authorization.url(redirect).unwrap());
        Box::pin(async { Err(AuthorizationError::Cancelled) })
    }
}

#[tokio::test]
async fn authorization_urls() {
    for vector in of("authorize_url", 80) {
        let grant = match text(&vector["response_type"]) {
            "code" => Grant::AuthorizationCode,
            _ => Grant::Implicit,
        };
        let opened = Opened::default();
        let mut builder = Builder::new(grant)
            .authorization_url(text(&vector["endpoint"]))
            .token_url(TOKEN_URL)
            .client_id("client é")
            .redirect_uri(vector["redirect_uri"].as_str().unwrap_or(REDIRECT))
            .user_agent(opened.clone());
        builder = scope(builder, &vector["scope"]);
        if let Some(state) = vector["state"].as_str() {
            builder = builder.state(state);
        }
        builder = match text(&vector["pkce"]["code_challenge_method"]) {
            "S256" => builder.code_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            _ => builder.pkce(Pkce::Off),
        };
        for (name, value) in vector["extra"].as_object().unwrap() {
            builder = builder.authorization_parameter(Parameter::url(name, text(value)));
        }
        source(builder, &Server::giving("t"))
            .obtain(None)
            .await
            .unwrap_err();
        let url = opened.0.lock().unwrap().take().unwrap();
        let expected = Url::parse(text(&vector["url"])).unwrap();
        // What the vector leaves out and this client never does: a state, a redirect URI, a nonce beside `openid`.
        let is_missing =
            |name: &str| name == "nonce" || vector.get(name).is_some_and(Value::is_null);
        let keep = |pairs: Vec<(String, String)>| -> Vec<_> {
            pairs
                .into_iter()
                .filter(|(name, _)| !is_missing(name))
                .collect()
        };
        let all = |url: &Url| keep(pairs(url.query().unwrap_or_default()));
        assert_eq!(all(&url), all(&expected), "{}", vector["id"]);
        let (mut url, mut expected) = (url, expected);
        url.set_query(None);
        expected.set_query(None);
        assert_eq!(url, expected, "{}", vector["id"]);
    }
}

#[tokio::test]
async fn pkce_challenges() {
    for vector in of("pkce", 28) {
        let opened = Opened::default();
        let builder = OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id")
            .redirect_uri(REDIRECT)
            .code_verifier(text(&vector["verifier"]))
            .user_agent(opened.clone());
        source(builder, &Server::giving("t"))
            .obtain(None)
            .await
            .unwrap_err();
        let url = opened.0.lock().unwrap().take().unwrap();
        let challenge = url
            .query_pairs()
            .find(|(name, _)| name == "code_challenge")
            .unwrap()
            .1;
        assert_eq!(challenge, text(&vector["challenge"]), "{}", vector["id"]);
    }
}

/// What a server reads. The other library leaves `~` as it is and escapes `*`, where the URL standard's form does the
/// opposite; who decodes gets the same.
fn meant(how: ClientAuthentication, header: &str) -> String {
    use base64::Engine;
    let pair = header.strip_prefix("Basic ").unwrap();
    let pair = base64::engine::general_purpose::STANDARD
        .decode(pair)
        .unwrap();
    let pair = String::from_utf8(pair).unwrap();
    match how {
        ClientAuthentication::Basic => pair.replace('~', "%7E").replace("%2A", "*"),
        _ => pair,
    }
}

#[tokio::test]
async fn client_authentication() {
    for vector in of("client_secret_basic", 48) {
        let (id, secret) = (text(&vector["client_id"]), text(&vector["client_secret"]));
        for (how, expected) in [
            (ClientAuthentication::Basic, &vector["rfc6749_form_encoded"]),
            (ClientAuthentication::RawBasic, &vector["raw"]),
        ] {
            let builder =
                OAuth2::client_credentials(TOKEN_URL, id, secret).client_authentication(how);
            let server = Server::giving("t");
            match builder.source(server.clone()) {
                Ok(source) => source.obtain(None).await.unwrap(),
                // A colon would end the identifier early: RFC 7617 section 2.
                Err(_) => {
                    assert!(
                        how == ClientAuthentication::RawBasic && id.contains(':'),
                        "{}",
                        vector["id"]
                    );
                    continue;
                }
            };
            let sent = server.only().header("authorization").unwrap().to_owned();
            assert_eq!(
                meant(how, &sent),
                meant(how, text(expected)),
                "{}",
                vector["id"]
            );
        }
    }
}

/// Checks the form that `builder` sends.
async fn sends(builder: Builder, held: Option<Token>, vector: &Value) {
    let server = Server::new(|seen| match seen.uri == DEVICE_URL {
        true => json(
            200,
            r#"{"device_code":"GmRhm_DnyEy","user_code":"u","verification_uri":"https://a.example","interval":0}"#,
        ),
        false => json(200, r#"{"access_token":"t"}"#),
    });
    source(builder, &server).obtain(held).await.unwrap();
    let mut sent = server.seen().pop().unwrap().form;
    // The other library leaves out what is empty, even where RFC 6749 section 4.3.2 requires it.
    sent.retain(|(_, value)| !value.is_empty());
    assert_eq!(
        sorted(sent),
        pairs(text(&vector["body"])),
        "{}",
        vector["id"]
    );
}

#[tokio::test]
async fn bodies_of_the_silent_grants() {
    for vector in of("password_body", 10) {
        let (username, password) = (text(&vector["username"]), text(&vector["password"]));
        let builder = OAuth2::password(TOKEN_URL, "c", username, password);
        sends(scope(builder, &vector["scope"]), None, &vector).await;
    }
    for vector in of("client_credentials_body", 3) {
        let builder = Builder::new(Grant::ClientCredentials)
            .token_url(TOKEN_URL)
            .client_id("c");
        let builder = builder.client_authentication(ClientAuthentication::None);
        sends(scope(builder, &vector["scope"]), None, &vector).await;
    }
}

#[tokio::test]
async fn bodies_of_the_refresh() {
    for vector in of("refresh_body", 2) {
        let names = vector["scope"].as_array().unwrap().iter().map(text);
        let names = names.collect::<Vec<_>>().join(" ");
        let builder = support::client().refresh_parameter(Parameter::body("scope", names));
        let held = Token::new("old", SystemTime::now()).refresh(text(&vector["refresh_token"]));
        sends(builder, Some(held), &vector).await;
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_of_the_device() {
    for vector in of("device_body", 2) {
        let builder = OAuth2::device(DEVICE_URL, TOKEN_URL, "c").on_user_code(|_| ());
        // RFC 8628 sends the scope with the first request alone.
        let names = vector["scope"].as_array().unwrap().iter().map(text);
        let again = Parameter::body("scope", names.collect::<Vec<_>>().join(" "));
        sends(builder.token_parameter(again), None, &vector).await;
    }
}

#[tokio::test]
async fn bodies_of_the_code() {
    for vector in of("code_body", 10) {
        let redirect = text(&vector["redirect_uri"]).to_owned();
        let code = text(&vector["code"]).to_owned();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", "s")
            .finish();
        let handler = Handler::new(move |_| std::future::ready(Ok(query.clone())));
        let builder = OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "c")
            .redirect_uri(redirect)
            .state("s")
            .user_agent(handler);
        let builder = match vector["verifier"].as_str() {
            Some(verifier) => builder.code_verifier(verifier),
            None => builder.pkce(Pkce::Off),
        };
        sends(builder, None, &vector).await;
    }
}

/// A redirect, and whether it is an answer.
async fn redirect(builder: Builder, vector: &Value) -> Result<Token, countersign_token::Refused> {
    let url = text(&vector["url"]).to_owned();
    let handler = Handler::new(move |_| std::future::ready(Ok(url.clone())));
    let builder = builder
        .redirect_uri("https://c.example/cb")
        .state(text(&vector["expected_state"]))
        .user_agent(handler);
    let server = Server::new(|seen| {
        json(
            200,
            &format!(r#"{{"access_token":"{}"}}"#, seen.get("code").unwrap()),
        )
    });
    source(builder, &server).obtain(None).await
}

#[tokio::test]
async fn redirects() {
    for (kind, count) in [("code_redirect", 4), ("implicit_redirect", 4)] {
        for vector in of(kind, count) {
            let builder = match kind {
                "code_redirect" => OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "c"),
                _ => OAuth2::implicit(AUTHORIZATION_URL, "c"),
            };
            let outcome = redirect(builder, &vector).await;
            let parsed = &vector["parsed"];
            let expected = parsed["code"].as_str().or(parsed["access_token"].as_str());
            let found = outcome.ok().map(|token| support::access(&token).to_owned());
            assert_eq!(found.as_deref(), expected, "{}", vector["id"]);
        }
    }
}

#[tokio::test]
async fn token_answers() {
    for vector in of("token_response", 3) {
        let server = Server::json(200, text(&vector["body"]));
        let token = support::token(support::client(), &server).await;
        let parsed = &vector["parsed"];
        assert_eq!(token.is_ok(), parsed.is_object(), "{}", vector["id"]);
        let Ok(token) = token else { continue };
        assert_eq!(support::access(&token), text(&parsed["access_token"]));
        assert_eq!(
            token.lifetime().map(|life| life.as_secs()),
            parsed["expires_in"].as_u64()
        );
        let scopes = parsed["scope"]
            .as_array()
            .map(|names| names.iter().map(text).collect::<Vec<_>>());
        assert_eq!(
            token
                .scopes
                .as_deref()
                .map(|names| names.iter().map(String::as_str).collect()),
            scopes
        );
    }
}
