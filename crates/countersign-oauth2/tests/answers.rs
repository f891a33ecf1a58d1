//! What servers answer with, right, odd and wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::time::{Duration, UNIX_EPOCH};

use countersign_oauth2::{AnswerError, OAuth2, Parameter};
use countersign_testkit::{Canary, assert_clean, pinned};
use countersign_token::{Refused, RefusedKind, Token};
use support::{MINUTE, Server, TOKEN_URL, access, answer, client, json, refused, token, told};

/// The token of an answer, asked for at second 1000.
async fn read(kind: &'static str, body: &str) -> Result<Token, Refused> {
    let body = body.to_owned();
    let server = Server::new(move |_| answer(200, kind, &body));
    token(client().sources(pinned(1000)), &server).await
}

async fn json_of(body: &str) -> Result<Token, Refused> {
    read("application/json", body).await
}

#[tokio::test]
async fn a_lifetime_is_a_number_of_any_kind() {
    for (written, seconds) in [
        ("3600", Some(3600)),
        ("\"3600\"", Some(3600)),
        ("3599.9", Some(3599)),
        ("\"3599.9\"", Some(3599)),
        ("0", Some(0)),
        ("-1", Some(0)),
        ("null", None),
        ("\"\"", None),
        // Ten years at most.
        ("1e308", Some(315_360_000)),
        ("18446744073709551615", Some(315_360_000)),
        ("\"inf\"", Some(315_360_000)),
    ] {
        let token = json_of(&format!(r#"{{"access_token":"t","expires_in":{written}}}"#))
            .await
            .unwrap();
        let end = seconds.map(|seconds| UNIX_EPOCH + Duration::from_secs(1000 + seconds));
        assert_eq!(token.expires_at, end, "{written}");
    }
    for written in ["\"soon\"", "\"NaN\"", "true", "[]", "{}"] {
        let refused = json_of(&format!(r#"{{"access_token":"t","expires_in":{written}}}"#))
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), RefusedKind::Malformed, "{written}");
    }
}

#[tokio::test]
async fn a_scope_is_a_text_or_an_array() {
    for written in [r#""a b""#, r#"["a","b"]"#, r#"" a  b ""#] {
        let token = json_of(&format!(r#"{{"access_token":"t","scope":{written}}}"#))
            .await
            .unwrap();
        assert_eq!(token.scopes.unwrap(), ["a", "b"], "{written}");
    }
    assert_eq!(
        json_of(r#"{"access_token":"t","scope":null}"#)
            .await
            .unwrap()
            .scopes,
        None
    );
    assert!(
        json_of(r#"{"access_token":"t","scope":[1]}"#)
            .await
            .is_err()
    );
}

fn of_type(kind: &str) -> Server {
    Server::json(
        200,
        &format!(r#"{{"access_token":"t","token_type":{kind}}}"#),
    )
}

#[tokio::test]
async fn a_type_is_bearer_unless_it_asks_for_more_than_the_token() {
    for kind in [r#""bEaReR""#, r#""bot""#, r#""example""#, "null"] {
        let token = support::token(client(), &of_type(kind)).await;
        assert!(token.is_ok(), "{kind}");
    }
    let token = json_of(r#"{"access_token":"t"}"#).await.unwrap();
    assert_eq!(token.token_type.unwrap(), "bearer");
    for kind in ["mac", "MAC", "DPoP", "pop", "N_A"] {
        let refused = support::refused(client(), &of_type(&format!("{kind:?}"))).await;
        let expected = AnswerError::UnsupportedType(kind.to_lowercase());
        assert_eq!(*unusable(&refused), expected, "{refused}");
        assert!(refused.to_string().contains(&kind.to_lowercase()));
    }
}

#[tokio::test]
async fn a_type_is_accepted_if_the_user_says_that_it_is_a_bearers() {
    for (builder, kind) in [
        (client().accept_token_type("MAC"), "mac"),
        (client().strict(true).accept_token_type("bot"), "Bot"),
        (client().strict(true), "Bearer"),
    ] {
        let token = support::token(builder, &of_type(&format!("{kind:?}"))).await;
        assert_eq!(support::access(&token.unwrap()), "t", "{kind}");
    }
    let builder = client().strict(true).accept_token_type("bot");
    let refused = support::refused(builder, &of_type(r#""user""#)).await;
    let expected = AnswerError::UnsupportedType("user".into());
    assert_eq!(*unusable(&refused), expected);
}

fn unusable(refused: &Refused) -> &AnswerError {
    let source = std::error::Error::source(refused).unwrap();
    source.downcast_ref().unwrap()
}

#[tokio::test]
async fn whoever_is_strict_takes_no_other_answer_than_the_specifications() {
    let fits = r#"{"access_token":"t","token_type":"Bearer","expires_in":60,"scope":"a b","refresh_token":"r"}"#;
    let strict = |kind: &'static str, body: &str| {
        let answer = answer(200, kind, body);
        let server = Server::new(move |_| answer.clone());
        async move { support::token(client().strict(true), &server).await }
    };
    const JSON: &str = "application/json; charset=utf-8";
    assert!(strict(JSON, fits).await.is_ok());
    for (kind, body, told) in [
        ("text/html", fits.to_owned(), "Content-Type"),
        (
            JSON,
            "access_token=t&token_type=Bearer".to_owned(),
            "no JSON",
        ),
        (
            JSON,
            r#"{"access_token":"t"}"#.to_owned(),
            "token_type is missing",
        ),
        (
            JSON,
            fits.replace(r#""Bearer""#, "null"),
            "token_type is no text",
        ),
        (JSON, fits.replace("60", r#""60""#), "expires_in"),
        (JSON, fits.replace("60", "6.5"), "expires_in"),
        (JSON, fits.replace("60", "-1"), "expires_in"),
        (JSON, fits.replace(r#""a b""#, r#"["a"]"#), "scope"),
        (JSON, fits.replace(r#""r""#, "null"), "refresh_token"),
    ] {
        let refused = strict(kind, &body).await.unwrap_err();
        assert_eq!(refused.kind(), RefusedKind::Malformed);
        assert!(refused.to_string().contains(told), "{told}: {refused}");
        support::token(client(), &Server::new(move |_| answer(200, kind, &body)))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_form_is_an_answer_whatever_it_calls_itself() {
    let form = "access_token=t%2B1&token_type=bearer&scope=a,b&expires_in=60&refresh_token=r";
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/html; charset=utf-8",
    ] {
        let token = read(kind, form).await.unwrap();
        assert_eq!(
            (access(&token), token.refresh.clone()),
            ("t+1", Some("r".into()))
        );
        assert_eq!(
            token.expires_at,
            Some(UNIX_EPOCH + Duration::from_secs(1060))
        );
    }
    assert!(
        read("text/plain", "access_token=a&access_token=b")
            .await
            .is_err()
    );
    assert!(
        read("text/javascript", r#" {"access_token":"t"}"#)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_error_is_one_although_the_status_is_200() {
    for body in [
        r#"{"error":"bad_verification_code","error_description":"It expired."}"#,
        "error=bad_verification_code&error_description=It+expired.",
        r#"{"ok":false,"error":"bad_verification_code","error_description":"It expired."}"#,
    ] {
        let refused = json_of(body).await.unwrap_err();
        let told = told(&refused);
        assert_eq!(told.code.as_deref(), Some("bad_verification_code"));
        assert_eq!(told.description.as_deref(), Some("It expired."));
        assert_eq!(told.status, 200);
    }
    // What has a token is none.
    assert!(json_of(r#"{"access_token":"t","error":""}"#).await.is_ok());
}

#[tokio::test]
async fn an_error_may_be_an_object() {
    let body = r#"{"error":{"message":"Invalid code.","type":"OAuthException","code":100}}"#;
    let refused = refused(client(), &Server::json(400, body)).await;
    let told = told(&refused);
    assert_eq!(told.code.as_deref(), Some("OAuthException"));
    assert_eq!(told.description.as_deref(), Some("Invalid code."));
}

#[tokio::test]
async fn what_is_left_of_an_answer_stays_with_the_token() {
    let body = r#"{"access_token":"t","id_token":"i","refresh_token":"r","tenant":{"a":[1]}}"#;
    let token = json_of(body).await.unwrap();
    assert_eq!(
        (token.id_token, token.refresh),
        (Some("i".into()), Some("r".into()))
    );
    assert_eq!(token.extra["tenant"]["a"][0], 1);
    assert_eq!(token.extra.len(), 1);
}

#[tokio::test]
async fn every_refusal_is_of_its_kind() {
    use RefusedKind::{Denied, Interaction, InvalidGrant, Malformed, Throttled, Unavailable};
    let throttled = |seconds| Throttled {
        retry_after: Some(Duration::from_secs(seconds)),
    };
    for (status, body, header, kind) in [
        (400, r#"{"error":"invalid_grant"}"#, None, InvalidGrant),
        (401, r#"{"error":"invalid_client"}"#, None, Denied),
        (400, r#"{"error":"invalid_scope"}"#, None, Denied),
        (
            400,
            r#"{"error":"interaction_required"}"#,
            None,
            Interaction,
        ),
        (
            400,
            r#"{"error":"temporarily_unavailable"}"#,
            None,
            Unavailable,
        ),
        (403, "<html>", None, Denied),
        (404, "", None, Denied),
        (429, "", Some("7"), throttled(7)),
        (
            429,
            r#"{"error":"invalid_grant"}"#,
            None,
            Throttled { retry_after: None },
        ),
        (503, "", Some("99999999999999999999"), throttled(900)),
        (503, "", None, Unavailable),
        // A server that is ill says many things.
        (500, r#"{"error":"invalid_grant"}"#, None, Unavailable),
        (302, "", None, Malformed),
        (307, r#"{"access_token":"t"}"#, None, Malformed),
        (200, "", None, Malformed),
    ] {
        let server = Server::new(move |_| {
            let mut answer = json(status, body);
            if let Some(seconds) = header {
                answer
                    .headers_mut()
                    .insert("retry-after", seconds.parse().unwrap());
            }
            answer
        });
        let refused = refused(client(), &server).await;
        assert_eq!(refused.kind(), kind, "{status} {body}");
        assert_eq!(server.seen().len(), 1, "{status}: nothing is tried again");
    }
    let refused = refused(client(), &Server::failing(|_| None)).await;
    assert_eq!(refused.kind(), Unavailable);
}

#[tokio::test]
async fn what_a_server_says_is_kept_and_shown_without_harm() {
    let body = r#"{"error":"odd\u001b[31m","error_description":"<script>\u202e","error_uri":"javascript:alert(1)"}"#;
    let refused = refused(client(), &Server::json(400, body)).await;
    assert_eq!(told(&refused).code.as_deref(), Some("odd\u{1b}[31m"));
    assert_eq!(told(&refused).uri.as_deref(), Some("javascript:alert(1)"));
    for shown in [
        refused.to_string(),
        format!("{refused:?}"),
        told(&refused).to_string(),
    ] {
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
    assert!(refused.to_string().contains("<script>"));
}

#[tokio::test]
async fn an_error_that_repeats_a_secret_does_not_show_it() {
    let (secret, password, own) = (Canary::new(), Canary::new(), Canary::new());
    let echo = Server::new(|seen| {
        let said = serde_json::to_string(&format!("{:?} {:?}", seen.form, seen.headers)).unwrap();
        json(
            400,
            &format!(
                r#"{{"error":"invalid_request","error_description":{said},"error_uri":{said}}}"#
            ),
        )
    });
    let builder = OAuth2::password(TOKEN_URL, "id", "alice", password.as_str())
        .client_secret(secret.as_str())
        .client_authentication(countersign_oauth2::ClientAuthentication::Body)
        .token_parameter(Parameter::body("own", own.as_str()));
    let refused = refused(builder, &echo).await;
    assert_eq!(told(&refused).code.as_deref(), Some("invalid_request"));
    assert_eq!(told(&refused).description, None);
    assert_clean(
        "the error",
        format!("{refused} {refused:?} {:?}", told(&refused)).as_bytes(),
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_does_not_show_what_it_held() {
    let secret = Canary::token();
    for body in [
        format!(r#"{{"access_token":["{}"]}}"#, secret.as_str()),
        format!(
            r#"{{"access_token":"{}","expires_in":"{}"}}"#,
            secret.as_str(),
            secret.as_str()
        ),
        format!(r#"{{"access_token":"{}""#, secret.as_str()),
        format!(r#"{{"access_token":"{}\n"}}"#, secret.as_str()),
    ] {
        let refused = json_of(&body).await.unwrap_err();
        assert_eq!(refused.kind(), RefusedKind::Malformed);
        assert_clean("the error", format!("{refused} {refused:?}").as_bytes());
    }
}

#[tokio::test]
async fn a_lifetime_counts_from_before_the_request() {
    let token = json_of(r#"{"access_token":"t","expires_in":60}"#)
        .await
        .unwrap();
    assert_eq!(token.issued_at, UNIX_EPOCH + Duration::from_secs(1000));
    assert_eq!(token.lifetime(), Some(MINUTE));
}
