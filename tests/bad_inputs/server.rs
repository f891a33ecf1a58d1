//! What reaches the server's layer.

use std::convert::Infallible;

use bytes::Bytes;
use conformance::{App, cases};
use countersign_core::verify::VerifiedBody;
use countersign_testkit::{Keys, Placement, exchange};
use countersign_tower::VerifyLayer;
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, ServiceExt, service_fn};

use crate::{input, rows};

#[tokio::test]
async fn b481_credentials_over_the_limit() {
    let field = input(&rows()["B481"]);
    let shorter = &field[..field.len() - 1];
    for case in cases::all() {
        if case.placement != Placement::Header || case.scheme == "apikey" {
            continue;
        }
        let app = App::start((case.server)(&Keys::new("secret"))).await;
        for (field, expected) in [(&field[..], 431), (shorter, 401)] {
            let request = [b"GET / HTTP/1.1\r\nhost: x\r\n", field, b"\r\n\r\n"].concat();
            let answer = exchange(app.address(), &request).await.unwrap();
            assert_eq!(answer.status.as_u16(), expected, "{}", case.name);
        }
    }
}

#[tokio::test]
async fn b483_two_fields_over_http_2() {
    for case in cases::all()
        .iter()
        .filter(|case| ["basic", "bearer", "digest SHA-256"].contains(&case.name))
    {
        let app = App::start((case.server)(&Keys::new("secret"))).await;
        let client = legacy::Client::builder(TokioExecutor::new())
            .http2_only(true)
            .build_http();
        let value = format!("{} c2VjcmV0", case.scheme);
        let request = Request::get(app.url("/"))
            .header("authorization", &value)
            .header("authorization", &value);
        let answer = client
            .request(request.body(Full::<Bytes>::default()).unwrap())
            .await
            .unwrap();
        assert_eq!(
            (answer.version(), answer.status().as_u16()),
            (http::Version::HTTP_2, 400),
            "{}",
            case.name
        );
    }
}

#[tokio::test]
async fn b484_preflights() {
    for case in cases::all() {
        for (allow, with_credentials) in [(false, false), (true, false), (true, true)] {
            let layer =
                VerifyLayer::new((case.server)(&Keys::new("secret"))).allow_preflight(allow);
            let ok = service_fn(|_: Request<VerifiedBody<Full<Bytes>>>| async {
                Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
            });
            let mut request = Request::builder()
                .method(Method::OPTIONS)
                .header("origin", "https://app.test")
                .header("access-control-request-method", "PUT");
            if with_credentials {
                request = request.header("authorization", "Basic eDp5");
            }
            let request = request.body(Full::<Bytes>::default()).unwrap();
            let passes = layer.layer(ok).oneshot(request).await.unwrap().status() == 200;
            assert_eq!(passes, allow && !with_credentials, "{}", case.name);
        }
    }
}
