//! reqwest's requests and answers as those of `http`, and back, with everything that they carry.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use countersign_core::{AuthBody, Error, Source};
use http::{Extensions, Uri, response};
use http_body::{Frame, SizeHint};
use reqwest::{Body, Request, Response, ResponseBuilderExt, Url};

/// What stays of a request that was handed to the loop: its URL, which need not be parsed again for each leg, and what
/// reqwest itself keeps with it, such as its timeout.
pub(crate) struct Original {
    /// Without headers and body.
    request: Request,
    uri: Uri,
}

impl Original {
    /// Splits a request. The middleware's `extensions` travel in the head, where per-request settings are looked for.
    pub(crate) fn split(
        mut request: Request,
        extensions: &mut Extensions,
    ) -> Result<(Self, http::Request<Body>), Error> {
        // It is never sent, and reqwest's own answers do not name it.
        request.url_mut().set_fragment(None);
        let uri: Uri =
            request.url().as_str().parse().map_err(|_| {
                Error::configuration("the request's URL is not one that HTTP can send")
            })?;
        let mut own = http::Request::new(request.body_mut().take().unwrap_or_default());
        *own.method_mut() = request.method().clone();
        *own.uri_mut() = uri.clone();
        *own.version_mut() = request.version();
        *own.headers_mut() = std::mem::take(request.headers_mut());
        *own.extensions_mut() = std::mem::take(extensions);
        Ok((Self { request, uri }, own))
    }

    pub(crate) fn url(&self) -> &Url {
        self.request.url()
    }

    /// The reverse for one leg; the middleware's extensions come out again.
    pub(crate) fn leg<B>(
        &self,
        leg: http::Request<AuthBody<B>>,
    ) -> Result<(Request, Extensions), Error>
    where
        B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
        B::Error: Into<countersign_core::BoxError>,
    {
        let unsendable = || Error::configuration("the scheme made a URL that HTTP cannot send");
        let (head, body) = leg.into_parts();
        let mut request = self.request.try_clone().ok_or_else(unsendable)?;
        if head.uri != self.uri {
            *request.url_mut() = head.uri.to_string().parse().map_err(|_| unsendable())?;
        }
        *request.method_mut() = head.method;
        *request.version_mut() = head.version;
        *request.headers_mut() = head.headers;
        // An empty body that is named makes reqwest send `Content-Length: 0` where there was none.
        *request.body_mut() =
            Some(to_body(body.into_source())).filter(|body| !http_body::Body::is_end_stream(body));
        Ok((request, head.extensions))
    }
}

/// The body in the best form that reqwest knows.
fn to_body<B>(source: Source<B>) -> Body
where
    B: http_body::Body + Unpin + Send + Sync + Into<Body> + 'static,
    B::Error: Into<countersign_core::BoxError>,
{
    match source {
        Source::Untouched(body) => body.into(),
        Source::Bytes(bytes) => bytes.into(),
        Source::Other(body) => Body::wrap(body),
    }
}

/// The body of an answer for the loop: the answer itself without its head, until something of it is read.
pub(crate) struct Answer {
    unread: Option<Response>,
    body: Body,
}

impl Answer {
    /// Splits an answer for the loop.
    pub(crate) fn split(mut response: Response) -> http::Response<Self> {
        let mut head = http::Response::new(()).into_parts().0;
        head.status = response.status();
        head.version = response.version();
        head.headers = std::mem::take(response.headers_mut());
        head.extensions = std::mem::take(response.extensions_mut());
        let (unread, body) = (Some(response), Body::default());
        http::Response::from_parts(head, Self { unread, body })
    }

    /// The reverse. The answer names `url`, the caller's, as the one that was sent may hold a credential.
    pub(crate) fn join(answer: http::Response<AuthBody<Self>>, url: Url) -> Response {
        let (mut head, body) = answer.into_parts();
        match body.into_source() {
            Source::Untouched(Self {
                unread: Some(mut response),
                ..
            }) if is_of(&response, &head, &url) => {
                *response.headers_mut() = head.headers;
                *response.extensions_mut() = head.extensions;
                response
            }
            source => {
                if let Ok(carrier) = http::Response::builder().url(url).body(()) {
                    head.extensions.extend(carrier.into_parts().0.extensions);
                }
                http::Response::from_parts(head, to_body(source)).into()
            }
        }
    }

    fn body(&mut self) -> Pin<&mut Body> {
        if let Some(response) = self.unread.take() {
            self.body = response.into();
        }
        Pin::new(&mut self.body)
    }
}

/// Whether it needs nothing but its own fields and extensions back.
fn is_of(response: &Response, head: &response::Parts, url: &Url) -> bool {
    response.status() == head.status && response.version() == head.version && response.url() == url
}

impl From<Answer> for Body {
    fn from(mut answer: Answer) -> Self {
        std::mem::take(&mut *answer.body())
    }
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        self.get_mut().body().poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        match &self.unread {
            Some(response) => response.content_length() == Some(0),
            None => self.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.unread {
            Some(response) => response
                .content_length()
                .map_or_else(SizeHint::default, SizeHint::with_exact),
            None => self.body.size_hint(),
        }
    }
}
