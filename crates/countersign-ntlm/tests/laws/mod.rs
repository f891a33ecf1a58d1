//! What holds for any bytes in the place of a message. The fuzz target `ntlm` runs the same.
#![allow(unreachable_pub, clippy::unwrap_used, clippy::panic)]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Connection, Cx, Exchange, Next, Payload, Scheme};
use countersign_ntlm::message::{Authenticate, Challenge, ClientChallenge, Negotiate, TargetInfo};
use countersign_ntlm::{ChannelBinding, MemoryAccounts, Ntlm, NtlmVerifier};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response, request};

/// Up to this size a sound challenge has an answer that fits into a field.
const ANSWERABLE: usize = 4096;

/// No reader panics, what is read is sound in itself, and neither side of a handshake is led astray.
pub fn hold(bytes: &[u8]) {
    read_negotiate(bytes);
    read_challenge(bytes);
    read_authenticate(bytes);
    let _ = TargetInfo::read(bytes);
    let _ = ChannelBinding::server_end_point(bytes);
    answer(bytes);
    judge(bytes);
}

fn read_negotiate(bytes: &[u8]) {
    if let Ok(message) = Negotiate::read(bytes) {
        let written = message.to_bytes();
        let again = Negotiate::read(&written).unwrap();
        assert_eq!(again.flags(), message.flags());
    }
}

fn read_challenge(bytes: &[u8]) {
    let Ok(challenge) = Challenge::read(bytes) else {
        return;
    };
    let info = challenge.target_info();
    drop((challenge.target_name(), info.timestamp(), info.flags()));
    drop(format!("{info:?}"));
    for (id, value) in info.iter() {
        assert!(id != 0 && info.get(id).is_some());
        assert!(value.len() <= bytes.len());
    }
}

fn read_authenticate(bytes: &[u8]) {
    if let Ok(message) = Authenticate::read(bytes) {
        drop((message.user(), message.domain(), message.workstation()));
        let _ = ClientChallenge::read(message.nt_response());
    }
}

/// A sound challenge has one answer, which a server can read; any other ends the handshake.
fn answer(bytes: &[u8]) {
    let (ntlm, head) = (Ntlm::new("user", "password").unwrap(), head());
    let mut exchange = now(ntlm.begin(Cx::new(&head, None))).unwrap();
    exchange.bound(&Connection::default());
    let mut leg = head.clone();
    exchange.prepare(&mut leg, &mut Payload::default()).unwrap();
    let refused = Response::builder()
        .status(401)
        .header(WWW_AUTHENTICATE, field("NTLM", bytes));
    let (refused, ()) = refused.body(()).unwrap().into_parts();
    let is_sound = Challenge::read(bytes).is_ok();
    match exchange.receive(&refused) {
        Ok(Next::Again) => assert!(is_sound),
        Ok(next) => assert!(bytes.is_empty() && next == Next::Done, "{next:?}"),
        Err(_) => return assert!(!is_sound || bytes.len() > ANSWERABLE),
    }
    if is_sound {
        let mut leg = head;
        exchange.prepare(&mut leg, &mut Payload::default()).unwrap();
        let sent = leg.headers[AUTHORIZATION].to_str().unwrap();
        let sent = STANDARD.decode(&sent["NTLM ".len()..]).unwrap();
        let message = Authenticate::read(&sent).unwrap();
        assert_eq!(message.user().unwrap(), "user");
        ClientChallenge::read(message.nt_response()).unwrap();
    }
}

/// Nobody is let in by it: as a first message, or as the answer to a challenge.
fn judge(bytes: &[u8]) {
    let accounts = MemoryAccounts::new().password("user", "password").unwrap();
    let verifier = NtlmVerifier::builder("LAB", accounts).negotiate(true);
    let (verifier, connection) = (verifier.build().unwrap(), Connection::default());
    let greeting = Negotiate::new(countersign_ntlm::message::Flags::new(0xa208_8207)).to_bytes();
    for (scheme, token) in [
        ("Negotiate", bytes),
        ("NTLM", bytes),
        ("NTLM", &greeting),
        ("NTLM", bytes),
    ] {
        let mut head = head();
        head.extensions.insert(connection.clone());
        head.headers
            .insert(AUTHORIZATION, field(scheme, token).parse().unwrap());
        let verdict = now(verifier.verify(&head, &Payload::default())).unwrap();
        assert!(matches!(verdict, Verdict::Refuse(_)));
    }
}

fn field(scheme: &str, token: &[u8]) -> String {
    format!("{scheme} {}", STANDARD.encode(token))
}

fn head() -> request::Parts {
    let request = Request::post("http://www.example.org/").body(());
    request.unwrap().into_parts().0
}

/// What nothing has to be waited for.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("it waits"),
    }
}
