//! Legs: how many there are, and what they take along.

use countersign_core::challenge::Offered;
use countersign_core::{Any, ErrorKind, Leg, Next, Once, Settings, Target};
use http::HeaderValue;
use http_body_util::{BodyExt, Full};

use crate::streams::stream;
use crate::support::*;

#[tokio::test]
async fn a_refused_leg_is_sent_again_with_its_body() {
    let script = Script::new([answer(401), answer(200)]);
    let driven = drive(Acting(again(1)), Settings::default(), put("body"), &script).await;
    assert_eq!(status(&driven), 200);
    let sent = script.sent();
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter()
            .all(|leg| leg.body == "body" && leg.headers["authorization"] == "word")
    );
}

#[tokio::test]
async fn legs_are_bounded_over_all_restarts() {
    for next in [Next::Again, Next::Restart] {
        let acts = Acts {
            next: vec![next; 100],
            ..Acts::default()
        };
        let script = Script::new([answer(401)]);
        let driven = drive(Acting(acts), Settings::default(), put("body"), &script).await;
        assert_eq!(
            (status(&driven).as_u16(), script.sent().len()),
            (401, 3),
            "{next:?}"
        );
    }
}

#[tokio::test]
async fn a_last_leg_has_no_other() {
    let acts = Acts {
        plan: Leg::Last,
        ..again(9)
    };
    let script = Script::new([answer(401)]);
    let driven = drive(Acting(acts), Settings::default(), put("body"), &script).await;
    assert_eq!((status(&driven).as_u16(), script.sent().len()), (401, 1));
}

#[tokio::test]
async fn an_answer_counts_only_if_its_body_agrees() {
    let proven = |body: &'static str| http::Response::new(Full::from(body));
    let acts = || {
        Acting(Acts {
            next: vec![Next::Read],
            ..Acts::default()
        })
    };
    let driven = drive(
        acts(),
        Settings::default(),
        put(""),
        &Script::new([proven("proof")]),
    )
    .await;
    assert_eq!(
        driven
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes(),
        "proof"
    );
    let driven = drive(
        acts(),
        Settings::default(),
        put(""),
        &Script::new([proven("forged")]),
    )
    .await;
    assert_eq!(kind(driven), ErrorKind::ServerAuthentication);
}

#[tokio::test]
async fn once_hands_the_refusal_to_the_caller() {
    let proxys = Settings::default().target(Target::Proxy);
    for (settings, status, field) in [
        (Settings::default(), 401, "www-authenticate"),
        (proxys, 407, "proxy-authenticate"),
    ] {
        let mut refusal = answer(status);
        let wanted = HeaderValue::from_static("Word realm=\"cave\"");
        refusal.headers_mut().insert(field, wanted);
        let script = Script::new([refusal]);
        let request = get("http://a.test/");
        let driven = drive(Once(Acting(again(9))), settings, request, &script).await;
        let driven = driven.unwrap();
        assert_eq!((driven.status().as_u16(), script.sent().len()), (status, 1));
        let offered: &Offered = driven.extensions().get().unwrap();
        let challenges = offered.challenges();
        let realms: Vec<_> = challenges.iter().map(|one| one.text("realm")).collect();
        assert_eq!(realms, [Some("cave")]);
    }
}

#[tokio::test]
async fn once_hands_over_the_refusal_of_its_own_target_alone() {
    for (status, field) in [(407, "proxy-authenticate"), (200, "www-authenticate")] {
        let mut other = answer(status);
        let word = HeaderValue::from_static("Word");
        other.headers_mut().insert(field, word);
        let script = Script::new([other]);
        let scheme = Once(Acting(again(0)));
        let driven = drive(scheme, Settings::default(), put(""), &script).await;
        assert!(driven.unwrap().extensions().get::<Offered>().is_none());
    }
}

#[tokio::test]
async fn a_boxed_exchange_behaves_as_the_bare_one() {
    let acts = || Acts {
        plan: Leg::Doubtful,
        reads_body: true,
        next: vec![Next::Again, Next::Read],
        ..Acts::default()
    };
    let answers = || [answer(401), http::Response::new(Full::from("proof"))];
    let (bare, boxed) = (Script::new(answers()), Script::new(answers()));
    let one = drive(Acting(acts()), Settings::default(), stream(&["a"]), &bare)
        .await
        .unwrap();
    let two = drive(
        Any::new(Acting(acts())),
        Settings::default(),
        stream(&["a"]),
        &boxed,
    )
    .await
    .unwrap();
    assert_eq!(one.status(), two.status());
    assert_eq!(format!("{:?}", bare.sent()), format!("{:?}", boxed.sent()));
    let revealing = any(Acts {
        reveals: true,
        ..acts()
    });
    let driven = drive(
        revealing,
        Settings::default(),
        get("http://a.test/"),
        &boxed,
    )
    .await;
    assert_eq!(kind(driven), ErrorKind::Cleartext);
}
