//! The grants that a person consents to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use countersign_oauth2::{
    Authorization, AuthorizationError, Authorized, Builder, Handler, OAuth2, Parameter, Pkce,
    UserAgent,
};
use countersign_testkit::pinned;
use countersign_token::{BoxFuture, RefusedKind, Source, Token};
use url::Url;

use crate::support::{
    self, AUTHORIZATION_URL, REDIRECT, Server, TOKEN_URL, access, client, json, refused, source,
    token,
};

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

/// Declines first, and is willing to begin again as often as it says.
struct Undecided {
    left: AtomicUsize,
    states: Arc<Mutex<Vec<String>>>,
}

impl UserAgent for Undecided {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        let url = authorization.url(REDIRECT).unwrap();
        let state = of(url.as_str(), "state").unwrap();
        let mut states = self.states.lock().unwrap();
        let answer = match states.len() {
            0 => format!("?error=access_denied&state={state}"),
            _ => format!("?code=c&state={state}"),
        };
        states.push(state);
        let answer = authorization.redirected(REDIRECT, &answer);
        Box::pin(std::future::ready(answer.map_err(Into::into)))
    }

    fn begins_again(&self, error: &AuthorizationError) -> BoxFuture<'static, bool> {
        assert!(error.to_string().contains("access_denied"));
        let left = self.left.swap(0, Ordering::SeqCst);
        Box::pin(std::future::ready(left > 0))
    }
}

#[tokio::test]
async fn who_begins_again_does_so_with_a_request_of_its_own() {
    for willing in [0, 1] {
        let (server, states) = (Server::giving("t"), Arc::default());
        let person = Undecided {
            left: willing.into(),
            states: Arc::clone(&states),
        };
        let outcome = token(code().user_agent(person), &server).await;
        let states: Vec<String> = states.lock().unwrap().clone();
        assert_eq!(states.len(), 1 + willing);
        assert_eq!(
            (outcome.is_ok(), server.seen().len()),
            (willing > 0, willing)
        );
        assert!(willing == 0 || states[0] != states[1]);
    }
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

#[tokio::test]
async fn a_refresh_may_leave_the_id_token_as_it_was() {
    let server = Server::json(200, r#"{"access_token":"new","expires_in":60}"#);
    let builder = client().use_id_token(true).sources(pinned(1000));
    let held = Token::new("old", UNIX_EPOCH)
        .refresh("r")
        .id_token(id_token(r#"{"exp":1}"#));
    let token = source(builder, &server)
        .obtain(Some(held.clone()))
        .await
        .unwrap();
    assert_eq!(token.id_token, held.id_token);
    assert_eq!(
        token.expires_at,
        Some(UNIX_EPOCH + Duration::from_secs(1060))
    );
}
