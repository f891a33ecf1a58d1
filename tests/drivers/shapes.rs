//! The harder shapes of schemes: one that waits, one that reads the answer, one bound to a connection, one that
//! addresses the request anew.

use conformance::{Driver, Setup};
use countersign_core::{Binding, ErrorKind, Identity, Next};
use countersign_testkit::{Answer, RawServer, Shape, Then};

use crate::{client, get, settings};

async fn server(body: &'static [u8]) -> RawServer {
    RawServer::start(move |_| Answer::new(200).body(body)).await
}

#[tokio::test]
async fn a_scheme_may_wait_before_each_exchange() {
    for driver in Driver::ALL {
        let server = server(b"ok").await;
        let client = client(
            driver,
            Shape {
                waits: 5,
                ..Shape::default()
            },
            settings(),
        );
        assert_eq!(client.status(&server.url("/")).await, 200);
        assert_eq!(
            server.seen()[0].request.header("x-leg"),
            Some("1"),
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn a_scheme_may_read_the_answer_and_the_caller_still_gets_it() {
    for driver in Driver::ALL {
        let server = server(b"signed").await;
        let shape = Shape {
            otherwise: Next::Read,
            ..Shape::default()
        };
        let read = shape.read.clone();
        let answer = client(driver, shape, settings())
            .send(get(&server.url("/")))
            .await
            .unwrap();
        assert_eq!(&answer.body()[..], b"signed", "{driver:?}");
        assert_eq!(*read.lock().unwrap(), [b"signed".to_vec()], "{driver:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_trusted_is_an_error() {
    for driver in Driver::ALL {
        let server = server(b"forged").await;
        let shape = Shape {
            otherwise: Next::Read,
            distrusts: true,
            ..Shape::default()
        };
        let error = client(driver, shape, settings())
            .send(get(&server.url("/")))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::ServerAuthentication),
            "{driver:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_over_the_limit_is_not_read_whole() {
    for driver in Driver::ALL {
        let server = RawServer::start(|_| Answer::new(200).then(Then::Flood)).await;
        let shape = Shape {
            otherwise: Next::Read,
            ..Shape::default()
        };
        let error = client(driver, shape, settings())
            .send(get(&server.url("/")))
            .await
            .unwrap_err();
        assert_eq!(error.kind, Some(ErrorKind::BodyTooLarge), "{driver:?}");
    }
}

#[tokio::test]
async fn a_scheme_bound_to_a_connection_is_refused_before_it_is_sent() {
    for driver in Driver::ALL {
        let server = server(b"").await;
        let shape = Shape {
            binding: Binding::Connection(Identity::of("bob")),
            ..Shape::default()
        };
        let error = client(driver, shape, settings())
            .send(get(&server.url("/")))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            Some(ErrorKind::Connection),
            "{driver:?}: {}",
            error.text
        );
        assert_eq!(server.connections(), 0, "{driver:?}");
    }
}

#[tokio::test]
async fn a_scheme_may_address_the_request_anew() {
    for driver in Driver::ALL {
        let server = server(b"ok").await;
        let shape = Shape {
            readdresses: Some("/a%2Fb?own=1&added=%20"),
            ..Shape::default()
        };
        let client = driver.client(shape, &Setup::following());
        assert_eq!(client.status(&server.url("/first?own=1")).await, 200);
        assert_eq!(
            server.seen()[0].request.target,
            "/a%2Fb?own=1&added=%20",
            "{driver:?}"
        );
    }
}
