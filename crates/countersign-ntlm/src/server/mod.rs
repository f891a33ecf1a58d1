//! The server.

mod accounts;
mod attempt;
mod builder;
mod challenge;
mod completed;
mod seat;
mod token;
mod user;

use std::fmt;
use std::sync::Arc;

use countersign_core::verify::{Reason, Verdict, Verify, authorization};
use countersign_core::{
    Begin, Connection, Error, ErrorKind, Payload, Result, Sources, challenge as http_challenge,
};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Version, request};

pub use accounts::{Account, Accounts, MemoryAccounts, Query};
pub use builder::NtlmVerifierBuilder;
pub use user::NtlmUser;

use crate::binding::ChannelBinding;
use crate::carrier::{Carrier, decode};
use crate::credentials::NtHash;
use seat::Seat;
use token::Incoming;

/// The server's side of NTLM.
///
/// A handshake holds for the connection that it was made on, so the service has to be served by
/// `countersign_tower::PerConnection`, over HTTP/1.1, and to own its connections: behind a proxy that lets several clients
/// share one, demand a handshake of each request ([`NtlmVerifierBuilder::each_request`]). A challenge is good for one answer
/// on its own connection.
#[derive(Clone)]
pub struct NtlmVerifier(Arc<Server>);

struct Server {
    accounts: Arc<dyn Accounts>,
    domain: String,
    computer: String,
    negotiate: bool,
    require_mic: bool,
    bindings: Vec<ChannelBinding>,
    allow_unbound: bool,
    service_names: Vec<String>,
    each_request: bool,
    sources: Sources,
    /// Nobody's hash, so that an unknown user costs what a known one does.
    nobody: NtHash,
}

impl NtlmVerifier {
    /// A verifier of the users in `accounts`, for a server that calls itself `domain`.
    pub fn builder(domain: impl Into<String>, accounts: impl Accounts) -> NtlmVerifierBuilder {
        NtlmVerifierBuilder::new(domain.into(), Arc::new(accounts))
    }

    fn judge(
        &self,
        seat: &Seat,
        carrier: Carrier,
        field: &HeaderValue,
    ) -> Result<Begin<Verdict<NtlmUser>>> {
        let Ok(credentials) = http_challenge::parse_credentials(field) else {
            return Ok(Begin::ready(self.0.refuse(Reason::Malformed)));
        };
        let message = credentials.token68().and_then(decode);
        match Incoming::read(seat, carrier, message) {
            Incoming::Negotiate(message) => self.0.challenge(seat, message).map(Begin::ready),
            Incoming::Hint(field) => {
                Ok(Begin::ready(Verdict::challenge(Reason::Rejected, [field])))
            }
            Incoming::Authenticate(proof) => {
                let (server, seat) = (Arc::clone(&self.0), seat.clone());
                Ok(Begin::wait(attempt::judge(server, seat, proof)))
            }
            Incoming::Other => Ok(Begin::ready(self.0.refuse(Reason::Rejected))),
        }
    }
}

impl Server {
    /// Refuses a request; a 401 says how it could be let through.
    fn refuse<P>(&self, reason: Reason) -> Verdict<P> {
        let carriers = [Carrier::Negotiate, Carrier::Ntlm].into_iter();
        let offered = carriers.filter(|carrier| self.offers(*carrier));
        match reason {
            Reason::Missing | Reason::Rejected => Verdict::challenge(
                reason,
                offered.map(|carrier| HeaderValue::from_static(carrier.name())),
            ),
            _ => Verdict::refuse(reason),
        }
    }

    fn offers(&self, carrier: Carrier) -> bool {
        carrier == Carrier::Ntlm || self.negotiate
    }

    /// The credentials of a request, and what carries them.
    fn field<'a>(
        &self,
        request: &'a request::Parts,
    ) -> Result<Option<(Carrier, &'a HeaderValue)>, Reason> {
        for carrier in [Carrier::Ntlm, Carrier::Negotiate] {
            match authorization(request, carrier.name())? {
                Some(field) if self.offers(carrier) => return Ok(Some((carrier, field))),
                _ => {}
            }
        }
        Ok(None)
    }

    /// A request without a message of NTLM: the connection's user makes it, unless it comes in another name.
    fn known(&self, request: &request::Parts, seat: &Seat) -> Verdict<NtlmUser> {
        let user = seat
            .user()
            .filter(|_| !request.headers.contains_key(AUTHORIZATION));
        match user {
            Some(user) => Verdict::accept("ntlm", user),
            None => self.refuse(Reason::Missing),
        }
    }
}

impl Verify for NtlmVerifier {
    type Principal = NtlmUser;

    fn verify(&self, request: &request::Parts, _: &Payload) -> Begin<Verdict<NtlmUser>> {
        let Some(connection) = request.extensions.get::<Connection>() else {
            return Begin::failed(Error::new(
                ErrorKind::Connection,
                "NTLM authenticates connections: serve the service by PerConnection",
            ));
        };
        if !matches!(request.version, Version::HTTP_10 | Version::HTTP_11) {
            // A connection of HTTP/2 is nobody's own; the challenge leads clients to one of HTTP/1.1.
            return Begin::ready(self.0.refuse(Reason::Missing));
        }
        let seat = Seat::of(connection, &self.0);
        match self.0.field(request) {
            Err(reason) => Begin::ready(self.0.refuse(reason)),
            Ok(None) => Begin::ready(self.0.known(request, &seat)),
            Ok(Some((carrier, field))) => self
                .judge(&seat, carrier, field)
                .unwrap_or_else(Begin::failed),
        }
    }
}

impl fmt::Debug for NtlmVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NtlmVerifier")
            .field("domain", &self.0.domain)
            .field("computer", &self.0.computer)
            .finish_non_exhaustive()
    }
}
