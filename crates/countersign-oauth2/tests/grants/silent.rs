//! The grants that need no person.

use std::time::SystemTime;

use countersign_oauth2::{ClientAuthentication, OAuth2, Parameter};
use countersign_token::{RefusedKind, Source, Token};

use crate::support::{self, Server, TOKEN_URL, access, client, source, token};

fn held(refresh: &str) -> Token {
    Token::new("old", SystemTime::now()).refresh(refresh)
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
