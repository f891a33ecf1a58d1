//! What goes over the wire between a client and a server in chunks.
#![allow(dead_code, unreachable_pub)] // No test uses all of it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use countersign_core::Error;
use countersign_core::verify::VerifiedBody;
use countersign_sigv4::{SigV4, SigV4Verifier};
use countersign_tower::{AuthBody, AuthLayer, Failure, Settings, VerifyLayer};
use http::{Request, Response, request};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use tower::{Layer, ServiceExt, service_fn};

type Sent = (request::Parts, Bytes);

/// A client's request with all that is on the wire.
pub async fn sent<B>(sigv4: SigV4, request: Request<B>) -> Result<Sent, Error>
where
    B: http_body::Body<Error = Infallible> + Unpin + Send + 'static,
    B::Data: Send,
{
    let seen: Arc<Mutex<Option<Sent>>> = Arc::default();
    let sees = Arc::clone(&seen);
    let server = service_fn(move |request: Request<AuthBody<B>>| {
        let sees = Arc::clone(&sees);
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            *sees.lock().unwrap() = Some((head, body));
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        }
    });
    let layer = AuthLayer::new(sigv4).settings(Settings::default());
    match layer.layer(server).oneshot(request).await {
        Ok(_) => Ok(seen.lock().unwrap().take().unwrap()),
        Err(Failure::Auth(error)) => Err(error),
        Err(Failure::Inner(never)) => match never {},
    }
}

/// What a handler saw of a request that was let through.
#[derive(Debug, Default, PartialEq)]
pub struct Seen {
    pub length: Option<String>,
    pub coding: Option<String>,
    /// All that was given out, also before an error.
    pub body: Vec<u8>,
    pub error: Option<String>,
}

/// What a server answers to a request that arrives in pieces of so many bytes, and what its handler saw of it.
pub async fn asked(
    verifier: SigV4Verifier,
    (head, body): Sent,
    piece: usize,
) -> (u16, Option<Seen>) {
    let seen: Arc<Mutex<Option<Seen>>> = Arc::default();
    let sees = Arc::clone(&seen);
    let handler = service_fn(move |request: Request<VerifiedBody<_>>| {
        let sees = Arc::clone(&sees);
        async move {
            *sees.lock().unwrap() = Some(see(request).await);
            Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
        }
    });
    let pieces: Vec<_> = body.chunks(piece).map(Bytes::copy_from_slice).collect();
    let frames = pieces
        .into_iter()
        .map(|piece| Ok::<_, Infallible>(Frame::data(piece)));
    let frames = StreamBody::new(futures_util::stream::iter(frames));
    let request = Request::from_parts(head, frames);
    let server = VerifyLayer::new(verifier).layer(handler);
    let status = server.oneshot(request).await.unwrap().status().as_u16();
    let seen = seen.lock().unwrap().take();
    (status, seen)
}

async fn see<B>(request: Request<VerifiedBody<B>>) -> Seen
where
    B: http_body::Body<Error = Infallible> + Unpin,
{
    let (head, mut body) = request.into_parts();
    let field = |name: &str| Some(head.headers.get(name)?.to_str().unwrap().to_owned());
    let mut seen = Seen {
        length: field("content-length"),
        coding: field("content-encoding"),
        ..Seen::default()
    };
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => seen.body.extend_from_slice(frame.data_ref().unwrap()),
            Err(error) => seen.error = Some(error.to_string()),
        }
    }
    seen
}
