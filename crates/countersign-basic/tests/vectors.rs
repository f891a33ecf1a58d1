//! Credentials as a reference signer writes them, in UTF-8 and Latin-1.
#![allow(clippy::unwrap_used)]

countersign_testkit::watched!();

use countersign_basic::Basic;
use countersign_core::{ErrorKind, Payload, Sign};
use serde_json::Value;

fn header(basic: &Basic) -> String {
    let (mut head, ()) = http::Request::new(()).into_parts();
    basic.sign(&mut head, &mut Payload::default()).unwrap();
    head.headers["authorization"].to_str().unwrap().to_owned()
}

#[test]
fn every_vector_comes_out_byte_identical() {
    let file: Value = serde_json::from_str(include_str!("vectors/basic.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() > 100);
    for vector in vectors {
        let text = |key: &str| vector[key].as_str().unwrap();
        let (user, password) = (text("user"), text("password"));
        assert_eq!(header(&Basic::new(user, password).unwrap()), text("utf8"));
        let latin1 = Basic::latin1(user, password);
        match vector["latin1"].as_str() {
            Some(expected) => assert_eq!(header(&latin1.unwrap()), expected),
            None => assert_eq!(latin1.unwrap_err().kind(), ErrorKind::Configuration),
        }
    }
}

#[test]
fn the_examples_of_the_rfc() {
    let basic = Basic::new("Aladdin", "open sesame").unwrap();
    assert_eq!(header(&basic), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let basic = Basic::new("test", "123\u{a3}").unwrap();
    assert_eq!(header(&basic), "Basic dGVzdDoxMjPCow==");
}
