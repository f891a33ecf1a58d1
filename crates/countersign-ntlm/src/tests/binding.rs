//! Which hash a certificate is bound by.

use der::asn1::{AnyRef, BitString, ObjectIdentifier};
use der::{Encode, Tag};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::ChannelBinding;
use crate::calculation::md5;

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    AnyRef::new(Tag::Sequence, &parts.concat())
        .unwrap()
        .to_der()
        .unwrap()
}

fn oid(name: &str) -> Vec<u8> {
    ObjectIdentifier::new_unwrap(name).to_der().unwrap()
}

/// A certificate that says nothing but how it is signed.
fn certificate(algorithm: &[Vec<u8>]) -> Vec<u8> {
    let signature = BitString::from_bytes(&[7; 8]).unwrap().to_der().unwrap();
    sequence(&[sequence(&[]), sequence(algorithm), signature])
}

/// The structure that is hashed: RFC 2744, section 3.11, without addresses.
fn expected(hash: &[u8]) -> [u8; 16] {
    let data = [b"tls-server-end-point:", hash].concat();
    let length = u32::try_from(data.len()).unwrap().to_le_bytes();
    md5(&[&[0; 16], &length, &data])
}

#[test]
fn the_hash_is_that_of_the_signature() {
    let of_sha256 = |certificate: &[u8]| Sha256::digest(certificate).to_vec();
    let of_sha384 = |certificate: &[u8]| Sha384::digest(certificate).to_vec();
    let of_sha512 = |certificate: &[u8]| Sha512::digest(certificate).to_vec();
    type Hash = fn(&[u8]) -> Vec<u8>;
    for (name, hash) in [
        ("1.2.840.113549.1.1.4", of_sha256 as Hash),
        ("1.2.840.113549.1.1.5", of_sha256),
        ("1.2.840.10045.4.1", of_sha256),
        ("1.2.840.113549.1.1.11", of_sha256),
        ("1.2.840.10045.4.3.2", of_sha256),
        ("1.2.840.113549.1.1.12", of_sha384),
        ("1.2.840.10045.4.3.3", of_sha384),
        ("1.2.840.113549.1.1.13", of_sha512),
        ("1.2.840.10045.4.3.4", of_sha512),
    ] {
        let certificate = certificate(&[oid(name)]);
        let binding = ChannelBinding::server_end_point(&certificate).unwrap();
        assert_eq!(binding.bytes(), &expected(&hash(&certificate)), "{name}");
    }
}

#[test]
fn rsassa_pss_names_its_hash_beside() {
    const PSS: &str = "1.2.840.113549.1.1.10";
    let tagged = |inner: Vec<u8>| {
        let tag = Tag::ContextSpecific {
            constructed: true,
            number: der::TagNumber(0),
        };
        AnyRef::new(tag, &inner).unwrap().to_der().unwrap()
    };
    let named = |hash| sequence(&[tagged(sequence(&[oid(hash)]))]);
    let sha384 = certificate(&[oid(PSS), named("2.16.840.1.101.3.4.2.2")]);
    let binding = ChannelBinding::server_end_point(&sha384).unwrap();
    assert_eq!(binding.bytes(), &expected(&Sha384::digest(&sha384)));
    for parameters in [vec![], vec![sequence(&[])], vec![named("1.3.14.3.2.26")]] {
        let certificate = certificate(&[vec![oid(PSS)], parameters].concat());
        let binding = ChannelBinding::server_end_point(&certificate).unwrap();
        assert_eq!(binding.bytes(), &expected(&Sha256::digest(&certificate)));
    }
}

#[test]
fn what_has_no_binding() {
    let of = |certificate: &[u8]| {
        ChannelBinding::server_end_point(certificate)
            .unwrap_err()
            .kind()
    };
    let ed25519 = certificate(&[oid("1.3.101.112")]);
    assert_eq!(of(&ed25519), countersign_core::ErrorKind::Unsupported);
    for broken in [
        &b""[..],
        b"no DER",
        &ed25519[1..],
        &[ed25519.clone(), vec![0]].concat(),
    ] {
        assert_eq!(of(broken), countersign_core::ErrorKind::Configuration);
    }
}
