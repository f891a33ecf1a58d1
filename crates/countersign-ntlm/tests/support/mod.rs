//! A client and a verifier on one connection, without a network.
#![allow(dead_code, unreachable_pub)]

pub mod forge;
pub mod spnego;

use countersign_core::verify::{Accepted, Verdict, Verify};
use countersign_core::{Binding, Connection, Cx, Exchange, Next, Payload, Result, Scheme};
use countersign_ntlm::{
    MemoryAccounts, Ntlm, NtlmExchange, NtlmUser, NtlmVerifier, NtlmVerifierBuilder,
};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, request, response};

pub const PASSWORD: &str = "Pässwörd 1";

pub fn accounts() -> MemoryAccounts {
    let accounts = MemoryAccounts::new().password("User", PASSWORD).unwrap();
    accounts.password("LAB\\alice", "sesame").unwrap()
}

pub fn builder() -> NtlmVerifierBuilder {
    NtlmVerifier::builder("LAB", accounts())
}

pub fn verifier() -> NtlmVerifier {
    builder().build().unwrap()
}

pub fn client() -> Ntlm {
    Ntlm::new("user", PASSWORD).unwrap()
}

/// What a server made of a request.
pub struct Judged {
    pub user: Option<NtlmUser>,
    pub response: response::Parts,
    pub closes: bool,
}

impl Judged {
    pub fn status(&self) -> StatusCode {
        self.response.status
    }

    pub fn challenges(&self) -> Vec<&str> {
        let fields = self.response.headers.get_all(WWW_AUTHENTICATE).iter();
        fields.map(|field| field.to_str().unwrap()).collect()
    }
}

/// One connection of a server.
#[derive(Clone)]
pub struct Wire {
    pub verifier: NtlmVerifier,
    pub connection: Connection,
}

impl Wire {
    pub fn new(verifier: &NtlmVerifier) -> Self {
        Self {
            verifier: verifier.clone(),
            connection: Connection::default(),
        }
    }

    pub async fn send(&self, head: &request::Parts) -> Judged {
        let mut head = head.clone();
        head.extensions.insert(self.connection.clone());
        let verdict = self
            .verifier
            .verify(&head, &Payload::default())
            .await
            .unwrap();
        judged(verdict)
    }

    /// A request with this field alone.
    pub async fn with(&self, field: &str) -> Judged {
        let mut head = head();
        let field = HeaderValue::from_str(field).unwrap();
        head.headers.insert(AUTHORIZATION, field);
        self.send(&head).await
    }

    pub async fn bare(&self) -> Judged {
        self.send(&head()).await
    }
}

fn judged(verdict: Verdict<NtlmUser>) -> Judged {
    let mut response = Response::new(()).into_parts().0;
    match verdict {
        Verdict::Accept(Accepted {
            principal, answer, ..
        }) => {
            if let Some(answer) = answer {
                answer.sign(&mut response, &[]).unwrap();
            }
            Judged {
                user: Some(principal),
                response,
                closes: false,
            }
        }
        Verdict::Refuse(refusal) => {
            response.status = refusal.reason.status();
            let fields = refusal.challenges.into_iter();
            response.headers = fields
                .map(|field| (WWW_AUTHENTICATE, field))
                .collect::<HeaderMap>();
            Judged {
                user: None,
                response,
                closes: refusal.close,
            }
        }
    }
}

pub fn head() -> request::Parts {
    Request::get("http://www.example.org/a")
        .body(())
        .unwrap()
        .into_parts()
        .0
}

/// A request of a client over a lane, to its end.
pub struct Sent {
    /// What each leg's `Authorization` was.
    pub fields: Vec<Option<String>>,
    pub last: Judged,
}

/// Sends a request that may change something, so that it begins the handshake at once.
pub async fn post(client: &Ntlm, lane: &Connection, wire: &Wire) -> Result<Sent> {
    let head = Request::post("http://www.example.org/a")
        .body(())
        .unwrap()
        .into_parts()
        .0;
    send(client, lane, wire, head).await
}

pub async fn send(
    client: &Ntlm,
    lane: &Connection,
    wire: &Wire,
    head: request::Parts,
) -> Result<Sent> {
    let mut exchange = client.begin(Cx::new(&head, None)).await?;
    run(&mut exchange, lane, wire, head).await
}

/// Drives an exchange as the loop does.
pub async fn run(
    exchange: &mut NtlmExchange,
    lane: &Connection,
    wire: &Wire,
    head: request::Parts,
) -> Result<Sent> {
    let (mut fields, mut is_bound) = (Vec::new(), false);
    loop {
        if matches!(exchange.binding(), Binding::Connection(_)) && !is_bound {
            exchange.bound(lane);
            is_bound = true;
        }
        let mut leg = head.clone();
        exchange.prepare(&mut leg, &mut Payload::default())?;
        let field = leg.headers.get(AUTHORIZATION);
        fields.push(field.map(|field| field.to_str().unwrap().to_owned()));
        let last = wire.send(&leg).await;
        if exchange.receive(&last.response)? != Next::Again || fields.len() == 3 {
            return Ok(Sent { fields, last });
        }
    }
}

/// A refusal with this challenge.
pub fn refusal(challenges: &[&str]) -> response::Parts {
    let mut response = Response::builder().status(401);
    for challenge in challenges {
        response = response.header(WWW_AUTHENTICATE, *challenge);
    }
    response.body(()).unwrap().into_parts().0
}

/// Begins an exchange after a refusal, as a choice of schemes does.
pub async fn resume(client: &Ntlm, refused: &response::Parts) -> Result<NtlmExchange> {
    let head = head();
    client.begin(Cx::new(&head, None).refused(refused)).await
}

/// An exchange that is walked leg by leg.
pub struct Walk(pub NtlmExchange);

/// Begins one that greets at once.
pub async fn begin(client: &Ntlm) -> Walk {
    let head = Request::post("http://www.example.org/a")
        .body(())
        .unwrap()
        .into_parts()
        .0;
    Walk(client.begin(Cx::new(&head, None)).await.unwrap())
}

impl Walk {
    pub fn bind(&mut self, lane: &Connection) {
        self.0.bound(lane);
    }

    /// The credentials of the next leg.
    pub fn leg(&mut self) -> String {
        let mut leg = head();
        self.0.prepare(&mut leg, &mut Payload::default()).unwrap();
        let field = leg.headers.get(AUTHORIZATION);
        field
            .map(|field| field.to_str().unwrap().to_owned())
            .unwrap_or_default()
    }

    #[track_caller]
    pub fn again(&mut self, response: &response::Parts) {
        assert_eq!(self.0.receive(response).unwrap(), Next::Again);
    }
}

/// A certificate of its own, in DER.
pub fn certificate(name: &str) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    made.cert.der().to_vec()
}
