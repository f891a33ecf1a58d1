//! The loop, leg by leg, without a network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use bytes::Bytes;
use countersign_core::{
    Any, AnyOf, ErrorKind, Leg, Next, Once, Origin, Override, Settings, Strength, Target,
};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full, StreamBody};
use support::*;

type Stream = StreamBody<OneFrameAtATime>;

/// A stream that is never ready at its first poll, so that it cannot be taken for a body in memory.
struct OneFrameAtATime {
    frames: Vec<&'static str>,
    waited: bool,
}

impl futures_core::Stream for OneFrameAtATime {
    type Item = Result<http_body::Frame<Bytes>, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.waited = !self.waited;
        if self.waited {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        let frame = self.frames.pop();
        std::task::Poll::Ready(frame.map(|text| Ok(http_body::Frame::data(Bytes::from(text)))))
    }
}

fn stream(frames: &[&'static str]) -> Request<Stream> {
    let frames = frames.iter().rev().copied().collect();
    let body = StreamBody::new(OneFrameAtATime {
        frames,
        waited: false,
    });
    Request::put("https://a.test/x").body(body).unwrap()
}

fn again(times: usize) -> Acts {
    Acts {
        next: vec![Next::Again; times],
        ..Acts::default()
    }
}

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
async fn a_stream_refused_on_a_tentative_leg_is_a_typed_error() {
    let script = Script::new([answer(401)]);
    let driven = drive(
        Acting(again(1)),
        Settings::default(),
        stream(&["a", "b"]),
        &script,
    )
    .await;
    let Err(countersign_core::Failure::Auth(error)) = driven else {
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
async fn a_revealing_credential_does_not_go_in_the_clear() {
    let acts = || {
        Acting(Acts {
            reveals: true,
            ..Acts::default()
        })
    };
    for (uri, goes) in [
        ("https://a.test/", true),
        ("http://127.0.0.1:1/", true),
        ("http://localhost/", true),
        ("http://[::1]/", true),
        ("http://a.test/", false),
        ("http://localhost.a.test/", false),
        ("/relative", false),
    ] {
        let script = Script::new([answer(200)]);
        let driven = drive(acts(), Settings::default(), get(uri), &script).await;
        assert_eq!(script.sent().len(), usize::from(goes), "{uri}");
        if !goes {
            assert_eq!(kind(driven), ErrorKind::Cleartext);
            let allowed = Settings::default().allow_cleartext(true);
            drive(acts(), allowed, get(uri), &script).await.unwrap();
        }
    }
    let based = Settings::default().base("https://a.test".parse().unwrap());
    drive(acts(), based, get("/relative"), &Script::new([answer(200)]))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_request_outside_of_only_passes_without_credentials() {
    let only: Origin = "https://a.test".parse().unwrap();
    for (uri, signed) in [
        ("https://A.test:443/x", true),
        ("https://b.test/", false),
        ("http://a.test/", false),
    ] {
        let script = Script::new([answer(200)]);
        let settings = Settings::default().only([only.clone()]);
        drive(Acting(Acts::default()), settings, get(uri), &script)
            .await
            .unwrap();
        assert_eq!(
            script.sent()[0].headers.contains_key("authorization"),
            signed,
            "{uri}"
        );
    }
}

#[tokio::test]
async fn one_request_can_be_sent_otherwise_or_without() {
    let other = any(Acts {
        word: "other",
        ..Acts::default()
    });
    for (chosen, expected) in [
        (Override::none(), None),
        (Override::with(other), Some("other")),
    ] {
        let script = Script::new([answer(200)]);
        let mut request = get("https://a.test/");
        request.extensions_mut().insert(chosen);
        drive(
            Acting(Acts::default()),
            Settings::default(),
            request,
            &script,
        )
        .await
        .unwrap();
        let sent = &script.sent()[0];
        assert_eq!(
            sent.headers
                .get("authorization")
                .map(|value| value.to_str().unwrap()),
            expected
        );
    }
}

#[tokio::test]
async fn what_takes_the_place_of_one_layer_takes_that_of_those_below() {
    let other = any(Acts {
        word: "other",
        ..Acts::default()
    });
    for (chosen, expected) in [
        (Override::none(), None),
        (Override::with(other), Some("other")),
    ] {
        let mut request = get("https://a.test/");
        request.extensions_mut().insert(chosen);
        for _ in 0..2 {
            let script = Script::new([answer(200)]);
            let own = Acting(Acts::default());
            drive(own, Settings::default(), request, &script)
                .await
                .unwrap();
            request = get("https://a.test/");
            let sent = &script.sent()[0];
            *request.extensions_mut() = sent.extensions.clone();
            *request.headers_mut() = sent.headers.clone();
        }
        let sent = request.headers().get("authorization");
        assert_eq!(sent.map(|value| value.to_str().unwrap()), expected);
    }
}

#[tokio::test]
async fn a_proxy_is_answered_in_its_own_fields() {
    let mut refusal = answer(407);
    refusal
        .headers_mut()
        .insert("proxy-authenticate", HeaderValue::from_static("Word"));
    let script = Script::new([refusal, answer(200)]);
    let mut request = get("http://a.test/");
    request
        .headers_mut()
        .insert("authorization", HeaderValue::from_static("the origin's"));
    let settings = Settings::default().target(Target::Proxy);
    drive(Acting(again(1)), settings, request, &script)
        .await
        .unwrap();
    for leg in script.sent() {
        assert_eq!(leg.headers["proxy-authorization"], "word");
        assert_eq!(leg.headers["authorization"], "the origin's");
    }
}

#[tokio::test]
async fn a_proxys_credentials_never_go_through_its_tunnel() {
    for uri in ["https://a.test/", "/relative"] {
        let script = Script::new([answer(200)]);
        let settings = Settings::default().target(Target::Proxy);
        let driven = drive(Acting(Acts::default()), settings, get(uri), &script).await;
        assert_eq!(kind(driven), ErrorKind::Unsupported);
        assert!(script.sent().is_empty());
    }
}

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

#[tokio::test]
async fn once_hands_the_refusal_to_the_caller() {
    let script = Script::new([answer(401)]);
    let driven = drive(
        Once(Acting(again(9))),
        Settings::default(),
        put("body"),
        &script,
    )
    .await;
    assert_eq!((status(&driven).as_u16(), script.sent().len()), (401, 1));
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
