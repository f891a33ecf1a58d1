//! One request on its way to a connection that is authenticated.

use std::borrow::Cow;
use std::sync::Arc;

use countersign_core::{
    Binding, Connection, Error, ErrorKind, Exchange, Leg, Next, Payload, PeerCertificate, Result,
    add_header, lanes::persists,
};
use http::header::AUTHORIZATION;
use http::{HeaderValue, StatusCode, Version, request, response};

use super::answer::{Answer, Terms, answer};
use super::config::{Config, unanswerable};
use super::memory::Place;
use super::offer::{Offer, offer};
use crate::binding::ChannelBinding;
use crate::calculation::{Side, Signer};
use crate::carrier::Carrier;
use crate::message::{Flags, MessageError, Negotiate};
use crate::spnego::{self, Token};
use crate::time::file_time;

/// The exchange of [`Ntlm`](crate::Ntlm).
pub struct NtlmExchange {
    config: Arc<Config>,
    place: Place,
    carrier: Carrier,
    step: Step,
    connection: Option<Connection>,
    has_begun_anew: bool,
}

/// What the next leg is.
#[derive(Clone)]
pub(super) enum Step {
    /// Without credentials, over any connection, to see what the server wants.
    Ask,
    /// The first message.
    Greet,
    /// The third message.
    Prove(HeaderValue),
    /// The request alone, as the connection is authenticated.
    Known,
    /// The request alone, as the server answered the first message without a challenge.
    Open,
}

/// Remembered of a connection: whether its handshake is done.
#[derive(Clone, Copy)]
struct Authenticated(bool);

impl NtlmExchange {
    pub(super) fn new(config: Arc<Config>, place: Place, step: Step, carrier: Carrier) -> Self {
        Self {
            config,
            place,
            carrier,
            step,
            connection: None,
            has_begun_anew: false,
        }
    }

    pub(super) fn learn(&self, carrier: Carrier) {
        self.place.remember(carrier);
    }

    fn mark(&self, authenticated: bool) {
        if let Some(connection) = &self.connection {
            connection.remember(Authenticated(authenticated));
        }
    }

    /// An answer that is no refusal. One that says that the server failed says nothing of the handshake.
    fn passed(&mut self, status: StatusCode) {
        match self.step {
            Step::Prove(_) if !status.is_server_error() => self.mark(true),
            Step::Greet => self.step = Step::Open,
            _ => {}
        }
    }

    /// The handshake begins, or begins anew on a connection that the server has forgotten.
    fn start(&mut self, refused: &response::Parts) -> Next {
        let Some(carrier) = self.config.offered(refused) else {
            return Next::Done;
        };
        self.mark(false);
        self.learn(carrier);
        self.carrier = carrier;
        self.step = Step::Greet;
        Next::Again
    }

    fn challenged(&mut self, refused: &response::Parts) -> Result<Next> {
        match offer(refused, self.carrier) {
            Offer::Token(_) if self.begins_anew(refused)? => Ok(Next::Again),
            Offer::Token(token) => {
                self.step = Step::Prove(self.prove(token)?);
                Ok(Next::Again)
            }
            Offer::Broken => Err(unanswerable(MessageError::Malformed(
                "it is no base64, or larger than a field may be",
            ))),
            Offer::Nothing if self.config.offered(refused).is_some() => Ok(self.start(refused)),
            Offer::Bare | Offer::Nothing => Ok(Next::Done),
        }
    }

    /// Whether the connection that the challenge came over is closed behind it, and with it the handshake, which then begins
    /// anew on the next one; once, as a server may always do that.
    fn begins_anew(&mut self, refused: &response::Parts) -> Result<bool> {
        if [Version::HTTP_2, Version::HTTP_3].contains(&refused.version) {
            return Err(Error::new(
                ErrorKind::Connection,
                "NTLM authenticates a connection, which HTTP/2 has no place for: offer http/1.1 alone",
            ));
        }
        let is_closed = !persists(refused);
        if is_closed && std::mem::replace(&mut self.has_begun_anew, true) {
            return Err(Error::new(
                ErrorKind::Connection,
                "the server closes the connection in the middle of the NTLM handshake, which needs one that stays open",
            ));
        }
        Ok(is_closed)
    }

    /// The field with the third message.
    fn prove(&self, token: Vec<u8>) -> Result<HeaderValue> {
        let (challenge, is_wrapped) = match self.carrier {
            Carrier::Ntlm => (token, false),
            Carrier::Negotiate => unwrap(token).map_err(unanswerable)?,
        };
        let answer = self.answer(&challenge)?;
        match is_wrapped {
            true => self.carrier.field(&wrap(answer).map_err(unanswerable)?),
            false => self.carrier.field(&answer.message),
        }
    }

    fn answer(&self, challenge: &[u8]) -> Result<Answer> {
        let (config, offered) = (&self.config, self.carrier.flags());
        let terms = Terms {
            negotiate: &Negotiate::new(offered).to_bytes(),
            offered,
            service_name: &self.service_name(),
            binding: self.channel_binding()?,
            client_challenge: config.sources.bytes()?,
            session_key: config.sources.bytes()?,
            now: file_time(config.sources.clock.now()),
            #[cfg(feature = "v1")]
            allow_v1: config.allow_v1,
        };
        answer(&config.credentials, challenge, &terms).map_err(unanswerable)
    }

    fn service_name(&self) -> Cow<'_, str> {
        match (&self.config.service_name, &self.place.origin) {
            (Some(given), _) => Cow::Borrowed(given),
            (None, Some(origin)) => Cow::Owned(["HTTP/", origin.host()].concat()),
            (None, None) => Cow::Borrowed(""),
        }
    }

    /// What the connection that the challenge came over is known by.
    fn channel_binding(&self) -> Result<Option<ChannelBinding>> {
        let certificate = self
            .connection
            .as_ref()
            .and_then(Connection::recall::<PeerCertificate>);
        match (self.config.binding, certificate) {
            (None, Some(certificate)) => of_certificate(&certificate),
            (given, _) => Ok(given),
        }
    }
}

/// A certificate for which no binding is defined leaves the proof without one, as there is none that a server could demand.
fn of_certificate(certificate: &PeerCertificate) -> Result<Option<ChannelBinding>> {
    match ChannelBinding::server_end_point(certificate.der()) {
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(None),
        binding => binding.map(Some),
    }
}

/// The message inside of a token of `Negotiate`, and whether it was wrapped at all.
pub(super) fn unwrap(token: Vec<u8>) -> Result<(Vec<u8>, bool), MessageError> {
    match Token::read(token)? {
        Token::Raw(message) => Ok((message, false)),
        Token::Response {
            message: Some(message),
            ..
        } => Ok((message, true)),
        _ => Err(MessageError::Malformed("it holds no message of NTLM")),
    }
}

/// The third message with a signature over what was offered, which some servers demand with a MIC.
fn wrap(answer: Answer) -> Result<Vec<u8>, MessageError> {
    let signs = answer.flags.contains(Flags::SIGN);
    let mut signer = Signer::new(&answer.session_key, answer.flags, Side::Client);
    let offered = spnego::ntlm_alone()?;
    let mic = signs.then(|| signer.sign(0, &offered.0));
    spnego::response(None, Some(answer.message), mic)
}

impl Exchange for NtlmExchange {
    fn name(&self) -> &'static str {
        "ntlm"
    }

    fn binding(&self) -> Binding {
        match self.step {
            Step::Ask => Binding::Request,
            _ => Binding::Connection(self.config.credentials.identity.clone()),
        }
    }

    fn bound(&mut self, connection: &Connection) {
        self.step = match connection.recall() {
            Some(Authenticated(true)) => Step::Known,
            _ => Step::Greet,
        };
        self.connection = Some(connection.clone());
    }

    fn plan(&self) -> Leg {
        match self.step {
            Step::Ask | Step::Greet => Leg::Probe,
            _ => Leg::Tentative,
        }
    }

    fn prepare(&mut self, request: &mut request::Parts, _: &mut Payload) -> Result<()> {
        let field = match &self.step {
            Step::Greet => self.config.greeting(self.carrier),
            Step::Prove(field) => field.clone(),
            Step::Ask | Step::Known | Step::Open => return Ok(()),
        };
        add_header(request, AUTHORIZATION, field, self.name());
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        if response.status != StatusCode::UNAUTHORIZED {
            self.passed(response.status);
            return Ok(Next::Done);
        }
        match self.step {
            Step::Ask | Step::Known => Ok(self.start(response)),
            Step::Greet => self.challenged(response),
            Step::Prove(_) | Step::Open => Ok(Next::Done),
        }
    }
}

impl std::fmt::Debug for NtlmExchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NtlmExchange")
            .field("carrier", &self.carrier)
            .finish_non_exhaustive()
    }
}
