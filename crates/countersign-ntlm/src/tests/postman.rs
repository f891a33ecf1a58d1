//! The messages of Postman's own client, where its collection of vectors lies beside the repository.

use countersign_testkit::postman_vectors;
use serde_json::Value;

use crate::calculation::Ntowf;
use crate::carrier::decode;
use crate::credentials::NtHash;
use crate::message::{Authenticate, Challenge, ClientChallenge, Flags, Negotiate};

fn message(field: &Value) -> Vec<u8> {
    decode(field.as_str().unwrap().strip_prefix("NTLM ").unwrap()).unwrap()
}

/// Its names are upper-cased and escaped, which ours are not; beneath those names the proof is ours.
fn check_proof(vector: &Value, theirs: &[u8]) {
    let read = Authenticate::read(theirs).unwrap();
    let challenge = message(&vector["challenge"]);
    let server = Challenge::read(&challenge).unwrap().server_challenge();
    let hash = NtHash::of(&vector["params"]["password"].as_str().unwrap().into()).unwrap();
    assert_eq!(
        read.user().unwrap(),
        vector["params"]["username"].as_str().unwrap()
    );
    match ClientChallenge::read(read.nt_response()) {
        Ok(response) => {
            let key = Ntowf::new(&hash, &read.user().unwrap(), &read.domain().unwrap());
            assert_eq!(key.proof(server, response.temp()), response.proof());
            assert_eq!(key.lm_response(server, [0xaa; 8]), read.lm_response());
        }
        Err(_) => check_v1(&hash, server, &read),
    }
}

#[cfg(feature = "v1")]
fn check_v1(hash: &NtHash, server: [u8; 8], read: &Authenticate<'_>) {
    let response = crate::calculation::ntlm_response(hash, server);
    assert_eq!(response, read.nt_response());
}

#[cfg(not(feature = "v1"))]
fn check_v1(_: &NtHash, _: [u8; 8], read: &Authenticate<'_>) {
    assert_eq!(read.nt_response().len(), 24);
}

#[test]
fn they_come_out_the_same() {
    let Some(vectors) = postman_vectors("ntlm") else {
        return;
    };
    assert_eq!(vectors.len(), 5);
    for vector in &vectors {
        let theirs = message(&vector["expect"]["authorization"]);
        match vector["message"].as_u64() {
            Some(1) => {
                let flags = Negotiate::read(&theirs).unwrap().flags();
                assert_eq!(flags, Flags::new(0xa208_b207));
            }
            _ => check_proof(vector, &theirs),
        }
    }
}
