//! Bodies that are held back until a leg without them was answered.

use countersign_core::{ErrorKind, Leg, Next, Settings};
use http::{HeaderValue, Method};

use crate::streams::stream;
use crate::support::*;

#[tokio::test]
async fn a_probe_is_a_head_and_the_stream_crosses_the_wire_once() {
    for (refusal, next) in [(answer(401), Next::Again), (answer(200), Next::Done)] {
        let acts = Acts {
            plan: Leg::Doubtful,
            next: vec![next],
            ..Acts::default()
        };
        let script = Script::new([refusal, answer(201)]);
        let settings = Settings::default().probe_with_head(true);
        let mut request = stream(&["a", "b"]);
        request
            .headers_mut()
            .insert("content-length", HeaderValue::from_static("2"));
        let driven = drive(Acting(acts), settings, request, &script).await;
        assert_eq!(status(&driven), 201);
        let sent = script.sent();
        assert_eq!((&sent[0].method, &*sent[0].body), (&Method::HEAD, &b""[..]));
        assert!(!sent[0].headers.contains_key("content-length"));
        assert_eq!(
            (&sent[1].method, &*sent[1].body),
            (&Method::PUT, &b"ab"[..])
        );
        assert_eq!(sent.len(), 2);
    }
}

#[tokio::test]
async fn a_probe_that_is_refused_for_good_sends_no_body() {
    let acts = Acts {
        plan: Leg::Doubtful,
        ..Acts::default()
    };
    let script = Script::new([answer(401)]);
    let settings = Settings::default().probe_with_head(true);
    let driven = drive(Acting(acts), settings, stream(&["a"]), &script).await;
    assert_eq!((status(&driven).as_u16(), script.sent().len()), (401, 1));
}

#[tokio::test]
async fn a_held_back_body_is_never_lost_silently() {
    for (next, legs) in [
        (Next::Done, 1),
        (Next::Again, 1),
        (Next::Read, 3),
        (Next::Restart, 3),
    ] {
        let acts = Acts {
            plan: Leg::Probe,
            next: vec![next],
            answers_refusals: false,
            ..Acts::default()
        };
        let script = Script::new([answer(200)]);
        let settings = Settings::default().max_legs(legs);
        let driven = drive(Acting(acts), settings, put("body"), &script).await;
        assert_eq!(kind(driven), ErrorKind::BodyNotReplayable, "{next:?}");
    }
}

#[tokio::test]
async fn a_held_back_body_follows_an_accepted_leg() {
    let acts = Acts {
        plan: Leg::Probe,
        ..Acts::default()
    };
    let script = Script::new([answer(200)]);
    let driven = drive(Acting(acts), Settings::default(), put("body"), &script).await;
    assert_eq!(status(&driven), 200);
    let sent = script.sent();
    assert_eq!(sent[0].body, "");
    assert_eq!(sent[0].headers["content-length"], "0");
    assert_eq!(sent[0].method, Method::PUT);
    assert_eq!(sent[1].body, "body", "the body must not be lost");
}

/// So that a request without a body has its effect once.
#[tokio::test]
async fn an_empty_body_is_not_held_back() {
    let acts = Acts {
        plan: Leg::Probe,
        ..Acts::default()
    };
    let script = Script::new([answer(200)]);
    let driven = drive(Acting(acts), Settings::default(), put(""), &script).await;
    assert_eq!((status(&driven).as_u16(), script.sent().len()), (200, 1));
}
