//! The vectors of an independent implementation.

use serde_json::Value;

use super::{array, credentials, hex};
use crate::calculation::{Ntowf, Side, Signer};
use crate::client::{Answer, Terms, answer};
use crate::credentials::NtHash;
use crate::message::{Authenticate, Challenge, ClientChallenge, Flags, MIC, Negotiate};
use crate::{ChannelBinding, message};

fn vectors() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../../tests/vectors/ntlm.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap().clone();
    assert_eq!(vectors.len(), 121);
    vectors
}

fn of(kind: &str) -> impl Iterator<Item = Value> {
    let named = move |vector: &Value| text(vector, "id").starts_with(kind);
    vectors().into_iter().filter(named)
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap_or_default()
}

/// A layout that we do not write: without the room of the version, which is always there in the specification.
fn lacks_version(vector: &Value) -> bool {
    text(vector, "label") == "no version field"
}

/// Another one: with a session key of one byte, where there is none to send.
fn has_odd_key(vector: &Value) -> bool {
    text(vector, "label") == "key_exch without sign/seal"
}

/// A string of bytes, of which each is one character.
fn binding(vector: &Value) -> Option<ChannelBinding> {
    let given = vector["channel_bindings"].as_str()?;
    let bytes: Vec<u8> = given
        .chars()
        .map(|one| u8::try_from(u32::from(one)).unwrap())
        .collect();
    Some(ChannelBinding::of(&bytes))
}

fn ours(vector: &Value, allow_v1: bool) -> Answer {
    let negotiate = hex(text(vector, "negotiate"));
    let random = |index: usize| vector["random"][index].as_str();
    let terms = Terms {
        negotiate: &negotiate,
        offered: Negotiate::read(&negotiate).unwrap().flags() | Flags::new(0x0040_0080),
        service_name: text(vector, "spn"),
        binding: binding(vector),
        client_challenge: random(0).map_or([0; 8], array),
        session_key: random(1).map_or([0; 16], array),
        now: u64::from_le_bytes(array(text(vector, "timestamp"))),
        #[cfg(feature = "v1")]
        allow_v1,
    };
    let _ = allow_v1;
    let names = ["user", "domain", "workstation", "password"].map(|name| text(vector, name));
    let credentials = credentials(names[0], names[1], names[2], names[3]);
    answer(&credentials, &hex(text(vector, "challenge")), &terms).unwrap()
}

#[test]
fn every_stage_of_ntlm_v2() {
    for vector in of("v2") {
        let (id, hash) = (
            text(&vector, "id"),
            NtHash::of(&text(&vector, "password").into()).unwrap(),
        );
        assert_eq!(hash.expose(), &array(text(&vector, "nt_hash")), "{id}");
        let (user, domain) = (text(&vector, "user"), text(&vector, "domain"));
        assert_eq!(
            *Ntowf::key(&hash, user, domain),
            array(text(&vector, "ntowfv2")),
            "{id}"
        );
        let ntowf = Ntowf::new(&hash, user, domain);
        let (server, temp) = (
            array(text(&vector, "server_challenge")),
            hex(text(&vector, "temp")),
        );
        assert_eq!(
            ntowf.proof(server, &temp),
            array(text(&vector, "nt_proof")),
            "{id}"
        );
    }
}

#[test]
fn every_answer_of_ntlm_v2() {
    for vector in of("v2") {
        let (id, ours) = (text(&vector, "id"), ours(&vector, false));
        let message = Authenticate::read(&ours.message).unwrap();
        assert_eq!(
            message.lm_response(),
            hex(text(&vector, "lm_response")),
            "{id}"
        );
        assert_eq!(
            message.nt_response(),
            hex(text(&vector, "nt_response")),
            "{id}"
        );
        let response = ClientChallenge::read(message.nt_response()).unwrap();
        assert_eq!(response.temp(), hex(text(&vector, "temp")), "{id}");
        let flags = u32::try_from(vector["flags"].as_u64().unwrap()).unwrap();
        assert_eq!(message.flags(), Flags::new(flags), "{id}");
        let key = array(text(&vector, "exported_session_key"));
        assert_eq!(ours.session_key.expose(), &key, "{id}");
        if !lacks_version(&vector) && !has_odd_key(&vector) {
            assert_eq!(
                comparable(ours.message),
                comparable(hex(text(&vector, "authenticate"))),
                "{id}"
            );
        }
    }
}

/// All but what depends on the version that is named: it, and the MIC over it.
fn comparable(mut message: Vec<u8>) -> Vec<u8> {
    message[64..MIC.end].fill(0);
    message
}

#[test]
fn every_mic() {
    let mut count = 0;
    for vector in of("v2").filter(|vector| !text(vector, "mic").trim_matches('0').is_empty()) {
        let mut message = hex(text(&vector, "authenticate"));
        let place = if lacks_version(&vector) { 64..80 } else { MIC };
        message[place.clone()].fill(0);
        let [negotiate, challenge] =
            ["negotiate", "challenge"].map(|name| hex(text(&vector, name)));
        let mic = ours(&vector, false)
            .session_key
            .mic([&negotiate, &challenge, &message]);
        assert_eq!(mic, array(text(&vector, "mic")), "{}", vector["id"]);
        count += 1;
    }
    assert!(count > 50, "{count}");
}

/// What seals and signs. Without a key of the client's choice nothing is sealed by us, but the signature is the same.
#[test]
fn every_signature() {
    const HELLO: &[u8] = "hello é".as_bytes();
    let mut count = 0;
    for vector in of("v2").filter(|vector| vector["wrap_hello"].is_string()) {
        let (ours, wrapped) = (ours(&vector, false), hex(text(&vector, "wrap_hello")));
        let mut signer = Signer::new(&ours.session_key, ours.flags, Side::Client);
        let sealed = signer.sealed(HELLO);
        assert_eq!(signer.sign(0, HELLO), wrapped[..16], "{}", vector["id"]);
        if ours.flags.contains(Flags::KEY_EXCHANGE) {
            assert_eq!(sealed, wrapped[16..], "{}", vector["id"]);
            count += 1;
        }
    }
    assert!(count > 40, "{count}");
}

/// A side that signs although signing was not agreed on sends a constant.
#[test]
fn a_signature_that_was_not_agreed_on() {
    let mut signer = Signer::new(
        &crate::calculation::Key::new([7; 16]),
        Flags::KEY_EXCHANGE,
        Side::Server,
    );
    assert_eq!(
        signer.sign(0, b"any"),
        array("01000000000000000000000000000000")
    );
}

/// The first message is ours by its form: theirs names another version, and offers to seal.
#[test]
fn the_first_message() {
    for vector in vectors() {
        let theirs = hex(text(&vector, "negotiate"));
        let ours = Negotiate::new(Negotiate::read(&theirs).unwrap().flags()).to_bytes();
        assert_eq!(ours[..32], theirs[..32]);
        assert_eq!((ours.len(), &ours[32..]), (40, &message::VERSION[..]));
        let challenge = hex(text(&vector, "challenge"));
        let read = Challenge::read(&challenge).unwrap();
        assert_eq!(
            read.server_challenge(),
            array(text(&vector, "server_challenge"))
        );
    }
}

/// Theirs answers by the LM hash too, which we never do, so that field is left out where it is not the client's challenge.
#[cfg(feature = "v1")]
#[test]
fn every_response_of_ntlm_v1() {
    use crate::calculation::{ntlm_response, ntlm2_session_response};
    for vector in of("v1") {
        let (id, hash) = (
            text(&vector, "id"),
            NtHash::of(&text(&vector, "password").into()).unwrap(),
        );
        let server = array(text(&vector, "server_challenge"));
        let expected = hex(text(&vector, "nt_response"));
        match text(&vector, "label") {
            "v1 + extended session security" => {
                let client = array(vector["random"][0].as_str().unwrap());
                assert_eq!(
                    ntlm2_session_response(&hash, server, client).as_slice(),
                    expected,
                    "{id}"
                );
            }
            _ => assert_eq!(ntlm_response(&hash, server).as_slice(), expected, "{id}"),
        }
    }
}

/// Only a server that cannot do NTLMv2 is answered by NTLMv1, and only if the user allows that; never by the LM hash.
#[cfg(feature = "v1")]
#[test]
fn the_switch_of_ntlm_v1() {
    let mut seen = [0; 3];
    for vector in of("v1") {
        let challenge = hex(text(&vector, "challenge"));
        let challenge = Challenge::read(&challenge).unwrap();
        let is_extended = challenge.flags().contains(Flags::EXTENDED_SESSION_SECURITY);
        let speaks_v2 = is_extended && !challenge.target_info().is_empty();
        for (allowed, is_v2) in [(false, true), (true, speaks_v2)] {
            let ours = ours(&vector, allowed);
            let message = Authenticate::read(&ours.message).unwrap();
            assert_eq!(
                ClientChallenge::read(message.nt_response()).is_ok(),
                is_v2,
                "{}",
                vector["id"]
            );
            if !is_v2 {
                assert_eq!(message.nt_response(), hex(text(&vector, "nt_response")));
                let lm = if is_extended {
                    hex(text(&vector, "lm_response"))
                } else {
                    message.nt_response().into()
                };
                assert_eq!(message.lm_response(), lm);
                seen[usize::from(is_extended)] += 1;
            } else if allowed {
                seen[2] += 1;
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}
