//! The values of MS-NLMP, section 4.2.

use super::{array, credentials, hex};
use crate::calculation::{Key, Ntowf, Side, Signer};
use crate::client::{Terms, answer};
use crate::credentials::NtHash;
use crate::message::{Authenticate, Challenge, ClientChallenge, Flags};

const SERVER_CHALLENGE: &str = "0123456789abcdef";
const CLIENT_CHALLENGE: [u8; 8] = [0xaa; 8];
const SESSION_KEY: [u8; 16] = [0x55; 16];

/// Section 4.2.4.3.
const CHALLENGE: &str = "
    4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 2400240044000000
    060070170000000f 530065007200760065007200
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000";
const TEMP: &str = "
    0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000
    02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000";

fn hash() -> NtHash {
    NtHash::of(&"Password".into()).unwrap()
}

#[test]
fn the_nt_hash() {
    assert_eq!(hash().expose(), &array("a4f49c406510bdcab6824ee7c30fd852"));
    let read = NtHash::from_hex("A4F49C406510BDCAB6824EE7C30FD852").unwrap();
    assert_eq!(read.expose(), hash().expose());
}

#[test]
fn ntlm_v2() {
    let key = Ntowf::key(&hash(), "User", "Domain");
    assert_eq!(*key, array("0c868a403bfd7a93a3001ef22ef02e3f"));
    let (ntowf, server) = (
        Ntowf::new(&hash(), "User", "Domain"),
        array(SERVER_CHALLENGE),
    );
    let lm = ntowf.lm_response(server, CLIENT_CHALLENGE);
    assert_eq!(
        lm,
        array("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa")
    );
    let proof = ntowf.proof(server, &hex(TEMP));
    assert_eq!(proof, array("68cd0ab851e51c96aabc927bebef6a1c"));
    let key = ntowf.key_exchange_key(proof);
    assert_eq!(key.expose(), &array("8de40ccadbc14a82f15cb0ad0de95ca3"));
    assert_eq!(
        key.wrap(SESSION_KEY),
        array("c5dad2544fc979909 4ce1ce90bc9d03e")
    );
}

/// The example names no time and demands no service, so what we add of our own is another response; the rest is the same.
#[test]
fn the_messages_of_ntlm_v2() {
    let challenge = hex(CHALLENGE);
    let read = Challenge::read(&challenge).unwrap();
    assert_eq!(read.flags(), Flags::new(0xe28a_8233));
    assert_eq!(read.target_name().unwrap(), "Server");
    assert_eq!(read.target_info().text(2).unwrap(), "Domain");
    let terms = Terms {
        negotiate: &[],
        offered: Flags::new(0xe288_8233),
        service_name: "",
        binding: None,
        client_challenge: CLIENT_CHALLENGE,
        session_key: SESSION_KEY,
        now: 0,
        #[cfg(feature = "v1")]
        allow_v1: false,
    };
    let credentials = credentials("User", "Domain", "COMPUTER", "Password");
    let answer = answer(&credentials, &challenge, &terms).unwrap();
    let message = Authenticate::read(&answer.message).unwrap();
    assert_eq!(message.flags(), Flags::new(0xe28a_8231));
    let names = [message.domain(), message.user(), message.workstation()];
    assert_eq!(names.map(Result::unwrap), ["Domain", "User", "COMPUTER"]);
    assert_eq!(
        message.lm_response(),
        hex("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa")
    );
    let response = ClientChallenge::read(message.nt_response()).unwrap();
    assert_eq!(response.temp()[..60], hex(TEMP)[..60]);
    assert_eq!(message.mic(), Some([0; 16]));
    assert_eq!(answer.session_key.expose(), &SESSION_KEY);
}

#[test]
fn the_example_message_is_read() {
    let message = hex(&format!(
        "4e544c4d53535000 03000000 180018006c000000 5400540084000000 0c000c0048000000 0800080054000000
         100010005c000000 10001000d8000000 35828 8e2 0501280a0000000f
         44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
         86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa
         68cd0ab851e51c96aabc927bebef6a1c {TEMP} c5dad2544fc97990 94ce1ce90bc9d03e"
    ));
    let read = Authenticate::read(&message).unwrap();
    let response = ClientChallenge::read(read.nt_response()).unwrap();
    assert_eq!(response.temp(), hex(TEMP));
    assert_eq!(
        read.encrypted_session_key(),
        hex("c5dad2544fc9799094ce1ce90bc9d03e")
    );
    assert_eq!(read.user().unwrap(), "User");
    assert_eq!(read.mic(), None);
}

#[test]
fn signing_and_sealing() {
    let flags = Flags::new(0xe28a_8233);
    let mut signer = Signer::new(&Key::new(SESSION_KEY), flags, Side::Client);
    let plain = hex("50006c00610069006e007400650078007400");
    assert_eq!(
        signer.sealed(&plain),
        hex("54e50165bf1936dc996020c1811b0f06fb5f")
    );
    assert_eq!(
        signer.sign(0, &plain),
        array("01000000 7fb38ec5c55d4976 00000000")
    );
}

#[cfg(feature = "v1")]
#[test]
fn ntlm_v1_and_the_ntlm2_session_response() {
    use crate::calculation::{ntlm_response, ntlm2_session_response};
    let server = array(SERVER_CHALLENGE);
    let response = ntlm_response(&hash(), server);
    assert_eq!(
        response,
        array("67c43011f30298a2ad35ece64f16331c44bdbed927841f94")
    );
    let response = ntlm2_session_response(&hash(), server, CLIENT_CHALLENGE);
    assert_eq!(
        response,
        array("7537f803ae367128ca458204bde7caf81e97ed2683267232")
    );
}
