//! [`Form`], the small request of the grants that the `oauth2` crate has none for.

use countersign_core::Secret;
use countersign_core::canonical::form::MEDIA_TYPE;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use url::Url;

use super::pairs;
use crate::credentials::Setup;

/// A form for one of the server's endpoints.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Begins with these fields.
    pub(crate) fn new(fields: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self(fields.iter().map(owned).collect())
    }

    /// Adds the scope that is asked for.
    pub(crate) fn scope(mut self, setup: &Setup) -> Self {
        if !setup.asked.scopes.is_empty() {
            self.0.push(("scope".into(), setup.asked.scopes.join(" ")));
        }
        self
    }

    /// Adds what a resource and an audience are named by (RFC 8707).
    pub(crate) fn targets(mut self, setup: &Setup) -> Self {
        self.0.extend(targets(setup));
        self
    }

    /// Adds fields whose values are secret.
    pub(crate) fn secrets(mut self, fields: &[(String, Secret)]) -> Self {
        let text = |secret: &Secret| secret.expose_str().unwrap_or_default().to_owned();
        self.0.extend(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), text(value))),
        );
        self
    }

    /// The request to `url`, in the client's name.
    pub(crate) fn request(
        mut self,
        setup: &Setup,
        url: &Url,
    ) -> countersign_core::Result<Request<Vec<u8>>> {
        let asked = &setup.asked;
        let (how, id, secret) = (
            asked.authentication,
            &asked.client_id,
            asked.client_secret.as_ref(),
        );
        if !id.is_empty() {
            self.0.extend(how.fields(id, secret)?);
        }
        let mut request = Request::new(pairs::encode(&self.0).into_bytes());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = url.as_str().parse().map_err(|_| {
            countersign_core::Error::configuration("an endpoint's URL is none that can be sent")
        })?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(value) = how.header(id, secret)? {
            headers.insert(AUTHORIZATION, value);
        }
        Ok(request)
    }
}

/// `resource`, as often as there are some, and `audience`.
pub(crate) fn targets(setup: &Setup) -> Vec<(String, String)> {
    let resources = setup.asked.resources.iter().map(|uri| ("resource", uri));
    let audience = setup
        .asked
        .audience
        .iter()
        .map(|audience| ("audience", audience));
    let all = resources.chain(audience);
    all.map(|(name, value)| (name.into(), value.clone()))
        .collect()
}
