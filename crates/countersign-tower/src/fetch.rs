//! [`TowerFetch`].

use std::fmt;

use bytes::Bytes;
use countersign_core::{Begin, BoxError, Error, ErrorKind, Fetch, FetchLimits};
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, Full, Limited};
use tower_service::Service;

/// A [`Fetch`] over an HTTP service, for the endpoints that a scheme itself calls.
///
/// The service must not follow redirects and must not authenticate; a bare hyper client is right. It needs a tokio
/// runtime for its deadline.
#[derive(Clone)]
pub struct TowerFetch<C> {
    service: C,
    limits: FetchLimits,
}

impl<C> TowerFetch<C> {
    /// Fetches through `service`, with the default limits.
    pub fn new(service: C) -> Self {
        Self {
            service,
            limits: FetchLimits::default(),
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn limits(self, limits: FetchLimits) -> Self {
        Self { limits, ..self }
    }
}

impl<C, R> Fetch for TowerFetch<C>
where
    C: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + Sync + 'static,
    C::Future: Send,
    C::Error: Into<BoxError> + Send,
    R: Body + Send,
    R::Data: Send,
    R::Error: Into<BoxError>,
{
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        let Self { service, limits } = self.clone();
        Begin::wait(async move {
            tokio::time::timeout(limits.deadline, send(service, request, limits.max_body))
                .await
                .map_err(|_| failed("the endpoint did not answer in time"))?
        })
    }
}

async fn send<C, R>(
    mut service: C,
    request: Request<Bytes>,
    max_body: usize,
) -> Result<Response<Bytes>, Error>
where
    C: Service<Request<Full<Bytes>>, Response = Response<R>>,
    C::Error: Into<BoxError>,
    R: Body,
    R::Error: Into<BoxError>,
{
    std::future::poll_fn(|cx| service.poll_ready(cx))
        .await
        .map_err(unreachable)?;
    let response = service
        .call(request.map(Full::new))
        .await
        .map_err(unreachable)?;
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, max_body)
        .collect()
        .await
        .map_err(|error| {
            failed("the endpoint's answer broke off or is larger than max_body").with_source(error)
        })?;
    Ok(Response::from_parts(parts, body.to_bytes()))
}

fn unreachable(error: impl Into<BoxError>) -> Error {
    failed("the endpoint could not be reached").with_source(error)
}

fn failed(message: &'static str) -> Error {
    Error::new(ErrorKind::Fetch, message)
}

impl<C> fmt::Debug for TowerFetch<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerFetch")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
