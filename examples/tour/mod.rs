//! The servers of the tour: a route for each scheme, and an authorization server.

mod added;
pub mod entries;
mod issuer;
pub mod server;
mod signers;

use serde_json::{Value, json};

use entries::{Entry, SECRET, USER};
use issuer::Issuer;
use server::Server;
use signers::Service;

/// Whatever went wrong.
pub type Failed = Box<dyn std::error::Error>;

/// The servers; they stop with the runtime.
pub struct Tour {
    /// What there is to visit.
    pub entries: Vec<Entry>,
    /// Where it is.
    pub server: Server,
    issuer: Issuer,
    service: Service,
}

impl Tour {
    /// Starts them, on loopback.
    ///
    /// # Errors
    ///
    /// Where no port or no key can be had.
    pub async fn start() -> Result<Self, Failed> {
        let (issuer, service) = (Issuer::start().await?, Service::new()?);
        let entries = entries::all(&issuer, &service)?;
        Ok(Self {
            server: Server::start(&entries).await?,
            entries,
            issuer,
            service,
        })
    }

    /// What the collection beside this file needs to know of them, as an environment of Postman.
    pub fn environment(&self) -> Value {
        let open = |key: &str, value: &str| json!({"key": key, "value": value, "enabled": true});
        let secret = |key: &str, value: &str| json!({"key": key, "value": value, "type": "secret", "enabled": true});
        json!({
            "name": "tour",
            "values": [
                open("server", self.server.url("").trim_end_matches('/')),
                open("issuer", &self.issuer.url("")),
                open("user", USER),
                secret("secret", SECRET),
                secret("serviceKey", &self.service.key()),
            ],
            "_postman_variable_scope": "environment",
        })
    }
}

impl std::fmt::Debug for Tour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tour")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}
