//! What a request's credentials are.

use countersign_core::Result;
use http::HeaderValue;

use super::seat::{Seat, Wrapping};
use crate::carrier::Carrier;
use crate::message::{MessageError, kind};
use crate::spnego::{self, State, Token};

/// What a request's credentials are.
pub(super) enum Incoming {
    /// The first message, by what carries it and how it is wrapped.
    Negotiate(First),
    /// The third one.
    Authenticate(Proof),
    /// A client that would rather do something else; this is the field that tells it to do NTLM.
    Hint(HeaderValue),
    /// Nothing that NTLM knows.
    Other,
}

pub(super) struct First {
    pub(super) carrier: Carrier,
    pub(super) wrapping: Option<Wrapping>,
    pub(super) message: Vec<u8>,
}

pub(super) struct Proof {
    pub(super) message: Vec<u8>,
    /// The client's signature over what it offered.
    pub(super) mic: Option<Vec<u8>>,
}

impl Incoming {
    /// Whatever is not the right next step forgets the connection's user.
    pub(super) fn read(seat: &Seat, carrier: Carrier, token: Option<Vec<u8>>) -> Self {
        let read = token.map(|token| match carrier {
            Carrier::Ntlm => Ok(Token::Raw(token)),
            Carrier::Negotiate => Token::read(token),
        });
        let incoming = match read {
            Some(Ok(token)) => Self::of(seat, carrier, token),
            _ => Ok(Self::Other),
        };
        let incoming = incoming.unwrap_or(Self::Other);
        if matches!(incoming, Self::Other) {
            seat.reset();
        }
        incoming
    }

    fn of(seat: &Seat, carrier: Carrier, token: Token) -> Result<Self> {
        match token {
            Token::Raw(message) => Ok(Self::plain(carrier, None, message, None)),
            Token::Response { message, mic } => {
                let (wrapping, message) = (seat.take_offered(), message.unwrap_or_default());
                Ok(Self::plain(carrier, wrapping, message, mic))
            }
            Token::Init {
                mechanisms,
                is_first,
                message,
            } => {
                let wrapping = Wrapping {
                    mechanisms,
                    must_sign: !is_first,
                };
                Self::first(seat, carrier, wrapping, message)
            }
        }
    }

    /// A client that offers NTLM, with its first message or without.
    fn first(
        seat: &Seat,
        carrier: Carrier,
        wrapping: Wrapping,
        message: Option<Vec<u8>>,
    ) -> Result<Self> {
        if let Some(message) = message {
            return Ok(Self::plain(carrier, Some(wrapping), message, None));
        }
        seat.offer(wrapping);
        carrier.field(&hint().map_err(unwritten)?).map(Self::Hint)
    }

    fn plain(
        carrier: Carrier,
        wrapping: Option<Wrapping>,
        message: Vec<u8>,
        mic: Option<Vec<u8>>,
    ) -> Self {
        match kind(&message) {
            Some(1) => Self::Negotiate(First {
                carrier,
                wrapping,
                message,
            }),
            Some(3) => Self::Authenticate(Proof { message, mic }),
            _ => Self::Other,
        }
    }
}

/// Tells a client to do NTLM, and to sign what it offered.
fn hint() -> Result<Vec<u8>, MessageError> {
    spnego::response(Some(State::RequestMic), None, None)
}

pub(super) fn unwritten(error: MessageError) -> countersign_core::Error {
    countersign_core::Error::configuration(
        "the server's NTLM message cannot be written: its names are too long",
    )
    .with_source(error)
}
