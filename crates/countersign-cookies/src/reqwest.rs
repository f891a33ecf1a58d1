//! [`CookieMiddleware`].

use http::{Extensions, Uri};
use reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next, Result};

use crate::jar::Jar;
use crate::skip::NoCookies;

/// Sends a jar's cookies with every request of a reqwest-middleware client, and keeps what the answers set.
///
/// It stands below auth, so that each leg takes along what the one before was given, and above the lanes. The client's own
/// jar stays off.
#[derive(Clone, Debug)]
pub struct CookieMiddleware {
    jar: Jar,
}

impl CookieMiddleware {
    /// A middleware with `jar`.
    pub fn new(jar: Jar) -> Self {
        Self { jar }
    }
}

#[async_trait::async_trait]
impl Middleware for CookieMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let uri: Option<Uri> = request.url().as_str().parse().ok();
        let Some(uri) = uri.filter(|_| extensions.get::<NoCookies>().is_none()) else {
            return next.run(request, extensions).await;
        };
        self.jar.apply(&uri, request.headers_mut());
        let response = next.run(request, extensions).await?;
        self.jar.learn(&uri, response.headers());
        Ok(response)
    }
}
