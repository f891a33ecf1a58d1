//! A long upload in signed chunks, from a client to a server that verifies it, in constant memory.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

#[path = "support/parties.rs"]
mod parties;
mod support;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use countersign_core::verify::VerifiedBody;
use countersign_sigv4::Chunked;
use countersign_tower::{AuthBody, AuthLayer, VerifyLayer};
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use parties::{client, credentials, fixed, server};
use tower::{Layer, ServiceExt, service_fn};

const TOTAL: u64 = 64 << 20;
const FRAME: usize = 100_000;
/// What may be held at once: a few frames and chunks on either side.
const MEMORY: u64 = 2 << 20;

/// A stream of known length that is made as it is read.
struct Flow(u64);

impl Body for Flow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.0.min(FRAME as u64);
        self.0 -= length;
        let frame = Frame::data(Bytes::from_static(&[7; FRAME]).slice(..length as usize));
        Poll::Ready((length > 0).then_some(Ok(frame)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

/// Reads a body away, and answers with its length.
async fn length(
    request: Request<VerifiedBody<AuthBody<Flow>>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (mut length, mut body) = (0, request.into_body());
    while let Some(frame) = body.frame().await {
        length += frame.unwrap().data_ref().unwrap().len();
    }
    Ok(Response::new(length.to_string().into()))
}

async fn upload(chunked: Chunked) {
    let verifier = server("s3", credentials()).build().unwrap();
    let server = VerifyLayer::new(verifier).layer(service_fn(length));
    let client = AuthLayer::new(fixed(client("s3").chunked(chunked))).layer(server);
    let request = Request::put("https://h/k").body(Flow(TOTAL)).unwrap();
    let body = client.oneshot(request).await.unwrap().into_body();
    assert_eq!(
        body.collect().await.unwrap().to_bytes(),
        TOTAL.to_string().as_bytes()
    );
}

#[test]
fn a_long_upload_takes_constant_memory_on_either_side() {
    let chunked = Chunked::signed();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let held = allocation_counter::measure(|| runtime.block_on(upload(chunked))).bytes_max;
    println!("{} MiB sent, {held} bytes held at most", TOTAL >> 20);
    assert!(held < MEMORY, "{held}");
}

#[tokio::test]
async fn a_stream_over_the_limit_is_refused_with_every_other_way_to_send_it() {
    let auth = AuthLayer::new(fixed(client("s3")));
    let nobody = service_fn(|_: Request<AuthBody<Flow>>| async {
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    });
    let request = Request::put("https://h/").body(Flow(TOTAL)).unwrap();
    let error = auth.layer(nobody).oneshot(request).await.unwrap_err();
    for way in [
        "max_body",
        "x-amz-content-sha256",
        "`chunked`",
        "`unsigned_payload`",
    ] {
        assert!(error.to_string().contains(way), "{error}");
    }
}
