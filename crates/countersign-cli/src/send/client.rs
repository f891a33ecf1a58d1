//! The client: redirects, authentication, cookies, the proxy, the record, and hyper with its lanes below.

use bytes::Bytes;
use countersign::cookies::{CookieLayer, Jar};
use countersign::redirect::Policy;
use countersign::tower::{AuthLayer, RedirectLayer};
use countersign::{Auth, AuthBody, BoxError, Failure as Driven, Settings};
use http::{Request, Response};
use http_body::Body;
use tower::{Service, ServiceBuilder, ServiceExt};

use super::body::IN_MEMORY;
use super::record::{RecordLayer, note_before, note_before_jar};
use super::tape::Taped;
use crate::args::HttpArgs;
use crate::connect;
use crate::exit::Failure;

/// What goes on the wire of a body of this type.
type Outgoing<B> = Taped<AuthBody<AuthBody<AuthBody<B>>>>;

/// What drivers may do for this command; whoever reads its warning decides about clear text.
pub(crate) fn settings() -> Settings {
    Settings::default()
        .allow_cleartext(true)
        .max_body(IN_MEMORY)
}

/// A client that authenticates, keeps cookies if there is a jar for them, and records. It is kept for as many requests as
/// there are, with its connections.
pub(crate) fn client<B>(
    args: &HttpArgs,
    auth: Auth,
    jar: Option<Jar>,
) -> Result<
    impl Service<
        Request<AuthBody<B>>,
        Response = Response<impl Body<Data = Bytes, Error: Into<BoxError>> + Unpin>,
        Error = Driven<BoxError>,
        Future: Send,
    > + Clone
    + Send,
    Failure,
>
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin + Send + 'static,
{
    let below = connect::below::<Outgoing<B>>(args)?;
    Ok(ServiceBuilder::new()
        .map_request(note_before)
        .layer(AuthLayer::new(auth).settings(below.settings(settings())))
        .map_request(note_before_jar)
        .option_layer(jar.map(CookieLayer::new))
        .map_err(connect::at_proxy)
        .layer(below.to_proxy(settings()))
        .layer(RecordLayer)
        .service(below.service()))
}

/// Sends `request` and hands out the last answer. At most so many redirects are followed, above authentication.
pub(crate) async fn send<C, B, R>(
    client: C,
    hops: usize,
    request: Request<B>,
) -> Result<Response<R>, Failure>
where
    C: Service<Request<AuthBody<B>>, Response = Response<R>, Error = Driven<BoxError>> + Clone,
    B: Body + Unpin,
    R: Body + Unpin,
{
    let client = ServiceBuilder::new()
        .layer(RedirectLayer::new(Policy::default().max_hops(hops)))
        .service(client);
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
