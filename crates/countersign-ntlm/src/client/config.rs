//! What a client is told, and what is made of it once.

use countersign_core::{Error, Result, Sources};
use http::{HeaderValue, response};

use super::offer::{Offer, offer};
use crate::binding::ChannelBinding;
use crate::carrier::Carrier;
use crate::credentials::{Credentials, Given};
use crate::message::{Flags, MessageError, Negotiate};
use crate::spnego;

/// What is offered to every server.
const OFFERED: Flags = Flags::UNICODE
    .union(Flags::OEM)
    .union(Flags::REQUEST_TARGET)
    .union(Flags::NTLM)
    .union(Flags::ALWAYS_SIGN)
    .union(Flags::EXTENDED_SESSION_SECURITY)
    .union(Flags::VERSION)
    .union(Flags::KEY_128)
    .union(Flags::KEY_56);

/// Inside of `Negotiate` the list of mechanisms is signed, by a key of the client's.
const SIGNING: Flags = Flags::SIGN.union(Flags::KEY_EXCHANGE);

#[derive(Clone)]
pub(super) struct Config {
    given: Given,
    /// The field with the first message, by carrier.
    greetings: [HeaderValue; 2],
    pub(super) credentials: Credentials,
    pub(super) negotiate: bool,
    pub(super) service_name: Option<String>,
    pub(super) binding: Option<ChannelBinding>,
    #[cfg(feature = "v1")]
    pub(super) allow_v1: bool,
    pub(super) sources: Sources,
}

impl Config {
    pub(super) fn new(given: Given) -> Result<Self> {
        Ok(Self {
            greetings: [greeting(Carrier::Ntlm)?, greeting(Carrier::Negotiate)?],
            credentials: Credentials::new(&given)?,
            given,
            negotiate: false,
            service_name: None,
            binding: None,
            #[cfg(feature = "v1")]
            allow_v1: false,
            sources: Sources::default(),
        })
    }

    pub(super) fn identify(&mut self, change: impl FnOnce(&mut Given)) -> Result<()> {
        change(&mut self.given);
        self.credentials = Credentials::new(&self.given)?;
        Ok(())
    }

    pub(super) fn greeting(&self, carrier: Carrier) -> HeaderValue {
        let [ntlm, negotiate] = &self.greetings;
        match carrier {
            Carrier::Ntlm => ntlm.clone(),
            Carrier::Negotiate => negotiate.clone(),
        }
    }

    /// The carrier that the server offers and that may be used; `NTLM` itself before `Negotiate`.
    pub(super) fn offered(&self, refused: &response::Parts) -> Option<Carrier> {
        let carriers = [Carrier::Ntlm, Carrier::Negotiate].into_iter();
        let mut admitted = carriers.take(if self.negotiate { 2 } else { 1 });
        admitted.find(|carrier| matches!(offer(refused, *carrier), Offer::Bare | Offer::Token(_)))
    }
}

impl Carrier {
    pub(super) fn flags(self) -> Flags {
        match self {
            Self::Ntlm => OFFERED,
            Self::Negotiate => OFFERED.union(SIGNING),
        }
    }
}

fn greeting(carrier: Carrier) -> Result<HeaderValue> {
    let message = Negotiate::new(carrier.flags()).to_bytes();
    match carrier {
        Carrier::Ntlm => carrier.field(&message),
        Carrier::Negotiate => carrier.field(&spnego::init(message.to_vec()).map_err(unanswerable)?),
    }
}

pub(super) fn unanswerable(error: MessageError) -> Error {
    Error::challenge("the server's NTLM challenge cannot be answered").with_source(error)
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("credentials", &self.credentials)
            .field("negotiate", &self.negotiate)
            .field("service_name", &self.service_name)
            .finish_non_exhaustive()
    }
}
