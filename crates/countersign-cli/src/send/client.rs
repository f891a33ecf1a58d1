//! The client: redirects, authentication, the record, and hyper with its lanes below.

use bytes::Bytes;
use countersign::redirect::Policy;
use countersign::tower::{AuthLayer, RedirectLayer};
use countersign::{Auth, AuthBody, BoxError, Failure as Driven, Settings};
use http::{Request, Response};
use http_body::Body;
use tower::{ServiceBuilder, ServiceExt};

use super::body::{IN_MEMORY, Upload};
use super::record::{Record, RecordLayer, note_before};
use super::tape::Taped;
use crate::args::SendArgs;
use crate::connect;
use crate::exit::Failure;

type Outgoing = Taped<AuthBody<AuthBody<Upload>>>;

/// What drivers may do for this command; whoever reads its warning decides about clear text.
pub(super) fn settings() -> Settings {
    Settings::default()
        .allow_cleartext(true)
        .max_body(IN_MEMORY)
}

/// Sends `request` and hands out the last answer. Redirects are followed above authentication.
pub(super) async fn send(
    args: &SendArgs,
    auth: Auth,
    request: Request<Upload>,
    record: Record,
) -> Result<Response<impl Body<Data = Bytes, Error: Into<BoxError>>>, Failure> {
    let hops = if args.follow { 10 } else { 0 };
    let (pooled, lanes) = connect::hyper_with_lanes::<Outgoing>(&args.http)?;
    let client = ServiceBuilder::new()
        .layer(RedirectLayer::new(Policy::default().max_hops(hops)))
        .map_request(note_before)
        .layer(AuthLayer::new(auth).settings(lanes.settings(settings())))
        .layer(RecordLayer(record))
        .service(lanes.service(pooled));
    client.oneshot(request).await.map_err(failure)
}

/// A lane that cannot be had is the scheme's failure, as it needs one.
fn failure(error: Driven<BoxError>) -> Failure {
    match error {
        Driven::Auth(error) => Failure::scheme(&error),
        Driven::Inner(error) => match error.downcast_ref() {
            Some(error) => Failure::scheme(error),
            None => Failure::transport(&*error),
        },
    }
}
