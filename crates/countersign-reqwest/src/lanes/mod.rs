//! Connections of their own below reqwest, for schemes that authenticate a connection.

mod once;

use std::fmt;
use std::sync::Arc;

use countersign_core::Settings;
use countersign_core::lanes::{Lane, Lanes, needs_http1, refuses_http1};
use http::Extensions;
use reqwest::{Client, ClientBuilder, Request, Response};
use reqwest_middleware::{Middleware, Next};

use once::{Gone, Once};

/// Connections of their own below reqwest, for schemes that authenticate a connection and not a request.
///
/// reqwest shares its connections, so each lane is a client that connects but once in its life. It is made by the
/// user's own closure, so that TLS, proxy, timeouts and name resolution hold on the lanes too; a closure that clones a
/// prepared TLS configuration makes them cheap.
///
/// With the feature `tls` a lane knows the certificate that its server showed, for schemes that bind their proofs to it.
///
/// Both halves are needed: [`settings`](Self::settings) at [`AuthMiddleware`](crate::AuthMiddleware), and
/// [`middleware`](Self::middleware) as the last of the stack. Without the latter a request fails.
///
/// ```
/// use countersign_basic::Basic;
/// use countersign_reqwest::{AuthMiddleware, ReqwestLanes, Settings};
/// use reqwest_middleware::ClientBuilder;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let builder = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
/// let lanes = ReqwestLanes::new(8, builder);
/// let auth = AuthMiddleware::new(Basic::new("Aladdin", "open sesame")?);
/// let client = ClientBuilder::new(builder().build()?)
///     .with(auth.settings(lanes.settings(Settings::default())))
///     .with(lanes.middleware())
///     .build();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ReqwestLanes {
    lanes: Lanes<Client>,
    make: Arc<dyn Fn() -> ClientBuilder + Send + Sync>,
}

impl ReqwestLanes {
    /// At most `per_identity` connections at once for each origin and identity, each made by `make`.
    pub fn new(
        per_identity: usize,
        make: impl Fn() -> ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        Self {
            lanes: Lanes::new(per_identity),
            make: Arc::new(make),
        }
    }

    /// `settings` with these lanes.
    pub fn settings(&self, settings: Settings) -> Settings {
        settings.lanes(self.lanes.clone())
    }

    /// The piece at the bottom that sends over the lanes.
    pub fn middleware(&self) -> LaneMiddleware {
        LaneMiddleware(self.clone())
    }

    /// A client that connects once.
    fn connect(&self) -> reqwest::Result<Client> {
        let builder = (self.make)();
        #[cfg(feature = "tls")]
        let builder = builder.tls_info(true);
        builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .http1_only()
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(None)
            .connector_layer(Once)
            .build()
    }
}

impl fmt::Debug for ReqwestLanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestLanes")
            .field("lanes", &self.lanes)
            .finish_non_exhaustive()
    }
}

/// Sends over a lane where the exchange holds one, and lets every other request pass. See [`ReqwestLanes`].
#[derive(Clone, Debug)]
pub struct LaneMiddleware(ReqwestLanes);

#[async_trait::async_trait]
impl Middleware for LaneMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        match extensions.remove::<Lane<Client>>() {
            None => next.run(request, extensions).await,
            Some(lane) => self.send(request, lane).await.map_err(explained),
        }
    }
}

impl LaneMiddleware {
    async fn send(&self, request: Request, lane: Lane<Client>) -> reqwest::Result<Response> {
        let client = match lane.take() {
            Some(client) => client,
            None => self.0.connect()?,
        };
        let response = match client.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                if Gone::caused(&error) {
                    lane.mark_lost();
                }
                return Err(error);
            }
        };
        #[cfg(feature = "tls")]
        remember_certificate(&lane, &response);
        lane.put(client);
        Ok(response)
    }
}

fn explained(error: reqwest::Error) -> reqwest_middleware::Error {
    match refuses_http1(&error) {
        true => {
            let error = needs_http1().with_source(error.without_url());
            reqwest_middleware::Error::middleware(error)
        }
        false => error.into(),
    }
}

/// What the server showed when the connection was made; every answer over it says so anew.
#[cfg(feature = "tls")]
fn remember_certificate(lane: &Lane<Client>, response: &Response) {
    let shown = response.extensions().get::<reqwest::tls::TlsInfo>();
    if let Some(der) = shown.and_then(reqwest::tls::TlsInfo::peer_certificate) {
        let certificate = countersign_core::PeerCertificate::new(der.to_vec());
        lane.connection().remember(certificate);
    }
}
