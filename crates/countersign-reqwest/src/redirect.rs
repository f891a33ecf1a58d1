//! [`RedirectMiddleware`].

use countersign_core::AuthBody;
use countersign_core::redirect::{Follow, Policy};
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next};

use crate::auth::finish;
use crate::convert::{request_to_http, response_from_http};
use crate::transport::NextTransport;

/// Follows redirects above [`AuthMiddleware`](crate::AuthMiddleware): a hop on the same origin is signed anew, and
/// nothing that a scheme added reaches any other. At most 10 by default.
#[derive(Clone, Debug, Default)]
pub struct RedirectMiddleware {
    policy: Policy,
}

impl RedirectMiddleware {
    /// A middleware that follows by `policy`.
    pub fn new(policy: Policy) -> Self {
        Self { policy }
    }
}

#[async_trait::async_trait]
impl Middleware for RedirectMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        let request =
            request_to_http(request, extensions).map_err(reqwest_middleware::Error::middleware)?;
        let transport = NextTransport::new(next, None);
        let followed = Follow::new(self.policy.clone(), request, transport).await;
        finish(
            followed.map(|response| response_from_http(response.map(AuthBody::new))),
            extensions,
        )
    }
}
