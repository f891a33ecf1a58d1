//! reqwest's requests and answers as those of `http`, and back, with everything that they carry.

use countersign_core::{AuthBody, Error, Source};
use http::Extensions;
use reqwest::{Body, Request, Response, ResponseBuilderExt, Url};

/// Splits a request for the loop. The middleware's `extensions` travel in the head, where per-request settings are
/// looked for; the timeout travels with them.
pub(crate) fn request_to_http(
    request: Request,
    extensions: &mut Extensions,
) -> Result<http::Request<Body>, Error> {
    let mut request = http::Request::<Body>::try_from(request)
        .map_err(|_| Error::configuration("the request's URL is not one that HTTP can send"))?;
    let own = std::mem::take(request.extensions_mut());
    *request.extensions_mut() = std::mem::take(extensions);
    if !own.is_empty() {
        request.extensions_mut().insert(Own(own));
    }
    Ok(request)
}

/// What reqwest itself keeps in a request's extensions.
#[derive(Clone)]
struct Own(Extensions);

/// The reverse; the middleware's extensions come out again.
pub(crate) fn request_from_http<B>(
    request: http::Request<AuthBody<B>>,
) -> Result<(Request, Extensions), Error>
where
    B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
    B::Error: Into<countersign_core::BoxError>,
{
    let (mut parts, body) = request.into_parts();
    let mut extensions = std::mem::take(&mut parts.extensions);
    if let Some(Own(own)) = extensions.remove::<Own>() {
        parts.extensions = own;
    }
    let request = http::Request::from_parts(parts, into_body(body));
    let mut request = Request::try_from(request)
        .map_err(|_| Error::configuration("the scheme made a URL that HTTP cannot send"))?;
    // An empty body that is named makes reqwest send `Content-Length: 0` where there was none.
    if request.body().is_some_and(http_body::Body::is_end_stream) {
        *request.body_mut() = None;
    }
    Ok((request, extensions))
}

/// The body in the best form that reqwest knows.
pub(crate) fn into_body<B>(body: AuthBody<B>) -> Body
where
    B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
    B::Error: Into<countersign_core::BoxError>,
{
    match body.into_source() {
        Source::Untouched(body) => body.into(),
        Source::Bytes(bytes) => bytes.into(),
        Source::Other(body) => Body::wrap(body),
    }
}

/// An answer for the loop. It keeps `url`, the caller's, as the one that was sent may hold a credential.
pub(crate) fn response_to_http(response: Response, url: Url) -> http::Response<Body> {
    let mut response = http::Response::<Body>::from(response);
    if let Ok(carrier) = http::Response::builder().url(url).body(()) {
        response
            .extensions_mut()
            .extend(carrier.into_parts().0.extensions);
    }
    response
}

/// The reverse.
pub(crate) fn response_from_http(response: http::Response<AuthBody<Body>>) -> Response {
    response.map(into_body).into()
}
