//! Servers that demand credentials on raw sockets: a proxy for plain HTTP that forwards, and the origin behind it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use countersign_basic::{Basic, BasicVerifier, MemoryAccounts as Users};
use countersign_bearer::{Bearer, BearerVerifier, Grant, MemoryTokens};
use countersign_core::verify::{AnyVerifier, Refusal, Verdict, Verify};
use countersign_core::{Any, Connection};
use countersign_digest::{Digest, DigestVerifier, MemoryAccounts};
use countersign_ntlm::{MemoryAccounts as Hashes, Ntlm, NtlmVerifier};
use countersign_testkit::{Answer, RawRequest, RawServer, exchange, judge};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, PROXY_AUTHORIZATION};
use http::request;
use tokio::runtime::Handle;

/// How a proxy or an origin asks, and how its client answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Once it was asked.
    Basic,
    /// SHA-256.
    Digest,
    /// On its connection.
    Ntlm,
    /// Without being asked.
    Bearer,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Basic, Self::Digest, Self::Ntlm, Self::Bearer];

    /// The client; of Bearer the secret is the token.
    pub fn client(self, user: &str, secret: &str) -> Any {
        match self {
            Self::Basic => Any::new(Basic::new(user, secret).unwrap().reactive()),
            Self::Digest => Any::new(Digest::new(user, secret).unwrap()),
            Self::Ntlm => Any::new(Ntlm::new(user, secret).unwrap()),
            Self::Bearer => Any::new(Bearer::new(secret).unwrap()),
        }
    }

    /// The verifier.
    pub fn verifier(self, user: &str, secret: &str) -> AnyVerifier<String> {
        match self {
            Self::Basic => {
                let users = Users::new([(user, secret)]);
                AnyVerifier::new(BasicVerifier::new("basic", users).unwrap())
            }
            Self::Digest => {
                let accounts = MemoryAccounts::new("digest");
                let accounts = accounts.password(user, secret).unwrap();
                AnyVerifier::new(DigestVerifier::builder("digest", accounts).build().unwrap())
            }
            Self::Ntlm => {
                let accounts = Hashes::new().password(user, secret).unwrap();
                let verifier = NtlmVerifier::builder("ntlm", accounts).build().unwrap();
                AnyVerifier::new(verifier.map(|user| user.name))
            }
            Self::Bearer => {
                let tokens = MemoryTokens::new([(secret, Grant::new(user.to_owned()))]);
                AnyVerifier::new(BearerVerifier::new("bearer", tokens).unwrap())
            }
        }
    }

    /// How often a wrong secret is sent to who demands the right one, with what went before.
    pub fn legs(self) -> usize {
        match self {
            Self::Bearer => 1,
            _ => 2,
        }
    }
}

/// The connections of a server, for a verifier that remembers what holds for one.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<HashMap<usize, Connection>>);

impl Connections {
    /// What `verifier` has against a request over the connection of this number.
    pub(crate) fn refusal(
        &self,
        number: usize,
        verifier: &AnyVerifier<String>,
        mut head: request::Parts,
        body: &[u8],
    ) -> Option<Refusal> {
        let connection = self.0.lock().unwrap().entry(number).or_default().clone();
        head.extensions.insert(connection);
        match judge(verifier, &head, body) {
            Verdict::Accept(_) => None,
            Verdict::Refuse(refusal) => Some(refusal),
        }
    }
}

/// An origin that demands what `verifier` demands, and answers 200 and `through`.
pub async fn origin(verifier: AnyVerifier<String>) -> RawServer {
    let connections = Connections::default();
    RawServer::start(move |seen| {
        let head = seen.request.to_http().into_parts().0;
        match connections.refusal(seen.connection, &verifier, head, &seen.request.body) {
            Some(refusal) => demand(401, "www-authenticate", &refusal),
            None => Answer::new(200).body("through"),
        }
    })
    .await
}

/// A proxy for plain HTTP that demands what `verifier` demands, keeps the credentials that are its own, and forwards all
/// else to `origin`, whatever name is asked for. It needs a runtime of several threads.
pub async fn forwarding(verifier: AnyVerifier<String>, origin: SocketAddr) -> RawServer {
    let connections = Connections::default();
    RawServer::start(move |seen| {
        let (own, onward) = part(&seen.request);
        match connections.refusal(seen.connection, &verifier, own, &seen.request.body) {
            Some(refusal) => demand(407, "proxy-authenticate", &refusal),
            None => forward(&onward, &seen.request.body, origin),
        }
    })
    .await
}

/// The head as the proxy's own verifier sees it, and as it goes on.
pub(crate) fn part(request: &RawRequest) -> (request::Parts, request::Parts) {
    let mut onward = request.to_http().into_parts().0;
    let mut own = onward.clone();
    own.headers.remove(AUTHORIZATION);
    if let Some(credentials) = onward.headers.remove(PROXY_AUTHORIZATION) {
        own.headers.insert(AUTHORIZATION, credentials);
    }
    (own, onward)
}

fn demand(status: u16, name: &str, refusal: &Refusal) -> Answer {
    let challenges = refusal.challenges.iter();
    challenges.fold(Answer::new(status), |answer, challenge| {
        answer.header(name, challenge.to_str().unwrap())
    })
}

fn forward(head: &request::Parts, body: &[u8], origin: SocketAddr) -> Answer {
    let target = head.uri.path_and_query().unwrap();
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", head.method).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend([b"\r\n", body].concat());
    let sent = exchange(origin, &bytes);
    let response = tokio::task::block_in_place(|| Handle::current().block_on(sent)).unwrap();
    let fields = response.headers.iter();
    let fields = fields.filter(|(name, _)| **name != CONTENT_LENGTH);
    let answer = Answer::new(response.status.as_u16()).body(response.body);
    fields.fold(answer, |answer, (name, value)| {
        answer.header(name.as_str(), value.to_str().unwrap())
    })
}
