//! What holds for every algorithm: the server accepts what the client sends, and nothing that was changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::time::Duration;

use countersign_core::verify::Reason;
use countersign_core::{Cx, Exchange, Scheme, Strength};
use countersign_jwt::{Algorithm, Jwt, JwtBuilder, KeySet};
use proptest::prelude::*;
use support::{NOW, builder, get, judge, now, signed, signing, token_of, verifying, with_token};

fn alice(algorithm: Algorithm) -> JwtBuilder {
    Jwt::builder(signing(algorithm))
        .payload(r#"{"sub":"alice","iss":"shop","aud":["api"]}"#)
        .expires_in(Duration::from_secs(60))
        .sources(now())
}

#[tokio::test]
async fn the_server_accepts_what_the_client_sends_in_every_place() {
    for algorithm in Algorithm::ALL {
        let verifier = builder(verifying(algorithm)).issuer("shop").audience("api");
        let verifier = verifier.allow_query("token").build().unwrap();
        for jwt in [alice(algorithm), alice(algorithm).in_query("token")] {
            let jwt = jwt.issued_at().not_before().random_id().build().unwrap();
            let claims = judge(&verifier, &signed(&jwt, "/a?b=c")).await.unwrap();
            assert_eq!(
                (claims.subject(), claims.issuer()),
                (Some("alice"), Some("shop"))
            );
            assert_eq!(claims.get("iat").unwrap(), NOW);
            assert_eq!(claims.get("exp").unwrap(), NOW + 60);
            assert_eq!(claims.id().unwrap().len(), 36);
        }
    }
}

#[tokio::test]
async fn one_changed_character_is_refused_wherever_it_stands() {
    for algorithm in Algorithm::ALL {
        let verifier = builder(verifying(algorithm))
            .audience("api")
            .build()
            .unwrap();
        let token = token_of(&signed(&alice(algorithm).build().unwrap(), "/"));
        assert!(judge(&verifier, &with_token(&token)).await.is_ok());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                judge(&verifier, &with_token(&changed)).await,
                Err(Reason::Rejected),
                "{algorithm} {at}"
            );
        }
    }
}

/// The last character of a part may have bits that nothing is made of; they have to be zero.
#[tokio::test]
async fn a_token_has_one_spelling() {
    let verifier = builder(verifying(Algorithm::Hs256))
        .audience("api")
        .build()
        .unwrap();
    let token = token_of(&signed(&alice(Algorithm::Hs256).build().unwrap(), "/"));
    let mut accepted = 0;
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let other = format!("{}{last}", &token[..token.len() - 1]);
        accepted += usize::from(judge(&verifier, &with_token(&other)).await.is_ok());
    }
    assert_eq!(accepted, 1);
    for padded in [format!("{token}="), token.replace('.', "=.")] {
        assert!(judge(&verifier, &with_token(&padded)).await.is_err());
    }
}

/// A key is for one algorithm, and the token cannot choose another key for it.
#[tokio::test]
async fn no_other_algorithm_than_the_keys_own_is_accepted() {
    for pinned in Algorithm::ALL {
        let verifier = builder(verifying(pinned)).audience("api").build().unwrap();
        for sent in Algorithm::ALL {
            let head = signed(&alice(sent).build().unwrap(), "/");
            let expected = (pinned == sent).then_some("alice").ok_or(Reason::Rejected);
            let found = judge(&verifier, &head).await;
            assert_eq!(
                found
                    .as_ref()
                    .map(|claims| claims.subject().unwrap())
                    .map_err(|reason| *reason),
                expected
            );
        }
    }
    let all: KeySet = Algorithm::ALL.into_iter().map(verifying).collect();
    let verifier = builder(all).audience("api").build().unwrap();
    for sent in Algorithm::ALL {
        assert!(
            judge(&verifier, &signed(&alice(sent).build().unwrap(), "/"))
                .await
                .is_ok()
        );
    }
}

#[tokio::test]
async fn it_reveals_and_answers_no_challenge() {
    let jwt = alice(Algorithm::Hs256).build().unwrap();
    let head = get("https://example.com/");
    let exchange = jwt.begin(Cx::new(&head, None)).await.unwrap();
    assert!(exchange.reveals());
    assert_eq!(
        (exchange.name(), jwt.strength()),
        ("jwt", Strength::Revealing)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_claim_arrives_as_it_was_given(name in "\\PC{0,12}", value in "\\PC{0,40}") {
        prop_assume!(!["exp", "sub", "iss", "aud"].contains(&name.as_str()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let jwt = alice(Algorithm::Hs256).claim(name.as_str(), value.as_str()).build().unwrap();
        let verifier = builder(verifying(Algorithm::Hs256)).audience("api").build().unwrap();
        let found = runtime.block_on(judge(&verifier, &signed(&jwt, "/"))).map(|claims| claims.get(&name).cloned());
        match name.as_str() {
            // These have a meaning, and this text is not it.
            "iat" | "nbf" => prop_assert_eq!(found, Err(Reason::Rejected)),
            _ => prop_assert_eq!(found, Ok(Some(value.into()))),
        }
    }

    #[test]
    fn no_line_is_accepted_or_panics(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let verifier = builder(verifying(Algorithm::Hs256)).build().unwrap();
        let line = [b"Bearer ".as_slice(), &line].concat();
        if http::HeaderValue::from_bytes(&line).is_ok() {
            prop_assert!(runtime.block_on(judge(&verifier, &support::with_line(&line))).is_err());
        }
    }
}
