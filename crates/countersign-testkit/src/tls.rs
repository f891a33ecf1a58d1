//! [`Certificates`], TLS for servers that only this process trusts.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

/// A self-signed certificate for some names and addresses, and the client that trusts only it.
#[derive(Clone)]
pub struct Certificates {
    server: Arc<ServerConfig>,
    client: ClientConfig,
}

impl Certificates {
    /// A certificate for `names`, host names or IP addresses.
    pub fn new(names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let (certificate, key) = (made.cert.der().clone(), made.signing_key.serialize_der());
        Self {
            server: server(certificate.clone(), key),
            client: client(certificate),
        }
    }

    /// The same for servers that speak this protocol alone, by its name in ALPN (RFC 7301).
    #[must_use]
    pub fn speaking(&self, protocol: &str) -> Self {
        let mut server = ServerConfig::clone(&self.server);
        server.alpn_protocols = vec![protocol.into()];
        Self {
            server: Arc::new(server),
            client: self.client.clone(),
        }
    }

    /// What turns an accepted connection into a TLS one.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.server))
    }

    /// A client that trusts this certificate and no other.
    pub fn client(&self) -> ClientConfig {
        self.client.clone()
    }
}

fn server(certificate: CertificateDer<'static>, key: Vec<u8>) -> Arc<ServerConfig> {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::try_from(key).unwrap());
    Arc::new(config.unwrap())
}

fn client(certificate: CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificates")
    }
}
