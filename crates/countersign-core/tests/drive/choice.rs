//! Several schemes, of which the server's challenge chooses one.

use countersign_core::{AnyOf, Settings, Strength};

use crate::support::*;

#[tokio::test]
async fn a_choice_starts_without_and_takes_the_strongest() {
    let weak = any(Acts {
        word: "weak",
        strength: Strength::Revealing,
        ..Acts::default()
    });
    let strong = any(Acts {
        word: "strong",
        ..Acts::default()
    });
    let choice = AnyOf::new([weak, strong]);
    let script = Script::new([challenge("Word"), answer(200)]);
    drive(choice.clone(), Settings::default(), put("body"), &script)
        .await
        .unwrap();
    let sent = script.sent();
    assert!(!sent[0].headers.contains_key("authorization"));
    assert_eq!(sent[1].headers["authorization"], "strong");
    drive(choice, Settings::default(), put("body"), &script)
        .await
        .unwrap();
    assert_eq!(
        script.sent()[2].headers["authorization"],
        "strong",
        "the choice is remembered"
    );
}

#[tokio::test]
async fn of_many_cold_requests_one_asks_for_the_challenge() {
    let choice = AnyOf::new([any(Acts {
        word: "strong",
        ..Acts::default()
    })]);
    let script = Script::challenging();
    let sends = (0..64).map(|_| drive(choice.clone(), Settings::default(), put("body"), &script));
    for driven in futures_util::future::join_all(sends).await {
        assert_eq!(status(&driven), 200);
    }
    assert_eq!(script.sent().len(), 65);
}

#[tokio::test]
async fn nobody_waits_where_no_challenge_came_or_the_first_was_dropped() {
    let choice = AnyOf::new([any(Acts::default())]);
    let script = Script::new([answer(200)]);
    {
        let mut dropped =
            std::pin::pin!(drive(choice.clone(), Settings::default(), put(""), &script));
        let _ = futures_util::poll!(&mut dropped);
    }
    let sends = (0..8).map(|_| drive(choice.clone(), Settings::default(), put("body"), &script));
    for driven in futures_util::future::join_all(sends).await {
        assert_eq!(status(&driven), 200);
    }
}

#[tokio::test]
async fn a_choice_never_falls_below_a_pinned_scheme() {
    let weak = any(Acts {
        word: "weak",
        strength: Strength::Revealing,
        ..Acts::default()
    });
    let pinned = any(Acts {
        pins: true,
        answers_refusals: false,
        ..Acts::default()
    });
    let script = Script::new([challenge("Weak")]);
    let driven = drive(
        AnyOf::new([weak, pinned]),
        Settings::default(),
        put(""),
        &script,
    )
    .await;
    assert_eq!((status(&driven).as_u16(), script.sent().len()), (401, 1));
    assert!(driven.unwrap().headers().contains_key("www-authenticate"));
}
