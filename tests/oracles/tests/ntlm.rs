//! NTLM beside ntlmclient, where that is right; and where it is not, what we do instead.
//!
//! It sends no MIC, knows no channel binding, reads lists of attributes that have no end, writes challenges wrongly, and ends
//! in a panic for every response of NTLMv1.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Connection, Cx, Exchange, Next, Payload, Scheme};
use countersign_ntlm::message::{Authenticate, Challenge, ClientChallenge};
use countersign_ntlm::{MemoryAccounts, Ntlm, NtlmVerifier};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Request, Response, request, response};
use md5::{Digest, Md5};
use ntlmclient::{
    Credentials, Flags, Message, NegotiateMessage, TargetInfoEntry, TargetInfoType,
    ntlm_v2_password_func, respond_challenge_ntlm_v2,
};
use proptest::prelude::*;

/// What a name and a password can be of; a domain without `\` and `@`, which take a user's name apart.
const NAME: &str = "[^\\p{C}\\\\@]{1,20}";
const PASSWORD: &str = "\\PC{0,40}";

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

fn credentials(username: &str, domain: &str, password: &str) -> Credentials {
    Credentials {
        username: username.to_owned(),
        password: password.to_owned(),
        domain: domain.to_owned(),
    }
}

fn field(message: &[u8]) -> HeaderValue {
    format!("NTLM {}", STANDARD.encode(message))
        .parse()
        .unwrap()
}

fn message(field: &HeaderValue) -> Vec<u8> {
    STANDARD
        .decode(field.to_str().unwrap().strip_prefix("NTLM ").unwrap())
        .unwrap()
}

fn head() -> request::Parts {
    Request::post("http://a.test/")
        .body(())
        .unwrap()
        .into_parts()
        .0
}

/// One connection of our verifier.
struct Server(NtlmVerifier, Connection);

impl Server {
    fn of(user: &str, password: &str) -> Self {
        let accounts = MemoryAccounts::new().password(user, password).unwrap();
        let verifier = NtlmVerifier::builder("LAB", accounts).build().unwrap();
        Self(verifier, Connection::default())
    }

    fn answer(&self, message: &[u8]) -> Result<String, Vec<HeaderValue>> {
        let mut head = head();
        head.extensions.insert(self.1.clone());
        head.headers.insert(AUTHORIZATION, field(message));
        match block_on(self.0.verify(&head, &Payload::default())).unwrap() {
            Verdict::Accept(accepted) => Ok(accepted.principal.to_string()),
            Verdict::Refuse(refusal) => Err(refusal.challenges),
        }
    }
}

/// Their client before our verifier.
fn shake(server: &Server, credentials: &Credentials) -> Result<String, Vec<HeaderValue>> {
    let greeting = Message::Negotiate(NegotiateMessage {
        flags: Flags::NEGOTIATE_UNICODE
            | Flags::REQUEST_TARGET
            | Flags::NEGOTIATE_NTLM
            | Flags::NEGOTIATE_NTLM2_KEY,
        supplied_domain: String::new(),
        supplied_workstation: String::new(),
        os_version: Default::default(),
    });
    let challenges = server.answer(&greeting.to_bytes().unwrap()).unwrap_err();
    let read = Message::try_from(message(&challenges[0]).as_slice()).unwrap();
    let Message::Challenge(challenge) = read else {
        panic!("another message")
    };
    let info: Vec<u8> = challenge
        .target_information
        .iter()
        .flat_map(TargetInfoEntry::to_bytes)
        .collect();
    let time = ntlmclient::get_ntlm_time();
    let response = respond_challenge_ntlm_v2(challenge.challenge, &info, time, credentials);
    let proof = response.to_message(credentials, "work", challenge.flags);
    server.answer(&proof.to_bytes().unwrap())
}

/// A challenge by hand: their writer puts the context behind the fields, where it moves them.
fn challenge(entries: &[TargetInfoEntry]) -> Vec<u8> {
    let mut info = Vec::new();
    entries
        .iter()
        .for_each(|entry| info.extend(entry.to_bytes()));
    let length = u16::try_from(info.len()).unwrap().to_le_bytes();
    let name: Vec<u8> = "LAB".bytes().flat_map(|byte| [byte, 0]).collect();
    let mut message = b"NTLMSSP\0\x02\0\0\0\x06\0\x06\0\x38\0\0\0".to_vec();
    message.extend(V2.bits().to_le_bytes());
    message.extend(SERVER_CHALLENGE);
    message.extend([0; 8]);
    message.extend([length, length].concat());
    message.extend([62, 0, 0, 0]);
    message.extend([0; 8]);
    [message, name, info].concat()
}

const SERVER_CHALLENGE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

const V2: Flags = Flags::NEGOTIATE_UNICODE
    .union(Flags::NEGOTIATE_NTLM)
    .union(Flags::NEGOTIATE_NTLM2_KEY)
    .union(Flags::NEGOTIATE_TARGET_INFO);

/// Our client's answer to their challenge.
fn answer(client: &Ntlm, challenge: &[u8]) -> countersign_core::Result<Vec<u8>> {
    let head = head();
    let mut exchange = block_on(client.begin(Cx::new(&head, None)))?;
    exchange.bound(&Connection::default());
    let mut leg = head.clone();
    exchange.prepare(&mut leg, &mut Payload::default())?;
    assert_eq!(exchange.receive(&refusal(challenge))?, Next::Again);
    exchange.prepare(&mut leg, &mut Payload::default())?;
    Ok(message(&leg.headers[AUTHORIZATION]))
}

fn refusal(challenge: &[u8]) -> response::Parts {
    let response = Response::builder()
        .status(401)
        .header(WWW_AUTHENTICATE, field(challenge));
    response.body(()).unwrap().into_parts().0
}

fn md5(parts: &[&[u8]]) -> [u8; 16] {
    Md5::digest(parts.concat()).into()
}

fn hmac(key: [u8; 16], text: &[u8]) -> [u8; 16] {
    let block = |pad: u8| {
        let mut block = [pad; 64];
        block.iter_mut().zip(key).for_each(|(one, key)| *one ^= key);
        block
    };
    md5(&[&block(0x5c), &md5(&[&block(0x36), text])])
}

fn entries() -> Vec<TargetInfoEntry> {
    let domain = TargetInfoEntry::from_string(TargetInfoType::NtDomain, "LAB");
    let end = TargetInfoEntry {
        entry_type: TargetInfoType::Terminator,
        data: Vec::new(),
    };
    vec![domain, end]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn their_client_before_our_verifier(user in NAME, domain in NAME, password in PASSWORD, other in PASSWORD) {
        let server = Server::of(&user, &password);
        let accepted = shake(&server, &credentials(&user, &domain, &password));
        prop_assert_eq!(accepted, Ok(format!("{domain}\\{user}")));
        let server = Server::of(&user, &password);
        prop_assert_eq!(shake(&server, &credentials(&user, &domain, &other)).is_ok(), password == other);
    }

    #[test]
    fn our_proof_by_their_key(user in NAME, domain in NAME, password in PASSWORD) {
        let client = Ntlm::new(&user, password.as_str()).unwrap().domain(&domain).unwrap();
        let message = answer(&client, &challenge(&entries())).unwrap();
        let read = Authenticate::read(&message).unwrap();
        let response = ClientChallenge::read(read.nt_response()).unwrap();
        let key = ntlm_v2_password_func(&credentials(&user, &domain, &password));
        let covered = [&SERVER_CHALLENGE[..], response.temp()].concat();
        prop_assert_eq!(response.proof(), hmac(key, &covered));
        let theirs = Message::try_from(message.as_slice()).unwrap();
        let Message::Authenticate(theirs) = theirs else { panic!("another message") };
        prop_assert_eq!((theirs.user_name, theirs.domain_name), (user, domain));
        prop_assert_eq!((theirs.ntlm_response.as_slice(), theirs.lm_response.as_slice()), (read.nt_response(), read.lm_response()));
    }

    /// What both read of a challenge is the same.
    #[test]
    fn challenges_are_read_alike(name in NAME, value in "\\PC{0,20}") {
        let mut entries = entries();
        entries.insert(1, TargetInfoEntry::from_string(TargetInfoType::DnsDomain, &value));
        entries.insert(1, TargetInfoEntry::from_string(TargetInfoType::NtServer, &name));
        let bytes = challenge(&entries);
        let read = Challenge::read(&bytes).unwrap();
        let Message::Challenge(theirs) = Message::try_from(bytes.as_slice()).unwrap() else { panic!("another message") };
        prop_assert_eq!(read.server_challenge(), theirs.challenge);
        prop_assert_eq!(read.target_name().unwrap(), theirs.target_name);
        prop_assert_eq!(read.flags().bits(), theirs.flags.bits());
        let ours: Vec<(u16, Vec<u8>)> = read.target_info().iter().map(|(id, value)| (id, value.to_vec())).collect();
        let theirs = theirs.target_information.into_iter().map(|entry| (entry.entry_type.into(), entry.data));
        let theirs: Vec<(u16, Vec<u8>)> = theirs.collect();
        prop_assert_eq!(&ours[..], &theirs[..3]);
    }
}

/// They take a list without an end mark, and one that goes on behind it; we take neither.
#[test]
fn lists_that_they_take_and_we_do_not() {
    let sound = entries();
    let without_end = sound[..1].to_vec();
    let behind_end = [sound[1].clone(), sound[0].clone()].to_vec();
    let client = Ntlm::new("user", "password").unwrap();
    assert!(answer(&client, &challenge(&sound)).is_ok());
    for entries in [without_end, behind_end] {
        let bytes = challenge(&entries);
        assert!(Message::try_from(bytes.as_slice()).is_ok());
        assert!(answer(&client, &bytes).is_err());
    }
}
