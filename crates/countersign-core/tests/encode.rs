//! A body that is encoded while it streams.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use countersign_core::{AuthBody, Encode, Payload, Result, Settings, Sign, Touch, preview};
use http::{HeaderValue, Request, request};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use proptest::prelude::*;
use support::*;

/// `<length>:<bytes>`, and `0:` at the end.
#[derive(Clone)]
struct Netstrings {
    size: usize,
    chunks: Arc<Mutex<Vec<usize>>>,
}

impl Encode for Netstrings {
    fn chunk_size(&self) -> usize {
        self.size
    }

    fn encoded_len(&self, length: u64) -> u64 {
        let size = self.size as u64;
        let frame = |length: u64| length + length.to_string().len() as u64 + 1;
        let rest = length % size;
        length / size * frame(size) + if rest > 0 { frame(rest) } else { 0 } + frame(0)
    }

    fn chunk(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        self.chunks.lock().unwrap().push(chunk.len());
        out.extend_from_slice(format!("{}:", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
    }
}

impl Sign for Netstrings {
    fn name(&self) -> &'static str {
        "netstrings"
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        part == Touch::Body
    }

    fn sign(&self, _: &mut request::Parts, body: &mut Payload) -> Result<()> {
        body.encode(self.clone());
        Ok(())
    }
}

fn netstrings(size: usize) -> Netstrings {
    Netstrings {
        size,
        chunks: Arc::default(),
    }
}

fn put(bytes: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let bytes = bytes.into();
    let length = HeaderValue::from(bytes.len());
    Request::put("https://a.test/x")
        .header("content-length", length)
        .body(Full::from(bytes))
        .unwrap()
}

#[tokio::test]
async fn a_body_is_encoded_with_its_new_length() {
    let script = Script::new([answer(200)]);
    drive(
        netstrings(4),
        Settings::default(),
        put("hello world"),
        &script,
    )
    .await
    .unwrap();
    let sent = &script.sent()[0];
    assert_eq!(sent.body, "4:hell4:o wo3:rld0:");
    assert_eq!(sent.headers["content-length"], sent.body.len().to_string());
}

#[tokio::test]
async fn an_empty_body_is_one_last_chunk() {
    let script = Script::new([answer(200)]);
    drive(netstrings(4), Settings::default(), put(""), &script)
        .await
        .unwrap();
    assert_eq!(script.sent()[0].body, "0:");
}

#[tokio::test]
async fn a_preview_shows_it_encoded() {
    let shown = preview(
        &netstrings(4),
        &Settings::default(),
        Request::new("hello".into()),
    )
    .await
    .unwrap();
    assert_eq!(shown.request.body(), "4:hell1:o0:");
}

proptest! {
    #[test]
    fn the_length_is_exact_however_the_body_comes(
        frames in proptest::collection::vec(0_usize..20, 0..10),
        size in 1_usize..9,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let total = frames.iter().sum::<usize>();
        let encode = netstrings(size);
        let mut payload = Payload::stream(Some(total as u64));
        payload.encode(encode.clone());
        let script = Script::new([answer(200)]);
        let stream = frames.into_iter().map(|length| Ok::<_, std::convert::Infallible>(
            http_body::Frame::data(Bytes::from(vec![b'x'; length])),
        ));
        let body = http_body_util::StreamBody::new(tokio_stream::iter(stream));
        let request = Request::put("https://a.test/").body(body).unwrap();
        runtime.block_on(drive(encode.clone(), Settings::default(), request, &script)).unwrap();
        prop_assert_eq!(script.sent()[0].body.len() as u64, encode.encoded_len(total as u64));
        let chunks = encode.chunks.lock().unwrap();
        let (last, whole) = chunks.split_last().unwrap();
        prop_assert_eq!(*last, 0);
        prop_assert!(whole.iter().rev().skip(1).all(|length| *length == size));
    }
}

#[tokio::test]
async fn the_size_is_known_before_the_first_chunk() {
    let (sender, receiver) = std::sync::mpsc::channel();
    struct Sizing(std::sync::mpsc::Sender<Option<u64>>);
    impl<B: Body + Unpin> countersign_core::Transport<B> for Sizing {
        type Body = Bodies;
        type Error = std::convert::Infallible;
        type Future = std::future::Ready<
            std::result::Result<
                http::Response<Bodies>,
                countersign_core::Failure<std::convert::Infallible>,
            >,
        >;
        fn send(&mut self, request: Request<AuthBody<B>>) -> Self::Future {
            self.0.send(request.body().size_hint().exact()).unwrap();
            std::future::ready(Ok(answer(200)))
        }
        fn sleep(&self, _: std::time::Duration) -> Option<countersign_core::Sleep> {
            None
        }
    }
    let (scheme, settings) = (Arc::new(netstrings(4)), Arc::new(Settings::default()));
    let driven =
        countersign_core::Drive::new(scheme, settings, put("hello world"), Sizing(sender)).await;
    driven.unwrap().into_body().collect().await.unwrap();
    assert_eq!(receiver.recv().unwrap(), Some(19));
}
