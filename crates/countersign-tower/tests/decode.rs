//! A body that its verifier decodes while it streams.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::{Extension, Router, extract::Request as Received, routing::put};
use bytes::Bytes;
use countersign_core::verify::{AnyVerifier, Decode, Reason, Verdict, Verify, any_of};
use countersign_core::{Begin, Payload};
use countersign_tower::VerifyLayer;
use http::{HeaderMap, HeaderName, Request, StatusCode, request};
use http_body::{Body as _, Frame};
use http_body_util::{BodyExt, StreamBody};
use tower::ServiceExt;

/// Takes the spaces out; a `!` is a forgery, and only what ends with a `.` is whole.
#[derive(Clone, Copy)]
struct Spaces {
    ends: bool,
    length: Option<u64>,
}

impl Decode for Spaces {
    fn correct(&self, request: &mut request::Parts) {
        request.headers.remove("content-encoding");
    }

    fn decoded_len(&self) -> Option<u64> {
        self.length
    }

    fn decode(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
        for byte in data {
            match byte {
                b'!' => return Err(Reason::Forbidden),
                b' ' => {}
                byte => out.push(*byte),
            }
            self.ends = *byte == b'.';
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Reason> {
        self.ends.then_some(()).ok_or(Reason::Malformed)
    }
}

/// Accepts everybody, on this condition.
struct Decoding(Option<u64>);

impl Verify for Decoding {
    type Principal = ();

    fn verify(&self, _: &request::Parts, _: &Payload) -> Begin<Verdict<()>> {
        let (ends, length) = (false, self.0);
        let decode = Spaces { ends, length };
        Begin::ready(Verdict::accept_decoding("decoding", (), decode))
    }
}

/// Refuses everybody once it has read the body.
struct Reading;

impl Verify for Reading {
    type Principal = ();

    fn reads_body(&self, _: &request::Parts) -> bool {
        true
    }

    fn verify(&self, _: &request::Parts, body: &Payload) -> Begin<Verdict<()>> {
        assert!(body.bytes().is_some());
        Begin::ready(Verdict::refuse(Reason::Rejected))
    }
}

/// The pieces that a handler saw, and at last `broke off` if they did.
type Seen = Arc<Mutex<Vec<String>>>;

/// A handler that never minds how a body ends.
async fn careless(Extension(seen): Extension<Seen>, request: Received) -> String {
    let (head, mut body) = request.into_parts();
    let field = |name: HeaderName| {
        head.headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let told = format!(
        "{:?} {:?} {:?}",
        field(http::header::CONTENT_LENGTH),
        field(http::header::CONTENT_ENCODING),
        body.size_hint().exact()
    );
    while let Some(frame) = body.frame().await {
        let piece = match frame {
            Ok(frame) => String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap(),
            Err(error) => format!("broke off: {error}"),
        };
        seen.lock().unwrap().push(piece);
    }
    assert!(body.is_end_stream());
    told
}

async fn sent(
    verifier: impl Verify<Principal = ()>,
    pieces: &[&'static str],
) -> (StatusCode, String, Vec<String>) {
    let seen = Seen::default();
    let app: Router = Router::new()
        .route("/", put(careless))
        .layer(Extension(Arc::clone(&seen)))
        .layer(VerifyLayer::new(verifier));
    let trailers = Frame::trailers(HeaderMap::new());
    let frames = pieces.iter().map(|piece| Frame::data(Bytes::from(*piece)));
    let frames: Vec<_> = frames
        .chain([trailers])
        .map(Ok::<_, std::io::Error>)
        .collect();
    let body = Body::new(StreamBody::new(tokio_stream::iter(frames)));
    let request = Request::put("/")
        .header("content-encoding", "spaces")
        .header("content-length", "99");
    let response = app.oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let text = response.into_body().collect().await.unwrap().to_bytes();
    let seen = seen.lock().unwrap().clone();
    (status, String::from_utf8(text.to_vec()).unwrap(), seen)
}

#[tokio::test]
async fn the_handler_reads_what_was_decoded() {
    let (status, told, seen) = sent(Decoding(Some(6)), &["a b", " ", "cd e."]).await;
    assert_eq!(status, 200);
    assert_eq!(told, r#"Some("6") None Some(6)"#);
    assert_eq!(seen, ["ab", "cde."]);
    let (_, told, _) = sent(Decoding(None), &["a."]).await;
    assert_eq!(told, "None None None");
}

#[tokio::test]
async fn a_forged_piece_is_never_seen_and_ends_in_a_refusal() {
    let (status, _, seen) = sent(Decoding(None), &["one", "two", "thr!ee."]).await;
    assert_eq!(status, 403, "whatever the handler answers");
    assert_eq!(
        seen,
        ["one", "broke off: the body is not the one that was signed"]
    );
}

#[tokio::test]
async fn the_last_piece_waits_for_the_end() {
    let (status, _, seen) = sent(Decoding(None), &["one", "two"]).await;
    assert_eq!(status, 400);
    assert_eq!(
        seen,
        [
            "one",
            "broke off: the body breaks its coding, or was cut off"
        ]
    );
    let (status, _, seen) = sent(Decoding(None), &[]).await;
    assert_eq!((status.as_u16(), seen.len()), (400, 1));
}

#[tokio::test]
async fn a_body_that_another_verifier_gathered_is_decoded_as_well() {
    let both = || {
        any_of([
            AnyVerifier::new(Reading),
            AnyVerifier::new(Decoding(None).map(|()| ())),
        ])
    };
    let (status, _, seen) = sent(both(), &["a b", "c."]).await;
    assert_eq!((status.as_u16(), seen), (200, vec!["abc.".to_owned()]));
    assert_eq!(sent(both(), &["a b", "c!"]).await.0, 403);
}
