//! The laws that every scheme obeys. Each panics where it is broken.
//!
//! They run a client's layer over a server's layer without a socket, so a scheme crate can use them as well.

mod changes;
mod legs;
mod origin;
mod requests;
mod secrets;
mod strangers;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use countersign_core::{Any, AuthBody, Failure, Settings};
use countersign_tower::{Auth, AuthLayer};
use http::{Request, Response};
use http_body_util::Full;
use tower::{Layer, ServiceExt};

use crate::canary::Canary;
use crate::case::{Case, Keys};
use crate::peer::Peer;

pub use changes::refuses_changes;
pub use legs::{bounds_legs, takes_its_legs};
pub use origin::{signs_anew, stays_at_its_origin};
pub use requests::{accepts, any_request};
pub use secrets::keeps_secrets;
pub use strangers::{refuses_replay, refuses_strangers};

/// A law, as the list holds it.
pub type Law = for<'a> fn(&'a Case) -> Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Every law by its name; a new one joins here and holds for every case at once.
pub const LAWS: &[(&str, Law)] = &[
    ("accepts", |case| Box::pin(accepts(case))),
    ("takes_its_legs", |case| Box::pin(takes_its_legs(case))),
    ("refuses_strangers", |case| {
        Box::pin(refuses_strangers(case))
    }),
    ("refuses_changes", |case| Box::pin(refuses_changes(case))),
    ("refuses_replay", |case| Box::pin(refuses_replay(case))),
    ("keeps_secrets", |case| Box::pin(keeps_secrets(case))),
    ("bounds_legs", |case| Box::pin(bounds_legs(case))),
    ("stays_at_its_origin", |case| {
        Box::pin(stays_at_its_origin(case))
    }),
    ("signs_anew", |case| Box::pin(signs_anew(case))),
];

/// Where the requests of the laws go.
const URL: &str = "http://127.0.0.1:7/account/7?id=7&at=noon";

type Answered = Result<Response<AuthBody<Full<Bytes>>>, Failure<Infallible>>;

fn client(scheme: Any, peer: &Peer) -> Auth<Any, Peer> {
    let settings = Settings::default().allow_cleartext(true);
    AuthLayer::new(scheme)
        .settings(settings)
        .layer(peer.clone())
}

async fn send(scheme: Any, peer: &Peer, request: Request<Bytes>) -> Answered {
    client(scheme, peer).oneshot(request.map(Full::new)).await
}

/// The status that the client gets, with keys of a new secret; and what crossed the wire.
async fn run(
    case: &Case,
    peer: impl FnOnce(&Keys) -> Peer,
    request: Request<Bytes>,
) -> (u16, Vec<Request<Bytes>>) {
    let keys = Keys::new(Canary::token().as_str());
    let peer = peer(&keys);
    let response = send((case.client)(&keys), &peer, request).await;
    let response = response.unwrap_or_else(|error| panic!("{}: {error}", case.name));
    (response.status().as_u16(), peer.seen())
}

fn is_refusal(status: u16) -> bool {
    matches!(status, 400 | 401 | 403)
}
