//! [`ReqwestFetch`].

use bytes::{Bytes, BytesMut};
use countersign_core::{Begin, Error, ErrorKind, Fetch, FetchLimits};
use http::{Request, Response};
use reqwest::Client;

/// A [`Fetch`] over a reqwest client of its own, for the endpoints that a scheme itself calls. It follows no redirect.
#[derive(Clone, Debug)]
pub struct ReqwestFetch {
    client: Client,
    limits: FetchLimits,
}

impl ReqwestFetch {
    /// Fetches through a client that `builder` makes, with its redirects and `Referer` off and the deadline set.
    ///
    /// # Errors
    ///
    /// Those of `reqwest::ClientBuilder::build`.
    pub fn new(builder: reqwest::ClientBuilder, limits: FetchLimits) -> reqwest::Result<Self> {
        let builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false);
        Ok(Self {
            client: builder.timeout(limits.deadline).build()?,
            limits,
        })
    }
}

impl Fetch for ReqwestFetch {
    fn fetch(&self, request: Request<Bytes>) -> Begin<Response<Bytes>> {
        let Self { client, limits } = self.clone();
        Begin::wait(async move { send(client, request, limits.max_body).await })
    }
}

async fn send(
    client: Client,
    request: Request<Bytes>,
    max_body: usize,
) -> Result<Response<Bytes>, Error> {
    let request = reqwest::Request::try_from(request).map_err(failed)?;
    let mut response = client.execute(request).await.map_err(failed)?;
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > max_body {
            return Err(Error::new(
                ErrorKind::Fetch,
                "the endpoint's answer is larger than max_body",
            ));
        }
        body.extend_from_slice(&chunk);
    }
    let parts = http::Response::<reqwest::Body>::from(response)
        .into_parts()
        .0;
    Ok(Response::from_parts(parts, body.freeze()))
}

fn failed(error: reqwest::Error) -> Error {
    let message = "the endpoint could not be reached, or did not answer in time";
    Error::new(ErrorKind::Fetch, message).with_source(error.without_url())
}
