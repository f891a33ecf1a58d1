//! NTLM: the first and the third message, with a MIC, as fields of a request. ntlmclient sends no MIC.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::{Connection, Cx, Exchange, Payload, Scheme};
use countersign_ntlm::Ntlm;
use countersign_ntlm::message::{Authenticate, ClientChallenge};
use countersign_oracles::{ready, refusal};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, request};
use ntlmclient::{
    Credentials, Flags, Message, NegotiateMessage, TargetInfoEntry, respond_challenge_ntlm_v2,
};
use sspi::{
    AuthIdentity, BufferType, ClientRequestFlags, CredentialUse, DataRepresentation,
    SecurityBuffer, Sspi, SspiImpl, Username,
};

use super::{Work, limit};

const CHALLENGE: &str = "NTLM TlRMTVNTUAACAAAABgAGADgAAAA1goriiqU9wVzaYpMAAAAAAAAAAHIAcgA+AAAACgBjRQAAAA9MAEEAQgACAAYATABBAEIAAQAGAFMAUgBWAAQAFgBsAGEAYgAuAGUAeABhAG0AcABsAGUAAwAeAHMAcgB2AC4AbABhAGIALgBlAHgAYQBtAHAAbABlAAUADgBlAHgAYQBtAHAAbABlAAcACAAHAM1ma2vaAQAAAAA=";
const USER: &str = "user";
const DOMAIN: &str = "LAB";
const PASSWORD: &str = "Circle of Life";

pub(crate) fn work() -> Work {
    let mut shake = Shake::new();
    let [first, third] = [shake.first(), shake.third()].map(|field| message(&field));
    let read = Authenticate::read(&third).unwrap();
    let temp = ClientChallenge::read(read.nt_response()).unwrap();
    let signed = first.len() + message(CHALLENGE).len() + third.len();
    // The key of the MIC is that of the session, so its pads cannot be kept.
    let compressions = [
        limit::hmac(8 + temp.temp().len()),
        limit::hmac(16),
        2 + limit::hmac(signed),
    ];
    Work::new(
        "NTLM, first and third message",
        limit::md5_of(compressions.iter().sum()),
    )
    .with("countersign", countersign())
    .with("ntlmclient", ntlmclient())
    .with("sspi", sspi())
}

fn head() -> request::Parts {
    let request = Request::post("http://a.test/");
    request.body(()).unwrap().into_parts().0
}

fn message(field: &str) -> Vec<u8> {
    STANDARD
        .decode(field.strip_prefix("NTLM ").unwrap())
        .unwrap()
}

fn field(message: &[u8]) -> HeaderValue {
    HeaderValue::try_from(format!("NTLM {}", STANDARD.encode(message))).unwrap()
}

/// A handshake of ours, leg by leg.
struct Shake(countersign_ntlm::NtlmExchange, request::Parts);

impl Shake {
    fn new() -> Self {
        let ntlm = Ntlm::new(USER, PASSWORD).unwrap().domain(DOMAIN).unwrap();
        let head = head();
        Self(begin(&ntlm, &head, &Connection::default()), head)
    }

    fn first(&mut self) -> String {
        leg(&mut self.0, &mut self.1).to_str().unwrap().to_owned()
    }

    fn third(&mut self) -> String {
        self.0
            .receive(&refusal(HeaderValue::from_static(CHALLENGE)))
            .unwrap();
        self.first()
    }
}

fn begin(ntlm: &Ntlm, head: &request::Parts, lane: &Connection) -> countersign_ntlm::NtlmExchange {
    let mut exchange = ready(ntlm.begin(Cx::new(head, None))).unwrap();
    exchange.bound(lane);
    exchange
}

fn leg(exchange: &mut countersign_ntlm::NtlmExchange, head: &mut request::Parts) -> HeaderValue {
    exchange.prepare(head, &mut Payload::default()).unwrap();
    head.headers.remove(AUTHORIZATION).unwrap()
}

fn countersign() -> impl FnMut() {
    let ntlm = Ntlm::new(USER, PASSWORD).unwrap().domain(DOMAIN).unwrap();
    let (mut head, refused, lane) = (
        head(),
        refusal(HeaderValue::from_static(CHALLENGE)),
        Connection::default(),
    );
    move || {
        let mut exchange = begin(&ntlm, &head, &lane);
        leg(&mut exchange, &mut head);
        exchange.receive(&refused).unwrap();
        leg(&mut exchange, &mut head);
    }
}

fn ntlmclient() -> impl FnMut() {
    let credentials = Credentials {
        username: USER.to_owned(),
        password: PASSWORD.to_owned(),
        domain: DOMAIN.to_owned(),
    };
    let mut head = head();
    move || {
        let greeting = Message::Negotiate(NegotiateMessage {
            flags: Flags::NEGOTIATE_UNICODE
                | Flags::REQUEST_TARGET
                | Flags::NEGOTIATE_NTLM
                | Flags::NEGOTIATE_NTLM2_KEY,
            supplied_domain: String::new(),
            supplied_workstation: String::new(),
            os_version: Default::default(),
        });
        put(&mut head, &greeting.to_bytes().unwrap());
        let Ok(Message::Challenge(challenge)) = Message::try_from(message(CHALLENGE).as_slice())
        else {
            unreachable!("it is a challenge")
        };
        let info = challenge.target_information.iter();
        let info: Vec<u8> = info.flat_map(TargetInfoEntry::to_bytes).collect();
        let time = ntlmclient::get_ntlm_time();
        let response = respond_challenge_ntlm_v2(challenge.challenge, &info, time, &credentials);
        let proof = response.to_message(&credentials, "", challenge.flags);
        put(&mut head, &proof.to_bytes().unwrap());
    }
}

fn put(head: &mut request::Parts, message: &[u8]) {
    head.headers.insert(AUTHORIZATION, field(message));
    head.headers.remove(AUTHORIZATION);
}

fn sspi() -> impl FnMut() {
    let identity = AuthIdentity {
        username: Username::new(USER, Some(DOMAIN)).unwrap(),
        password: PASSWORD.to_owned().into(),
    };
    let mut head = head();
    move || {
        let mut ntlm = sspi::Ntlm::new();
        let acquired = ntlm.acquire_credentials_handle();
        let acquired = acquired.with_credential_use(CredentialUse::Outbound);
        let acquired = acquired
            .with_auth_data(&identity)
            .execute(&mut ntlm)
            .unwrap();
        let mut handle = acquired.credentials_handle;
        for challenge in [Vec::new(), message(CHALLENGE)] {
            let mut input = [SecurityBuffer::new(challenge, BufferType::Token)];
            let mut output = [SecurityBuffer::new(Vec::new(), BufferType::Token)];
            let mut builder = ntlm
                .initialize_security_context()
                .with_credentials_handle(&mut handle)
                .with_context_requirements(ClientRequestFlags::ALLOCATE_MEMORY)
                .with_target_data_representation(DataRepresentation::Native)
                .with_target_name("HTTP/a.test")
                .with_input(&mut input)
                .with_output(&mut output);
            let made = ntlm.initialize_security_context_impl(&mut builder);
            made.unwrap().resolve_to_result().unwrap();
            put(&mut head, &output[0].buffer);
        }
    }
}
