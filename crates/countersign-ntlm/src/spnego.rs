//! NTLM inside of `Negotiate`: RFC 4178, as far as a peer goes that knows one mechanism.

use der::asn1::{AnyRef, BitStringRef, ContextSpecific, ObjectIdentifier, OctetString};
use der::{
    Decode, Encode, EncodeValue, Enumerated, Reader, Sequence, SliceReader, Tag, TagMode,
    TagNumber, Tagged,
};

use crate::message::{MessageError, kind};

const SPNEGO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.2");
const NTLM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.2.2.10");

/// Section 4.2.1.
#[derive(Sequence)]
struct Init<'a> {
    #[asn1(context_specific = "0")]
    mechanisms: Vec<ObjectIdentifier>,
    #[asn1(context_specific = "1", optional = "true")]
    flags: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "2", optional = "true")]
    token: Option<OctetString>,
    #[asn1(context_specific = "3", optional = "true")]
    mic: Option<OctetString>,
}

/// Section 4.2.2.
#[derive(Sequence)]
struct Response {
    #[asn1(context_specific = "0", optional = "true")]
    state: Option<State>,
    #[asn1(context_specific = "1", optional = "true")]
    mechanism: Option<ObjectIdentifier>,
    #[asn1(context_specific = "2", optional = "true")]
    token: Option<OctetString>,
    #[asn1(context_specific = "3", optional = "true")]
    mic: Option<OctetString>,
}

/// How far the negotiation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enumerated)]
#[repr(u8)]
pub(crate) enum State {
    Completed = 0,
    Incomplete = 1,
    Reject = 2,
    RequestMic = 3,
}

/// The mechanisms that a client offered, in DER, which the MIC of the negotiation covers (section 5).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Mechanisms(pub(crate) Vec<u8>);

/// What came.
pub(crate) enum Token {
    /// A message without any wrapping.
    Raw(Vec<u8>),
    /// The first token of a client that offers NTLM; `message` is there if that is its first choice.
    Init {
        mechanisms: Mechanisms,
        is_first: bool,
        message: Option<Vec<u8>>,
    },
    /// A later token of either side.
    Response {
        message: Option<Vec<u8>>,
        mic: Option<Vec<u8>>,
    },
}

const MALFORMED: MessageError = MessageError::Malformed("it is no SPNEGO token that offers NTLM");

impl Token {
    pub(crate) fn read(bytes: Vec<u8>) -> Result<Self, MessageError> {
        match bytes.first() {
            _ if kind(&bytes).is_some() => Ok(Self::Raw(bytes)),
            Some(0x60) => read_init(&bytes).map_err(|_| MALFORMED)?.ok_or(MALFORMED),
            _ => read_response(&bytes).map_err(|_| MALFORMED),
        }
    }
}

fn read_init(bytes: &[u8]) -> der::Result<Option<Token>> {
    let whole = AnyRef::from_der(bytes)?;
    let mut reader = SliceReader::new(whole.value())?;
    let is_spnego = ObjectIdentifier::decode(&mut reader)? == SPNEGO;
    let init = ContextSpecific::<Init<'_>>::decode_explicit(&mut reader, TagNumber(0))?;
    reader.finish()?;
    let Some(init) = init.filter(|_| is_spnego).map(|init| init.value) else {
        return Ok(None);
    };
    if !init.mechanisms.contains(&NTLM) {
        return Ok(None);
    }
    let is_first = init.mechanisms.first() == Some(&NTLM);
    Ok(Some(Token::Init {
        mechanisms: Mechanisms(init.mechanisms.to_der()?),
        is_first,
        message: init
            .token
            .filter(|_| is_first)
            .map(OctetString::into_bytes)
            .map(Vec::from),
    }))
}

fn read_response(bytes: &[u8]) -> der::Result<Token> {
    let mut reader = SliceReader::new(bytes)?;
    let response = ContextSpecific::<Response>::decode_explicit(&mut reader, TagNumber(1))?;
    reader.finish()?;
    let response = response.ok_or(der::ErrorKind::Failed)?.value;
    Ok(Token::Response {
        message: response.token.map(OctetString::into_bytes).map(Vec::from),
        mic: response.mic.map(OctetString::into_bytes).map(Vec::from),
    })
}

/// The mechanisms of a client that knows NTLM alone.
pub(crate) fn ntlm_alone() -> Result<Mechanisms, MessageError> {
    vec![NTLM]
        .to_der()
        .map(Mechanisms)
        .map_err(|_| MessageError::TooLarge)
}

/// A client's first token.
pub(crate) fn init(message: Vec<u8>) -> Result<Vec<u8>, MessageError> {
    let init = Init {
        mechanisms: vec![NTLM],
        flags: None,
        token: Some(octets(message)?),
        mic: None,
    };
    let inner = SPNEGO.to_der().and_then(|mut inner| {
        inner.extend(explicit(0, init)?);
        AnyRef::new(APPLICATION, &inner)?.to_der()
    });
    inner.map_err(|_| MessageError::TooLarge)
}

const APPLICATION: Tag = Tag::Application {
    constructed: true,
    number: TagNumber(0),
};

/// A later token.
pub(crate) fn response(
    state: Option<State>,
    message: Option<Vec<u8>>,
    mic: Option<[u8; 16]>,
) -> Result<Vec<u8>, MessageError> {
    let is_servers_first = matches!(state, Some(State::Incomplete | State::RequestMic));
    let response = Response {
        state,
        mechanism: is_servers_first.then_some(NTLM),
        token: message.map(octets).transpose()?,
        mic: mic.map(|mic| octets(mic.to_vec())).transpose()?,
    };
    explicit(1, response).map_err(|_| MessageError::TooLarge)
}

fn octets(bytes: Vec<u8>) -> Result<OctetString, MessageError> {
    OctetString::new(bytes).map_err(|_| MessageError::TooLarge)
}

fn explicit<T: EncodeValue + Tagged>(number: u32, value: T) -> der::Result<Vec<u8>> {
    ContextSpecific {
        tag_number: TagNumber(number),
        tag_mode: TagMode::Explicit,
        value,
    }
    .to_der()
}
