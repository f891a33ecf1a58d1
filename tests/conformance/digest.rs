//! Digest: the examples of RFC 7616, section 3.9.1, whose responses are printed there.

use countersign_basic::Basic;
use countersign_core::{Any, AnyOf};
use countersign_digest::{Algorithm, Digest, Preset};

use crate::entry::{Entry, get};

const PASSWORDS: [&str; 2] = ["Circle of Life", "circle of life"];
const MD5: &str = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, \
    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
const SHA256: &str = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, \
    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
const BY_MD5: &str = "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
    algorithm=MD5, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, \
    cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, \
    response=\"8ca523f5e9506fed4657c9700eebdbec\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
const BY_SHA256: &str = "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
    algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, \
    cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, \
    response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", \
    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

fn digest(password: &str) -> Digest {
    let digest = Digest::new("Mufasa", password).unwrap();
    let client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    digest
        .preset(Preset::new().client_nonce(client_nonce))
        .unwrap()
}

fn basic(password: &str) -> Any {
    Any::new(Basic::new("Mufasa", password).unwrap().reactive())
}

pub(crate) fn entries() -> Vec<Entry> {
    let alone = |name| {
        let request = get("http://www.example.org/dir/index.html");
        Entry::new(name, PASSWORDS, request, |password, _| {
            Any::new(digest(password))
        })
    };
    let choice =
        |password: &str, _| Any::new(AnyOf::new([basic(password), Any::new(digest(password))]));
    let pinned = |password: &str, _| {
        let digest = Any::new(digest(password).min_algorithm(Algorithm::Sha256));
        Any::new(AnyOf::new([digest, basic(password)]))
    };
    vec![
        alone("MD5").asked(&[MD5]).accepted("authorization", BY_MD5),
        alone("SHA-256")
            .asked(&[SHA256])
            .accepted("authorization", BY_SHA256),
        alone("the strongest, last")
            .asked(&[MD5, SHA256])
            .accepted("authorization", BY_SHA256),
        alone("the strongest, first")
            .asked(&[SHA256, MD5])
            .accepted("authorization", BY_SHA256),
        Entry {
            client: choice,
            ..alone("before Basic")
        }
        .asked(&["Basic realm=\"x\"", SHA256])
        .accepted("authorization", BY_SHA256),
        Entry {
            client: pinned,
            ..alone("a pinned minimum is never undercut")
        }
        .asked(&[MD5, "Basic realm=\"x\""])
        .ends(Ok(401)),
    ]
}
