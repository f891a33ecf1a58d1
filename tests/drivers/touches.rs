//! A scheme changes what it declares and nothing else, or nothing is sent.

use bytes::Bytes;
use conformance::Driver;
use countersign_bearer::Bearer;
use countersign_core::{ErrorKind, Settings, Touch, preview};
use countersign_testkit::{Answer, Lie, RawServer, Shape};
use http::Request;

use crate::{client, settings};

fn lying(lies: Lie) -> Shape {
    Shape {
        lies,
        ..Shape::default()
    }
}

fn request(url: &str) -> Request<Bytes> {
    let request = Request::post(url).header("x-own", "own");
    request.body(Bytes::from("body")).unwrap()
}

#[tokio::test]
async fn what_a_scheme_does_not_declare_is_an_error_and_nothing_is_sent() {
    for driver in Driver::ALL {
        for lie in Lie::ALL {
            let server = RawServer::start(|_| Answer::new(200)).await;
            let client = client(driver, lying(lie), settings());
            let error = client.send(request(&server.url("/"))).await.unwrap_err();
            assert_eq!(
                error.kind,
                Some(ErrorKind::Undeclared),
                "{driver:?} {lie:?}"
            );
            assert!(error.text.contains("scheme shape"), "{}", error.text);
            assert_eq!(server.connections(), 0, "{driver:?} {lie:?}");
        }
    }
}

#[tokio::test]
async fn what_it_declares_is_sent() {
    for driver in Driver::ALL {
        let server = RawServer::start(|_| Answer::new(200)).await;
        let client = client(driver, lying(Lie::None), settings());
        let status = client.send(request(&server.url("/"))).await.unwrap();
        assert_eq!(status.status(), 200, "{driver:?}");
        let sent = &server.seen()[0].request;
        assert_eq!(sent.header("x-own"), Some("own"), "{driver:?}");
    }
}

#[tokio::test]
async fn a_preview_is_held_to_it_as_well() {
    for lie in Lie::ALL {
        let request = request("https://h.test/");
        let error = preview(&lying(lie), &Settings::default(), request).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Undeclared, "{lie:?}");
    }
}

#[test]
fn a_part_is_known_by_its_name() {
    assert!(Touch::Header(&http::header::AUTHORIZATION).is_authorization());
    assert!(!Touch::Header(&http::header::COOKIE).is_authorization());
    let pair = countersign_core::canonical::query::pairs("%6bey=v")
        .next()
        .unwrap();
    assert!(Touch::Parameter(pair).is_parameter("key"));
    assert!(!Touch::Parameter(pair).is_parameter("v"));
}

#[tokio::test]
async fn a_preview_tells_what_takes_the_place_of_the_callers_own() {
    let shown = async |bearer: Bearer| {
        let request = Request::get("https://h.test/?access_token=own&a=1")
            .header("authorization", "own")
            .body(Bytes::new())
            .unwrap();
        let preview = preview(&bearer, &Settings::default(), request)
            .await
            .unwrap();
        let added = preview.added.into_iter();
        let added: Vec<_> = added.map(|one| (one.name, one.by, one.replaced)).collect();
        (added, preview.removed)
    };
    let header = shown(Bearer::new("t0k3n").unwrap()).await;
    let expected = vec![("authorization".to_owned(), "bearer", true)];
    assert_eq!(header, (expected, vec![]));
    let query = shown(Bearer::new("t0k3n").unwrap().in_query()).await;
    let expected = vec![("access_token".to_owned(), "bearer", true)];
    assert_eq!(query, (expected, vec![http::header::AUTHORIZATION]));
}
