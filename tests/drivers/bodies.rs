//! Bodies: in memory, streamed, over the limit, replaced.

use bytes::Bytes;
use conformance::{App, Client, Driver, Load};
use countersign_core::{Any, ErrorKind, Leg, Next};
use countersign_testkit::{Answer, Keys, RawServer, Seen, Shape};
use http::Request;

use crate::{client, refusal, refusing, settings};

const PIECE: usize = 10_000;

fn pieces() -> Vec<Bytes> {
    (0..10u8)
        .map(|byte| Bytes::from(vec![byte; PIECE]))
        .collect()
}

fn whole() -> Vec<u8> {
    pieces().concat()
}

fn upload(url: &str, load: impl Into<Load>) -> Request<Load> {
    Request::put(url).body(load.into()).unwrap()
}

/// The bodies that crossed the wire, with the method of each.
fn crossed(server: &RawServer) -> Vec<(String, usize)> {
    let request = |seen: Seen| (seen.request.method, seen.request.body.len());
    server.seen().into_iter().map(request).collect()
}

fn put(length: usize) -> (String, usize) {
    ("PUT".to_owned(), length)
}

#[tokio::test]
async fn a_body_in_memory_is_sent_with_every_leg() {
    for driver in Driver::ALL {
        for plan in [Leg::Tentative, Leg::Doubtful] {
            let server = refusing(refusal()).await;
            let client = client(
                driver,
                Shape::once(plan, Next::Again),
                settings().max_body(10),
            );
            let answer = client
                .send(upload(&server.url("/"), whole()))
                .await
                .unwrap();
            assert_eq!(answer.status(), 200);
            assert_eq!(crossed(&server), [put(100_000), put(100_000)], "{driver:?}");
            assert!(
                server
                    .seen()
                    .iter()
                    .all(|seen| seen.request.body == whole())
            );
        }
    }
}

#[tokio::test]
async fn a_stream_that_nobody_needs_twice_is_sent_as_it_comes() {
    for driver in Driver::ALL {
        for sized in [true, false] {
            let server = RawServer::start(|_| Answer::new(200)).await;
            let client = client(driver, Shape::default(), settings().max_body(10));
            let load = Load::stream(pieces(), sized);
            assert_eq!(
                client
                    .send(upload(&server.url("/"), load))
                    .await
                    .unwrap()
                    .status(),
                200
            );
            let seen = server.seen();
            assert_eq!(seen[0].request.body, whole(), "{driver:?}");
            assert_eq!(
                seen[0].request.header("content-length").is_some(),
                sized,
                "{driver:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_stream_that_is_refused_after_it_was_sent_is_an_error_and_never_an_empty_body() {
    for driver in Driver::ALL {
        let server = refusing(refusal()).await;
        let client = client(driver, Shape::once(Leg::Tentative, Next::Again), settings());
        let error = client
            .send(upload(&server.url("/"), Load::stream(pieces(), true)))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::BodyNotReplayable),
            "{driver:?}: {}",
            error.text
        );
        assert_eq!(crossed(&server), [put(100_000)], "{driver:?}");
    }
}

#[tokio::test]
async fn a_stream_that_will_be_refused_is_gathered_up_to_the_limit() {
    for driver in Driver::ALL {
        let server = refusing(refusal()).await;
        let client = client(driver, Shape::once(Leg::Doubtful, Next::Again), settings());
        let load = Load::stream(pieces(), false);
        assert_eq!(
            client
                .send(upload(&server.url("/"), load))
                .await
                .unwrap()
                .status(),
            200
        );
        assert_eq!(
            server.seen().last().unwrap().request.body,
            whole(),
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn over_the_limit_it_fails_before_the_first_byte() {
    for driver in Driver::ALL {
        let server = refusing(refusal()).await;
        let doubtful = client(
            driver,
            Shape::once(Leg::Doubtful, Next::Again),
            settings().max_body(99_999),
        );
        let error = doubtful
            .send(upload(&server.url("/"), Load::stream(pieces(), false)))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::BodyNotReplayable),
            "{driver:?}: {}",
            error.text
        );
        let reading = Shape {
            reads_body: true,
            ..Shape::default()
        };
        let reading = client(driver, reading, settings().max_body(99_999));
        let error = reading
            .send(upload(&server.url("/"), Load::stream(pieces(), true)))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::BodyTooLarge),
            "{driver:?}: {}",
            error.text
        );
        assert_eq!(server.connections(), 0, "{driver:?}");
    }
}

#[tokio::test]
async fn a_probe_is_a_head_and_the_body_crosses_once() {
    for driver in Driver::ALL {
        let server = refusing(refusal()).await;
        let settings = settings().max_body(10).probe_with_head(true);
        let client = client(driver, Shape::once(Leg::Doubtful, Next::Again), settings);
        let request = Request::put(server.url("/"))
            .header("content-type", "x/y")
            .header("expect", "100-continue");
        let request = request.body(Load::stream(pieces(), true)).unwrap();
        assert_eq!(client.send(request).await.unwrap().status(), 200);
        assert_eq!(
            crossed(&server),
            [("HEAD".to_owned(), 0), put(100_000)],
            "{driver:?}"
        );
        let probe = &server.seen()[0].request;
        assert_eq!(
            probe.header("content-type").or(probe.header("expect")),
            None,
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn a_probe_that_is_let_through_is_followed_by_the_body() {
    for driver in Driver::ALL {
        let server = RawServer::start(|_| Answer::new(200)).await;
        let settings = settings().max_body(10).probe_with_head(true);
        let client = client(
            driver,
            Shape {
                plan: Leg::Doubtful,
                ..Shape::default()
            },
            settings,
        );
        client
            .send(upload(&server.url("/"), Load::stream(pieces(), true)))
            .await
            .unwrap();
        assert_eq!(
            crossed(&server),
            [("HEAD".to_owned(), 0), put(100_000)],
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn a_leg_whose_credential_cannot_suffice_holds_the_body_back() {
    for driver in Driver::ALL {
        let server = refusing(refusal()).await;
        let client = client(driver, Shape::once(Leg::Probe, Next::Again), settings());
        client
            .send(upload(&server.url("/"), Load::stream(pieces(), true)))
            .await
            .unwrap();
        assert_eq!(crossed(&server), [put(0), put(100_000)], "{driver:?}");
    }
}

#[tokio::test]
async fn a_replaced_body_has_its_own_length() {
    for driver in Driver::ALL {
        let server = RawServer::start(|_| Answer::new(200)).await;
        let replaces = Shape {
            replaces: Some("other".into()),
            ..Shape::default()
        };
        let client = client(driver, replaces, settings());
        let request = Request::put(server.url("/"))
            .header("content-length", "3")
            .body("abc")
            .unwrap();
        assert_eq!(client.send(request).await.unwrap().status(), 200);
        client
            .send(upload(&server.url("/"), Load::stream(pieces(), false)))
            .await
            .unwrap();
        for seen in server.seen() {
            assert_eq!(seen.request.body, b"other", "{driver:?}");
            assert_eq!(seen.request.header("transfer-encoding"), None, "{driver:?}");
        }
    }
}

/// A one-shot stream to each scheme's server arrives as it is, or fails before a byte is lost.
#[tokio::test]
async fn a_stream_to_a_real_server_arrives_whole_or_not_at_all() {
    for case in conformance::cases::all()
        .iter()
        .filter(|case| case.placement != countersign_testkit::Placement::Body)
    {
        for driver in Driver::ALL {
            for (max_body, probe) in [(1 << 20, false), (10, false), (10, true)] {
                let keys = Keys::new("secret");
                let app = App::start((case.server)(&keys)).await;
                let settings = settings().max_body(max_body).probe_with_head(probe);
                let client: Client = client(driver, (case.client)(&keys) as Any, settings);
                let url = app.url("/");
                match client
                    .send(upload(&url, Load::stream(pieces(), true)))
                    .await
                {
                    Ok(answer) => {
                        let text = String::from_utf8_lossy(answer.body()).into_owned();
                        let whole = text.starts_with("PUT /") && text.ends_with(" bob 100000");
                        assert!(whole, "{} by {driver:?}: {text}", case.name);
                    }
                    Err(error) => {
                        let typed = [
                            Some(ErrorKind::BodyNotReplayable),
                            Some(ErrorKind::BodyTooLarge),
                        ];
                        assert!(
                            typed.contains(&error.kind),
                            "{} by {driver:?}: {}",
                            case.name,
                            error.text
                        );
                        assert!(
                            max_body == 10,
                            "{} by {driver:?}: {}",
                            case.name,
                            error.text
                        );
                    }
                }
            }
        }
    }
}
