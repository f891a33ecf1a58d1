//! What each grant sends, and what comes of the answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign_oauth2::{
    AuthorizationError, Builder, ClientAuthentication, Handler, OAuth2, Parameter, Pkce,
};
use countersign_testkit::pinned;
use countersign_token::{RefusedKind, Source, Token};
use support::{
    AUTHORIZATION_URL, REDIRECT, Server, TOKEN_URL, access, client, json, refused, source, token,
};
use url::Url;

/// The value of a parameter of a URL.
fn of(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let mut pairs = url.query_pairs().filter(|(known, _)| known == name);
    pairs.next().map(|(_, value)| value.into_owned())
}

/// A person who consents at once, and what they were shown.
fn consenting(answer: &'static str) -> (Handler, Arc<Mutex<Vec<String>>>) {
    let shown = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&shown);
    let handler = Handler::new(move |url| {
        let state = of(&url, "state").unwrap();
        seen.lock().unwrap().push(url);
        async move { Ok(format!("{REDIRECT}{answer}&state={state}")) }
    });
    (handler, shown)
}

fn code() -> Builder {
    OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id").redirect_uri(REDIRECT)
}

#[tokio::test]
async fn client_credentials() {
    let server = Server::giving("t");
    let builder = client().scope("a b").scope("c");
    assert_eq!(access(&token(builder, &server).await.unwrap()), "t");
    let seen = server.only();
    assert_eq!(seen.uri, TOKEN_URL);
    assert_eq!(seen.get("grant_type"), Some("client_credentials"));
    assert_eq!(seen.get("scope"), Some("a b c"));
    assert_eq!(seen.get("client_id"), None);
    assert!(seen.header("authorization").unwrap().starts_with("Basic "));
}

#[tokio::test]
async fn password() {
    let server = Server::giving("t");
    let builder = OAuth2::password(TOKEN_URL, "id", "ä b", "p&w+d").scope("x");
    token(builder, &server).await.unwrap();
    let seen = server.only();
    assert_eq!(seen.get("grant_type"), Some("password"));
    assert_eq!(
        (seen.get("username"), seen.get("password")),
        (Some("ä b"), Some("p&w+d"))
    );
    // A client without a secret says who it is in the form.
    assert_eq!(
        (seen.get("client_id"), seen.header("authorization")),
        (Some("id"), None)
    );
}

#[tokio::test]
async fn a_custom_grant() {
    let server = Server::giving("t");
    let grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    let fields = [("subject_token", "one"), ("subject_token_type", "two")];
    let builder = OAuth2::custom(TOKEN_URL, grant, fields).client_id("id");
    token(builder, &server).await.unwrap();
    let seen = server.only();
    assert_eq!(seen.get("grant_type"), Some(grant));
    assert_eq!(seen.get("subject_token"), Some("one"));
    assert_eq!(seen.get("client_id"), Some("id"));
}

#[tokio::test]
async fn a_code_with_pkce() {
    let server = Server::giving("t");
    let (person, shown) = consenting("?code=c%2B1");
    token(code().scope("a").user_agent(person), &server)
        .await
        .unwrap();
    let url = shown.lock().unwrap().remove(0);
    assert_eq!(of(&url, "response_type").as_deref(), Some("code"));
    assert_eq!(of(&url, "client_id").as_deref(), Some("id"));
    assert_eq!(of(&url, "redirect_uri").as_deref(), Some(REDIRECT));
    assert_eq!(of(&url, "code_challenge_method").as_deref(), Some("S256"));
    assert!(of(&url, "state").unwrap().len() >= 22);
    assert_eq!(of(&url, "nonce"), None);
    let seen = server.only();
    assert_eq!(seen.get("grant_type"), Some("authorization_code"));
    assert_eq!(seen.get("code"), Some("c+1"));
    assert_eq!(seen.get("redirect_uri"), Some(REDIRECT));
    assert_eq!(seen.get("code_verifier").unwrap().len(), 43);
}

#[tokio::test]
async fn pkce_can_be_plain_with_a_verifier_of_ones_own_or_off() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    for (pkce, challenge, sent) in [
        (
            Pkce::S256,
            Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            Some(verifier),
        ),
        (Pkce::Plain, Some(verifier), Some(verifier)),
        (Pkce::Off, None, None),
    ] {
        let server = Server::giving("t");
        let (person, shown) = consenting("?code=c");
        let builder = code().pkce(pkce).code_verifier(verifier).user_agent(person);
        token(builder, &server).await.unwrap();
        let url = shown.lock().unwrap().remove(0);
        assert_eq!(of(&url, "code_challenge").as_deref(), challenge);
        assert_eq!(server.only().get("code_verifier"), sent);
    }
}

#[tokio::test]
async fn implicit() {
    let server = Server::giving("unused");
    let (person, shown) = consenting("#access_token=t&token_type=bearer&expires_in=60&scope=a%20b");
    let builder = OAuth2::implicit(AUTHORIZATION_URL, "id")
        .redirect_uri(REDIRECT)
        .sources(pinned(1000));
    let token = token(builder.user_agent(person), &server).await.unwrap();
    assert_eq!(access(&token), "t");
    assert_eq!(
        token.expires_at,
        Some(UNIX_EPOCH + Duration::from_secs(1060))
    );
    assert_eq!(token.scopes.unwrap(), ["a", "b"]);
    let url = shown.lock().unwrap().remove(0);
    assert_eq!(of(&url, "response_type").as_deref(), Some("token"));
    assert_eq!(of(&url, "code_challenge"), None);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn state_and_parameters_are_sent_as_given_and_differ_otherwise() {
    let server = Server::giving("t");
    let (person, shown) = consenting("?code=c");
    let builder = code()
        .user_agent(person.clone())
        .state("own state")
        .nonce("own nonce")
        .audience("https://api.example")
        .resource("https://api.example/a")
        .resource("https://api.example/b")
        .authorization_parameter(Parameter::url("prompt", "login consent"));
    // The answer has no ID token, so its nonce is not asked for.
    token(builder, &server).await.unwrap();
    token(code().user_agent(person.clone()), &server)
        .await
        .unwrap();
    token(code().user_agent(person), &server).await.unwrap();
    let shown = shown.lock().unwrap();
    assert_eq!(of(&shown[0], "state").as_deref(), Some("own state"));
    assert_eq!(of(&shown[0], "nonce").as_deref(), Some("own nonce"));
    assert_eq!(of(&shown[0], "prompt").as_deref(), Some("login consent"));
    assert_eq!(
        of(&shown[0], "audience").as_deref(),
        Some("https://api.example")
    );
    assert_eq!(shown[0].matches("resource=").count(), 2);
    assert_ne!(of(&shown[1], "state"), of(&shown[2], "state"));
    assert_ne!(
        of(&shown[1], "code_challenge"),
        of(&shown[2], "code_challenge")
    );
}

fn held(refresh: &str) -> Token {
    Token::new("old", SystemTime::now()).refresh(refresh)
}

#[tokio::test]
async fn a_refresh_goes_to_its_own_address_with_resource_and_audience() {
    let server = Server::giving("new");
    let builder = client()
        .scope("a")
        .refresh_url("https://as.example/refresh?v=1")
        .resource("https://api.example/a")
        .resource("https://api.example/b")
        .audience("aud");
    let token = source(builder, &server)
        .obtain(Some(held("r+1")))
        .await
        .unwrap();
    assert_eq!(access(&token), "new");
    let seen = server.only();
    assert_eq!(seen.uri, "https://as.example/refresh?v=1");
    assert_eq!(seen.get("grant_type"), Some("refresh_token"));
    assert_eq!(seen.get("refresh_token"), Some("r+1"));
    assert_eq!(
        seen.all("resource"),
        ["https://api.example/a", "https://api.example/b"]
    );
    assert_eq!(seen.get("audience"), Some("aud"));
    // What was granted stays granted (RFC 6749 section 6); naming more would be refused.
    assert_eq!(seen.get("scope"), None);
}

#[tokio::test]
async fn a_refresh_token_from_elsewhere_is_a_grant() {
    let server = Server::json(200, r#"{"access_token":"t","refresh_token":"next"}"#);
    let builder = OAuth2::refresh_token(TOKEN_URL, "id", "first");
    let source = source(builder, &server);
    let token = source.obtain(None).await.unwrap();
    assert_eq!(token.refresh, Some("next".into()));
    source.obtain(Some(token)).await.unwrap();
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.get("refresh_token").unwrap().to_owned())
        .collect();
    assert_eq!(sent, ["first", "next"]);
}

#[tokio::test]
async fn a_held_token_is_refreshed_and_nothing_else_is_tried() {
    let server = Server::json(400, r#"{"error":"invalid_grant"}"#);
    let refused = source(client(), &server)
        .obtain(Some(held("r")))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::InvalidGrant);
    assert_eq!(server.only().get("grant_type"), Some("refresh_token"));
}

#[tokio::test]
async fn parameters_go_where_they_are_wanted() {
    let server = Server::giving("t");
    let builder = client()
        .token_parameter(Parameter::body("tenant", "a"))
        .token_parameter(Parameter::body("tenant", "b"))
        .token_parameter(Parameter::url("v", "1 2"))
        .token_parameter(Parameter::header("x-tenant", "c"))
        .refresh_parameter(Parameter::body("only", "refresh"))
        .refresh_parameter(Parameter::body("scope", "openid api:read"));
    let source = source(builder, &server);
    source.obtain(None).await.unwrap();
    source.obtain(Some(held("r"))).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].all("tenant"), ["a", "b"]);
    assert_eq!(seen[0].uri, "https://as.example/token?v=1+2");
    assert_eq!(seen[0].header("x-tenant"), Some("c"));
    assert_eq!(seen[0].get("only"), None);
    assert_eq!(
        (seen[1].get("only"), seen[1].get("tenant")),
        (Some("refresh"), None)
    );
    assert_eq!(
        (seen[1].uri.to_string().as_str(), seen[1].header("x-tenant")),
        (TOKEN_URL, None)
    );
    assert_eq!(seen[1].get("scope"), Some("openid api:read"));
}

#[tokio::test]
async fn the_client_says_who_it_is_as_told() {
    for (how, header, id, secret) in [
        // "i%20d" and so on, as in a form: a space is a plus.
        (
            ClientAuthentication::Basic,
            Some("Basic aStkOnMlM0ElQzMlQTQ="),
            None,
            None,
        ),
        (
            ClientAuthentication::RawBasic,
            Some("Basic aSBkOnM6w6Q="),
            None,
            None,
        ),
        (ClientAuthentication::Body, None, Some("i d"), Some("s:ä")),
        (ClientAuthentication::None, None, Some("i d"), None),
    ] {
        let server = Server::giving("t");
        let builder =
            OAuth2::client_credentials(TOKEN_URL, "i d", "s:ä").client_authentication(how);
        token(builder, &server).await.unwrap();
        let seen = server.only();
        assert_eq!(seen.header("authorization"), header, "{how:?}");
        assert_eq!(
            (seen.get("client_id"), seen.get("client_secret")),
            (id, secret),
            "{how:?}"
        );
    }
}

#[tokio::test]
async fn a_token_is_revoked_by_its_refresh_token_if_it_has_one() {
    let server = Server::json(200, "");
    let source = source(
        client().revocation_url("https://as.example/revoke"),
        &server,
    );
    source.revoke(held("r")).await.unwrap();
    source
        .revoke(Token::new("a", SystemTime::now()))
        .await
        .unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].uri, "https://as.example/revoke");
    let sent = |at: usize| (seen[at].get("token"), seen[at].get("token_type_hint"));
    assert_eq!(sent(0), (Some("r"), Some("refresh_token")));
    assert_eq!(sent(1), (Some("a"), Some("access_token")));
    assert!(
        seen[0]
            .header("authorization")
            .unwrap()
            .starts_with("Basic ")
    );
}

#[tokio::test]
async fn a_revocation_that_is_refused_is_an_error() {
    let server = Server::json(503, "");
    let source = source(
        client().revocation_url("https://as.example/revoke"),
        &server,
    );
    let refused = source.revoke(held("r")).await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Unavailable);
    let refused = support::source(client(), &server)
        .revoke(held("r"))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Configuration);
}

#[tokio::test]
async fn without_a_user_agent_a_person_is_missing() {
    let server = Server::giving("t");
    let refused = refused(code(), &server).await;
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    assert!(refused.needs_person() && server.seen().is_empty());
    assert!(!source(code(), &server).is_silent());
    assert!(source(client(), &server).is_silent());
}

#[tokio::test]
async fn a_person_who_gives_up_can_begin_again() {
    let server = Server::giving("t");
    let tries = Mutex::new(0);
    let person = Handler::new(move |url| {
        let first = {
            let mut tries = tries.lock().unwrap();
            *tries += 1;
            *tries == 1
        };
        let state = of(&url, "state").unwrap();
        async move {
            match first {
                true => Err(AuthorizationError::Cancelled),
                false => Ok(format!("?code=c&state={state}")),
            }
        }
    });
    let source = source(code().user_agent(person), &server);
    let refused = source.obtain(None).await.unwrap_err();
    assert_eq!(refused.kind(), RefusedKind::Interaction);
    source.obtain(None).await.unwrap();
}

/// An ID token of these claims.
fn id_token(claims: &str) -> String {
    use base64::Engine;
    let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(claims))
}

#[tokio::test]
async fn the_nonce_of_an_id_token_is_checked() {
    for (nonce, is_right) in [(r#""n-1""#, true), (r#""other""#, false), ("null", false)] {
        let token = id_token(&format!(r#"{{"nonce":{nonce}}}"#));
        let body = format!(r#"{{"access_token":"t","id_token":"{token}"}}"#);
        let server = Server::json(200, &body);
        let (person, _) = consenting("?code=c");
        let builder = code().scope("openid").nonce("n-1").user_agent(person);
        let outcome = support::token(builder, &server).await;
        assert_eq!(outcome.is_ok(), is_right, "{nonce}");
    }
}

#[tokio::test]
async fn the_id_token_is_used_when_asked_for_and_its_end_counts() {
    let id = id_token(r#"{"exp":2000}"#);
    let body = format!(r#"{{"access_token":"t","expires_in":60,"id_token":"{id}"}}"#);
    let server = Server::json(200, &body);
    let token = token(client().use_id_token(true), &server).await.unwrap();
    assert_eq!(
        token.expires_at,
        Some(UNIX_EPOCH + Duration::from_secs(2000))
    );

    let scheme = client()
        .use_id_token(true)
        .sources(pinned(1000))
        .build(server)
        .unwrap();
    assert_eq!(sent_by(&scheme).await, format!("Bearer {id}"));
    let refused = refused(client().use_id_token(true), &Server::giving("t")).await;
    assert!(refused.to_string().contains("openid"), "{refused}");
}

/// What the scheme puts into the header.
async fn sent_by(scheme: &OAuth2) -> String {
    use countersign_core::{Cx, Exchange, Payload, Scheme};
    let (mut head, ()) = http::Request::get("https://api.example/")
        .body(())
        .unwrap()
        .into_parts();
    let mut exchange = scheme.begin(Cx::new(&head, None)).await.unwrap();
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    head.headers["authorization"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn tokens_that_differ_in_anything_have_keys_of_their_own() {
    let server = Server::json(200, "");
    let variants = [
        client(),
        client().scope("a"),
        client().audience("a"),
        client().resource("https://a.example/"),
        client().environment("a"),
        client().subject("a"),
        client().client_secret("another"),
        client().client_id("another"),
        client().token_parameter(Parameter::body("a", "1")),
        client().token_parameter(Parameter::body("a", "2")),
        client().token_url("https://other.example/token"),
        client().token_url("https://as.example/token?tenant=1"),
        OAuth2::password(TOKEN_URL, "id", "alice", "p"),
        OAuth2::password(TOKEN_URL, "id", "bob", "p"),
        OAuth2::refresh_token(TOKEN_URL, "id", "1"),
        OAuth2::refresh_token(TOKEN_URL, "id", "2"),
    ];
    let ids = variants.map(|builder| source(builder, &server).key().id());
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "{at}");
    }
    assert_eq!(source(client(), &server).key().id(), ids[0]);
}

#[tokio::test]
async fn a_code_is_exchanged_once_whatever_comes_of_it() {
    for answer in [
        None,
        Some(json(500, "")),
        Some(json(400, r#"{"error":"invalid_grant"}"#)),
    ] {
        let server = Server::failing(move |_| answer.clone());
        let (person, _) = consenting("?code=c");
        refused(code().user_agent(person), &server).await;
        assert_eq!(server.seen().len(), 1);
    }
}
