//! Whatever a challenge holds comes back as it was, each parameter once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

mod support;

use std::sync::Arc;

use countersign_core::challenge::{self, Param};
use countersign_digest::Digest;
use http::{HeaderValue, Response};
use proptest::prelude::*;
use support::{Wire, parsed, status};

/// Bytes that a quoted string can hold: all but control characters.
fn quotable(least: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        Just(b'"'),
        Just(b'\\'),
        Just(b','),
        0x20..=0x7e_u8,
        0x80..=0xff_u8
    ];
    proptest::collection::vec(byte, least..24)
}

fn answer(user: &str, challenge: HeaderValue) -> HeaderValue {
    let refused = Response::builder()
        .status(401)
        .header("www-authenticate", challenge);
    let refused = refused.body(bytes::Bytes::new()).unwrap();
    let wire = Wire::new(move |n, _| if n == 0 { refused.clone() } else { status(200) });
    let digest = Arc::new(Digest::new(user, "sesame").unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(wire.get(&digest)).unwrap();
    wire.credentials(1).unwrap()
}

proptest! {
    #[test]
    fn values_come_back_as_they_were(
        user in "\\PC{0,12}",
        realm in quotable(0),
        nonce in quotable(1),
        opaque in quotable(0),
    ) {
        let params = [
            Param::quoted("realm", &realm),
            Param::quoted("nonce", &nonce),
            Param::quoted("opaque", &opaque),
            Param::quoted("qop", "auth"),
        ];
        let header = answer(&user, challenge::write("Digest", &params).unwrap());
        let given = parsed(&header);
        prop_assert_eq!(given.param("username"), Some(user.as_bytes()));
        prop_assert_eq!(given.param("realm"), Some(&*realm));
        prop_assert_eq!(given.param("nonce"), Some(&*nonce));
        prop_assert_eq!(given.param("opaque"), Some(&*opaque));
        prop_assert_eq!(given.params().len(), 9);
    }
}
