//! [`ChannelBinding`].

use std::fmt;

use countersign_core::{Error, Result};
use der::asn1::{AnyRef, BitStringRef, ContextSpecific, ObjectIdentifier};
use der::{Decode, Sequence, SliceReader, TagNumber};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use crate::calculation::md5;

/// What ties a handshake to the TLS connection that it runs in, so that nobody can forward it into another one: RFC 5929,
/// as MS-NLMP, section 3.1.5.1.2, puts it into the response.
#[derive(Clone, Copy)]
pub struct ChannelBinding([u8; 16]);

impl ChannelBinding {
    /// `tls-server-end-point`: the server's own certificate, in DER, hashed as its signature is, with SHA-256 in place of
    /// MD5 and SHA-1 (RFC 5929, section 4.1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`](countersign_core::ErrorKind::Unsupported) for a certificate whose signature has no hash
    /// function of its own, as Ed25519, for which the binding is not defined; for one that cannot be read,
    /// [`ErrorKind::Configuration`](countersign_core::ErrorKind::Configuration).
    pub fn server_end_point(certificate: &[u8]) -> Result<Self> {
        let hash = match function(certificate)? {
            Function::Sha224 => Sha224::digest(certificate).to_vec(),
            Function::Sha256 => Sha256::digest(certificate).to_vec(),
            Function::Sha384 => Sha384::digest(certificate).to_vec(),
            Function::Sha512 => Sha512::digest(certificate).to_vec(),
        };
        Ok(Self::of(
            &[b"tls-server-end-point:".as_slice(), &hash].concat(),
        ))
    }

    /// The binding of other application data (RFC 2744, section 3.11), its prefix included.
    pub fn of(application_data: &[u8]) -> Self {
        let length = u32::try_from(application_data.len()).unwrap_or(u32::MAX);
        Self(md5(&[&[0; 16], &length.to_le_bytes(), application_data]))
    }

    pub(crate) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        self.0.ct_eq(bytes).into()
    }
}

impl fmt::Debug for ChannelBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelBinding")
    }
}

#[derive(Clone, Copy)]
enum Function {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// As much of a certificate as is needed (RFC 5280, section 4.1).
#[derive(Sequence)]
struct Certificate<'a> {
    _tbs: AnyRef<'a>,
    algorithm: Algorithm<'a>,
    _signature: BitStringRef<'a>,
}

#[derive(Sequence)]
struct Algorithm<'a> {
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
}

const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// Signature algorithms, and hash functions as RSASSA-PSS names them, by what the binding hashes with.
const FUNCTIONS: &[(Function, &[&str])] = &[
    (
        Function::Sha256,
        &[
            "1.2.840.113549.1.1.4",
            "1.2.840.113549.1.1.5",
            "1.2.840.113549.1.1.11",
            "1.2.840.10045.4.1",
            "1.2.840.10045.4.3.2",
            "1.2.840.10040.4.3",
            "2.16.840.1.101.3.4.3.2",
            "1.2.840.113549.2.5",
            "1.3.14.3.2.26",
            "2.16.840.1.101.3.4.2.1",
        ],
    ),
    (
        Function::Sha224,
        &[
            "1.2.840.113549.1.1.14",
            "1.2.840.10045.4.3.1",
            "2.16.840.1.101.3.4.3.1",
            "2.16.840.1.101.3.4.2.4",
        ],
    ),
    (
        Function::Sha384,
        &[
            "1.2.840.113549.1.1.12",
            "1.2.840.10045.4.3.3",
            "2.16.840.1.101.3.4.2.2",
        ],
    ),
    (
        Function::Sha512,
        &[
            "1.2.840.113549.1.1.13",
            "1.2.840.10045.4.3.4",
            "2.16.840.1.101.3.4.2.3",
        ],
    ),
];

fn function(certificate: &[u8]) -> Result<Function> {
    let certificate = Certificate::from_der(certificate).map_err(unreadable)?;
    let algorithm = certificate.algorithm;
    if algorithm.oid == RSA_PSS {
        return pss_function(&algorithm);
    }
    named(&algorithm.oid)
}

/// The hash function in the parameters of RSASSA-PSS; SHA-1 where they name none (RFC 4055, section 3.1).
fn pss_function(algorithm: &Algorithm<'_>) -> Result<Function> {
    let Some(parameters) = &algorithm.parameters else {
        return Ok(Function::Sha256);
    };
    let mut reader = SliceReader::new(parameters.value()).map_err(unreadable)?;
    let hash = ContextSpecific::<Algorithm<'_>>::decode_explicit(&mut reader, TagNumber(0));
    let hash = hash.map_err(unreadable)?;
    hash.map_or(Ok(Function::Sha256), |hash| named(&hash.value.oid))
}

fn named(oid: &ObjectIdentifier) -> Result<Function> {
    let name = oid.to_string();
    let found = FUNCTIONS.iter().find(|(_, names)| names.contains(&&*name));
    found.map(|(function, _)| *function).ok_or_else(|| {
        Error::new(
            countersign_core::ErrorKind::Unsupported,
            "no channel binding is defined for the signature of this certificate",
        )
    })
}

fn unreadable(error: der::Error) -> Error {
    Error::configuration("the server's certificate cannot be read: it has to be X.509 in DER")
        .with_source(error)
}
