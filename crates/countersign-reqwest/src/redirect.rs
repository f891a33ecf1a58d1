//! [`RedirectMiddleware`].

use countersign_core::AuthBody;
use countersign_core::redirect::{Follow, Policy};
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next};

use crate::transport::{Passage, Shown};

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
        let (passage, request) = Passage::begin(request, extensions, Shown::Sent)?;
        let transport = passage.transport(next);
        let followed = Follow::new(self.policy.clone(), request, transport).await;
        let followed = followed.map(|response| response.map(AuthBody::new));
        passage.finish(followed, extensions)
    }
}
