//! [`PeerCertificate`].

use bytes::Bytes;

/// The certificate that the peer of a [`Connection`](super::Connection) showed, its own and none of its issuers', in DER.
///
/// The piece that sends over lanes remembers it at the connection before it hands an answer up, where its client tells it;
/// a scheme that binds its proof to the channel recalls it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCertificate(Bytes);

impl PeerCertificate {
    /// A certificate in DER.
    pub fn new(der: impl Into<Bytes>) -> Self {
        Self(der.into())
    }

    /// Its DER.
    pub fn der(&self) -> &[u8] {
        &self.0
    }
}
