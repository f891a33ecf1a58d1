//! Which redirect is an answer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Mutex;

use countersign_oauth2::{
    Authorization, AuthorizationError, Authorized, Builder, OAuth2, RedirectError, ResponseMode,
    UserAgent,
};
use countersign_token::{BoxFuture, RefusedKind, Source};
use support::{AUTHORIZATION_URL, REDIRECT, Server, TOKEN_URL, source};

/// Gives the authorization to the test.
struct Catch(Mutex<Option<tokio::sync::oneshot::Sender<Authorization>>>);

impl UserAgent for Catch {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        let catch = self.0.lock().unwrap().take().unwrap();
        assert!(catch.send(authorization).is_ok());
        Box::pin(async { Err(AuthorizationError::Cancelled) })
    }
}

async fn authorization(builder: Builder) -> Authorization {
    let (catch, caught) = tokio::sync::oneshot::channel();
    let agent = Catch(Mutex::new(Some(catch)));
    let builder = builder
        .redirect_uri(REDIRECT)
        .state("xyz")
        .user_agent(agent);
    source(builder, &Server::giving("t"))
        .obtain(None)
        .await
        .unwrap_err();
    caught.await.unwrap()
}

fn code() -> Builder {
    OAuth2::authorization_code(AUTHORIZATION_URL, TOKEN_URL, "id")
}

fn implicit() -> Builder {
    OAuth2::implicit(AUTHORIZATION_URL, "id")
}

/// Why a query is no answer; `None` if it is one.
async fn why(builder: Builder, query: &str) -> Option<RedirectError> {
    let authorization = authorization(builder).await;
    authorization
        .answered(REDIRECT, ResponseMode::Query, query)
        .err()
}

#[tokio::test]
async fn state_is_repeated_once_and_exactly() {
    assert_eq!(why(code(), "code=c&state=xyz").await, None);
    assert_eq!(
        why(code(), "code=c").await,
        Some(RedirectError::MissingState)
    );
    for state in ["WRONG", "xy", "xyzz", "", "XYZ"] {
        let why = why(code(), &format!("code=c&state={state}")).await;
        assert_eq!(why, Some(RedirectError::StateMismatch), "{state}");
    }
}

#[tokio::test]
async fn no_parameter_of_the_answer_stands_there_twice() {
    for name in ["code", "state", "iss", "error"] {
        let query = format!("code=c&state=xyz&{name}=a&{name}=b");
        let expected = Some(RedirectError::DuplicateParameter(name.into()));
        assert_eq!(why(code(), &query).await, expected);
    }
    // What is not the answer's may belong to the redirect URI.
    assert_eq!(why(code(), "keep=1&keep=2&code=c&state=xyz").await, None);
}

#[tokio::test]
async fn an_issuer_is_the_right_one() {
    let issuer = || code().issuer("https://good.example");
    for (builder, iss, expected) in [
        (issuer(), "&iss=https%3A%2F%2Fgood.example", None),
        (issuer(), "", None),
        (
            issuer().require_issuer(true),
            "",
            Some(RedirectError::MissingIssuer),
        ),
        (
            issuer(),
            "&iss=https://evil.example",
            Some(RedirectError::IssuerMismatch),
        ),
        (
            issuer(),
            "&iss=https://good.example/",
            Some(RedirectError::IssuerMismatch),
        ),
        // Where none is configured, it is at least the authorization endpoint's server.
        (code(), "&iss=https://as.example/tenant", None),
        (
            code(),
            "&iss=https://evil.example",
            Some(RedirectError::IssuerMismatch),
        ),
        (code(), "&iss=nonsense", Some(RedirectError::IssuerMismatch)),
    ] {
        let query = format!("code=c&state=xyz{iss}");
        assert_eq!(why(builder, &query).await, expected, "{iss}");
    }
}

#[tokio::test]
async fn a_refusal_is_the_servers_own() {
    let query =
        "error=access_denied&error_description=no+way&error_uri=https://a.example&state=xyz";
    let expected = RedirectError::Refused {
        code: "access_denied".into(),
        description: Some("no way".into()),
        uri: Some("https://a.example".into()),
    };
    assert_eq!(why(code(), query).await.as_ref(), Some(&expected));
    assert!(expected.to_string().contains("declined"));
    // Some servers leave the state out; another's is none of ours.
    assert!(matches!(
        why(code(), "error=x").await,
        Some(RedirectError::Refused { .. })
    ));
    assert_eq!(
        why(code(), "error=x&state=no").await,
        Some(RedirectError::StateMismatch)
    );
}

#[tokio::test]
async fn an_implicit_token_comes_in_the_fragment() {
    let parameters = "access_token=t&token_type=bearer&state=xyz";
    let authorization = authorization(implicit()).await;
    let answered =
        |mode, parameters: &str| authorization.answered(REDIRECT, mode, parameters).err();
    assert_eq!(answered(ResponseMode::Fragment, parameters), None);
    assert_eq!(answered(ResponseMode::FormPost, parameters), None);
    assert_eq!(
        answered(ResponseMode::Query, parameters),
        Some(RedirectError::TokenInQuery)
    );
    assert_eq!(
        answered(ResponseMode::Fragment, "code=c&state=xyz"),
        Some(RedirectError::MissingAnswer)
    );
    assert_eq!(
        answered(
            ResponseMode::Fragment,
            "access_token=t&expires_in=soon&state=xyz"
        ),
        Some(RedirectError::UnreadableToken)
    );
    let bare = "access_token=t&state=xyz";
    assert_eq!(answered(ResponseMode::Fragment, bare), None);
    let strict = self::authorization(implicit().strict(true)).await;
    let answered = |parameters| strict.answered(REDIRECT, ResponseMode::Fragment, parameters);
    assert_eq!(answered(parameters).err(), None);
    let refused = answered(bare).err();
    assert_eq!(refused, Some(RedirectError::UnreadableToken));
}

#[tokio::test]
async fn what_is_pasted_is_the_address_or_its_end() {
    let authorization = authorization(code()).await;
    let pasted = |text: &str| authorization.redirected(REDIRECT, text).err();
    for right in [
        "https://client.example/cb?code=c&state=xyz",
        " https://client.example/cb?code=c&state=xyz\n",
        "https://client.example/cb?code=c&state=xyz#_=_",
        "https://client.example/cb#code=c&state=xyz",
        "?code=c&state=xyz",
        "state=xyz&code=c",
    ] {
        assert_eq!(pasted(right), None, "{right}");
    }
    for elsewhere in [
        "https://evil.example/cb?code=c&state=xyz",
        "https://client.example/?code=c&state=xyz",
        "hello",
        "",
    ] {
        assert_eq!(
            pasted(elsewhere),
            Some(RedirectError::NotTheRedirectUri),
            "{elsewhere}"
        );
    }
    assert_eq!(pasted("?code=c"), Some(RedirectError::MissingState));
}

#[tokio::test]
async fn every_end_is_of_its_kind() {
    let refused = |code: &str| RedirectError::Refused {
        code: code.into(),
        description: None,
        uri: None,
    };
    for (error, kind) in [
        (AuthorizationError::Unavailable, RefusedKind::Interaction),
        (AuthorizationError::Cancelled, RefusedKind::Interaction),
        (
            AuthorizationError::Deadline { last: None },
            RefusedKind::Interaction,
        ),
        (refused("access_denied").into(), RefusedKind::Interaction),
        (refused("server_error").into(), RefusedKind::Unavailable),
        (refused("invalid_scope").into(), RefusedKind::Denied),
        (RedirectError::StateMismatch.into(), RefusedKind::Malformed),
    ] {
        assert_eq!(countersign_token::Refused::from(error).kind(), kind);
    }
}
