//! NTLM beside sspi: each side's third message before the other's verifier, with MIC, channel binding and session key.
//!
//! Its server checks no password: it reaches the session key of the client that has the right one, and so finds that the
//! MIC of any other is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign_core::verify::{Verdict, Verify};
use countersign_core::{Connection, Cx, Exchange, Next, Payload, Scheme};
use countersign_ntlm::message::{Authenticate, Challenge, ClientChallenge, av_id};
use countersign_ntlm::{ChannelBinding, MemoryAccounts, Ntlm, NtlmVerifier};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response, request};
use proptest::prelude::*;
use sspi::{
    AuthIdentity, BufferType, ClientRequestFlags, CredentialUse, DataRepresentation,
    SecurityBuffer, ServerRequestFlags, Sspi, SspiImpl, Username,
};

/// What a name and a password can be of; a name without `\` and `@`, which take it apart.
const NAME: &str = "[^\\p{C}\\\\@]{1,20}";
const PASSWORD: &str = "\\PC{0,40}";
const BINDING: &[u8] = b"tls-server-end-point:0123456789abcdef0123456789abcdef";

fn now<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

fn head() -> request::Parts {
    let request = Request::post("http://a.test/").body(());
    request.unwrap().into_parts().0
}

fn field(message: &[u8]) -> String {
    format!("NTLM {}", STANDARD.encode(message))
}

fn message(field: &http::HeaderValue) -> Vec<u8> {
    let text = field.to_str().unwrap().strip_prefix("NTLM ").unwrap();
    STANDARD.decode(text).unwrap()
}

fn token(bytes: Vec<u8>) -> Vec<SecurityBuffer> {
    vec![SecurityBuffer::new(bytes, BufferType::Token)]
}

fn identity(user: &str, domain: &str, password: &str) -> AuthIdentity {
    AuthIdentity {
        username: Username::new(user, Some(domain)).unwrap(),
        password: password.to_owned().into(),
    }
}

/// Their client.
struct TheirClient(sspi::Ntlm, AuthIdentity);

impl TheirClient {
    fn new(user: &str, domain: &str, password: &str, binding: Option<&[u8]>) -> Self {
        let mut ntlm = sspi::Ntlm::new();
        if let Some(binding) = binding {
            ntlm.set_channel_bindings(binding);
        }
        Self(ntlm, identity(user, domain, password))
    }

    /// The message after what the server said last.
    fn leg(&mut self, challenge: Vec<u8>) -> Vec<u8> {
        let acquired = self.0.acquire_credentials_handle();
        let acquired = acquired.with_credential_use(CredentialUse::Outbound);
        let acquired = acquired.with_auth_data(&self.1).execute(&mut self.0);
        let (mut handle, mut output) = (acquired.unwrap().credentials_handle, token(Vec::new()));
        let mut input = token(challenge);
        let mut builder = self
            .0
            .initialize_security_context()
            .with_credentials_handle(&mut handle)
            .with_context_requirements(
                ClientRequestFlags::ALLOCATE_MEMORY | ClientRequestFlags::INTEGRITY,
            )
            .with_target_data_representation(DataRepresentation::Native)
            .with_target_name("HTTP/a.test")
            .with_input(&mut input)
            .with_output(&mut output);
        let made = self.0.initialize_security_context_impl(&mut builder);
        made.unwrap().resolve_to_result().unwrap();
        output.remove(0).buffer
    }
}

/// Their server.
struct TheirServer(sspi::Ntlm, AuthIdentity);

impl TheirServer {
    fn accept(&mut self, message: Vec<u8>) -> sspi::Result<Vec<u8>> {
        let acquired = self.0.acquire_credentials_handle();
        let acquired = acquired.with_credential_use(CredentialUse::Inbound);
        let acquired = acquired.with_auth_data(&self.1).execute(&mut self.0);
        let (mut handle, mut output) = (acquired?.credentials_handle, token(Vec::new()));
        let mut input = token(message);
        let builder = self
            .0
            .accept_security_context()
            .with_credentials_handle(&mut handle)
            .with_context_requirements(ServerRequestFlags::ALLOCATE_MEMORY)
            .with_target_data_representation(DataRepresentation::Native)
            .with_input(&mut input)
            .with_output(&mut output);
        self.0
            .accept_security_context_impl(builder)?
            .resolve_to_result()?;
        Ok(output.remove(0).buffer)
    }

    /// The session key, if the third message is right.
    fn complete(&mut self, message: Vec<u8>) -> sspi::Result<[u8; 16]> {
        self.accept(message)?;
        self.0.complete_auth_token(&mut [])?;
        let keys = self.0.query_context_session_key()?;
        Ok(keys.session_key.as_ref().as_slice().try_into().unwrap())
    }
}

/// Our client, leg by leg.
struct OurClient(countersign_ntlm::NtlmExchange);

impl OurClient {
    fn new(ntlm: &Ntlm) -> Self {
        let mut exchange = now(ntlm.begin(Cx::new(&head(), None))).unwrap();
        exchange.bound(&Connection::default());
        Self(exchange)
    }

    fn leg(&mut self) -> Vec<u8> {
        let mut leg = head();
        self.0.prepare(&mut leg, &mut Payload::default()).unwrap();
        message(&leg.headers[AUTHORIZATION])
    }

    fn challenged(&mut self, challenge: &[u8]) {
        let refused = Response::builder().status(401);
        let refused = refused.header(WWW_AUTHENTICATE, field(challenge)).body(());
        let (refused, ()) = refused.unwrap().into_parts();
        assert_eq!(self.0.receive(&refused).unwrap(), Next::Again);
    }
}

/// Our verifier's answer: the user, or its challenge.
fn judge(verifier: &NtlmVerifier, connection: &Connection, sent: &[u8]) -> Result<String, Vec<u8>> {
    let mut head = head();
    head.extensions.insert(connection.clone());
    head.headers
        .insert(AUTHORIZATION, field(sent).parse().unwrap());
    match now(verifier.verify(&head, &Payload::default())).unwrap() {
        Verdict::Accept(accepted) => Ok(accepted.principal.to_string()),
        Verdict::Refuse(refusal) => Err(refusal
            .challenges
            .first()
            .filter(|field| field.as_bytes().len() > 4)
            .map(message)
            .unwrap_or_default()),
    }
}

fn verifier(user: &str, password: &str, bindings: &[&[u8]]) -> NtlmVerifier {
    let accounts = MemoryAccounts::new().password(user, password).unwrap();
    let builder = NtlmVerifier::builder("LAB", accounts).require_mic(true);
    let bindings = bindings.iter().map(|binding| ChannelBinding::of(binding));
    builder.channel_bindings(bindings).build().unwrap()
}

fn theirs_before_ours(client: &mut TheirClient, verifier: &NtlmVerifier) -> Option<String> {
    let connection = Connection::default();
    let challenge = judge(verifier, &connection, &client.leg(Vec::new())).unwrap_err();
    judge(verifier, &connection, &client.leg(challenge)).ok()
}

/// The third message, and what their server makes of it.
fn ours_before_theirs(
    client: &Ntlm,
    server: AuthIdentity,
) -> (Vec<u8>, Vec<u8>, sspi::Result<[u8; 16]>) {
    let (mut client, mut server) = (
        OurClient::new(client),
        TheirServer(sspi::Ntlm::new(), server),
    );
    let challenge = server.accept(client.leg()).unwrap();
    client.challenged(&challenge);
    let proof = client.leg();
    let key = server.complete(proof.clone());
    (challenge, proof, key)
}

fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    use md5::{Digest, Md5};
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(one, key)| *one ^= key);
        block
    };
    let inner = Md5::digest([&pad(0x36)[..], &parts.concat()].concat());
    Md5::digest([&pad(0x5c)[..], &inner[..]].concat()).into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn their_client_before_our_verifier(user in NAME, domain in NAME, password in PASSWORD, other in PASSWORD) {
        let server = verifier(&user, &password, &[]);
        let accepted = theirs_before_ours(&mut TheirClient::new(&user, &domain, &password, None), &server);
        prop_assert_eq!(accepted, Some(format!("{domain}\\{user}")));
        let refused = theirs_before_ours(&mut TheirClient::new(&user, &domain, &other, None), &server);
        prop_assert_eq!(refused.is_some(), password == other);
    }

    /// The same NTOWFv2, proof and session key, as the MIC is computed of the last.
    #[test]
    fn our_client_before_their_server(user in NAME, domain in NAME, password in PASSWORD, other in PASSWORD) {
        let client = Ntlm::new(&user, password.as_str()).unwrap().domain(&domain).unwrap();
        let (challenge, proof, key) = ours_before_theirs(&client, identity(&user, &domain, &password));
        let key = key.unwrap();
        let read = Authenticate::read(&proof).unwrap();
        let response = ClientChallenge::read(read.nt_response()).unwrap();
        let server_challenge = Challenge::read(&challenge).unwrap().server_challenge();
        let time = response.target_info().timestamp();
        prop_assert_eq!(time, Challenge::read(&challenge).unwrap().target_info().timestamp());
        prop_assert!(time.is_some() && read.mic().is_some() && server_challenge != [0; 8]);
        let mut unsigned = proof.clone();
        unsigned[72..88].fill(0);
        let greeting = OurClient::new(&client).leg();
        prop_assert_eq!(hmac_md5(&key, &[&greeting, &challenge, &unsigned]), read.mic().unwrap());
        let (_, _, wrong) = ours_before_theirs(&client, identity(&user, &domain, &other));
        prop_assert_eq!(wrong.is_ok(), password == other);
    }
}

#[test]
fn their_binding_is_ours() {
    let client = |binding| TheirClient::new("user", "LAB", "password", binding);
    for (binding, demanded, admitted) in [
        (Some(BINDING), BINDING, true),
        (Some(BINDING), b"tls-server-end-point:other", false),
        (None, BINDING, false),
    ] {
        let server = verifier("user", "password", &[demanded]);
        let accepted = theirs_before_ours(&mut client(binding), &server);
        assert_eq!(accepted.is_some(), admitted);
    }
}

#[test]
fn our_binding_is_theirs() {
    let ours = Ntlm::new("LAB\\user", "password").unwrap();
    let ours = ours.channel_binding(ChannelBinding::of(BINDING));
    let (_, proof, _) = ours_before_theirs(&ours, identity("user", "LAB", "password"));
    let mut theirs = TheirClient::new("user", "LAB", "password", Some(BINDING));
    let mut server = TheirServer(sspi::Ntlm::new(), identity("user", "LAB", "password"));
    let challenge = server.accept(theirs.leg(Vec::new())).unwrap();
    let other = theirs.leg(challenge);
    let binding = |message: &[u8]| {
        let message = Authenticate::read(message).unwrap();
        let response = ClientChallenge::read(message.nt_response()).unwrap();
        response
            .target_info()
            .get(av_id::CHANNEL_BINDINGS)
            .unwrap()
            .to_vec()
    };
    assert_eq!(binding(&proof), binding(&other));
}
