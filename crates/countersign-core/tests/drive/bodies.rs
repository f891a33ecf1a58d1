//! Bodies that are sent again, gathered, refused or replaced.

use countersign_core::{Any, ErrorKind, Failure, Leg, Once, Settings};
use http::HeaderValue;

use crate::streams::stream;
use crate::support::*;

#[tokio::test]
async fn a_stream_refused_on_a_tentative_leg_is_a_typed_error() {
    let script = Script::new([answer(401)]);
    let driven = drive(
        Acting(again(1)),
        Settings::default(),
        stream(&["a", "b"]),
        &script,
    )
    .await;
    let Err(Failure::Auth(error)) = driven else {
        panic!("accepted")
    };
    assert_eq!(error.kind(), ErrorKind::BodyNotReplayable);
    assert_eq!(error.refusal().unwrap().status, 401);
    assert_eq!(script.sent()[0].body, "ab");
}

#[tokio::test]
async fn a_doubtful_leg_gathers_a_stream() {
    let acts = Acts {
        plan: Leg::Doubtful,
        ..again(1)
    };
    let script = Script::new([answer(401), answer(201)]);
    let driven = drive(
        Acting(acts),
        Settings::default(),
        stream(&["a", "b"]),
        &script,
    )
    .await;
    assert_eq!(status(&driven), 201);
    assert!(script.sent().iter().all(|leg| leg.body == "ab"));
}

#[tokio::test]
async fn a_doubtful_leg_refuses_a_stream_over_the_limit_before_the_first_byte() {
    let acts = Acts {
        plan: Leg::Doubtful,
        ..again(1)
    };
    let script = Script::new([answer(401)]);
    let settings = Settings::default().max_body(1);
    let driven = drive(Acting(acts), settings, stream(&["a", "b"]), &script).await;
    assert_eq!(kind(driven), ErrorKind::BodyNotReplayable);
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_with_the_advice_of_its_scheme() {
    let reading = || {
        Acting(Acts {
            reads_body: true,
            ..Acts::default()
        })
    };
    let settings = || Settings::default().max_body(1);
    let script = Script::new([]);
    let text = "the scheme needs the whole body and it is larger than max_body: raise the limit, or ask Bob";
    for scheme in [
        Any::new(reading()),
        Any::new(Once(reading())),
        Any::new(Any::new(reading())),
    ] {
        let error = drive(scheme, settings(), stream(&["ab", "c"]), &script)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn a_replaced_body_has_its_own_length() {
    let acts = Acts {
        replaces: Some("a longer body"),
        ..Acts::default()
    };
    let script = Script::new([answer(200)]);
    let mut request = put("short");
    request
        .headers_mut()
        .insert("content-length", HeaderValue::from_static("5"));
    drive(Acting(acts), Settings::default(), request, &script)
        .await
        .unwrap();
    assert_eq!(script.sent()[0].body, "a longer body");
    assert_eq!(script.sent()[0].headers["content-length"], "13");
}
