//! The client: redirects, authentication, the record, and hyper below.

use bytes::Bytes;
use countersign::redirect::Policy;
use countersign::tower::{AuthLayer, RedirectLayer};
use countersign::{Auth, AuthBody, BoxError, Failure as Driven, Settings};
use http::{Request, Response};
use http_body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tower::{ServiceBuilder, ServiceExt};

use super::body::{IN_MEMORY, Upload};
use super::record::{Record, RecordLayer, note_before};
use super::tape::Taped;
use super::tls;
use crate::args::SendArgs;
use crate::exit::Failure;

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
    let client = ServiceBuilder::new()
        .layer(RedirectLayer::new(Policy::default().max_hops(hops)))
        .map_request(note_before)
        .layer(AuthLayer::new(auth).settings(settings()))
        .layer(RecordLayer(record))
        .service(hyper(args)?);
    client.oneshot(request).await.map_err(failure)
}

type Hyper = Client<HttpsConnector<HttpConnector>, Taped<AuthBody<AuthBody<Upload>>>>;

/// It knows no proxy, no cookie, no default header and no compression.
fn hyper(args: &SendArgs) -> Result<Hyper, Failure> {
    let builder = HttpsConnectorBuilder::new()
        .with_tls_config(tls::config(args)?)
        .https_or_http();
    let connector = match args.http1 {
        true => builder.enable_http1().build(),
        false => builder.enable_all_versions().build(),
    };
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

fn failure(error: Driven<hyper_util::client::legacy::Error>) -> Failure {
    match error {
        Driven::Auth(error) => Failure::scheme(&error),
        Driven::Inner(error) => Failure::transport(&error),
    }
}
