//! The third message, judged.

use std::sync::Arc;

use countersign_core::Result;
use countersign_core::verify::{Reason, Verdict};
use subtle::ConstantTimeEq;

use super::accounts::{Account, Query};
use super::completed::Completed;
use super::seat::{Handshake, Seat};
use super::token::{Proof, unwritten};
use super::{NtlmUser, Server};
use crate::calculation::{Key, Ntowf, Side, Signer};
use crate::message::{
    Authenticate, ClientChallenge, Flags, MIC, MIC_PROVIDED, MessageError, TargetInfo, av_id,
};

/// Judges the answer to the challenge that this connection was given last. The challenge is spent, whatever comes of it.
pub(super) async fn judge(
    server: Arc<Server>,
    seat: Seat,
    proof: Proof,
) -> Result<Verdict<NtlmUser>> {
    let handshake = seat.take_handshake();
    seat.reset();
    let claim = Claim::read(&proof.message).ok();
    let (Some(handshake), Some(claim)) = (handshake, claim) else {
        return Ok(server.refuse(Reason::Rejected));
    };
    let query = Query::new(&claim.user, &claim.domain);
    let account = server.accounts.find(query).await?;
    let attempt = Attempt {
        server: &server,
        handshake: &handshake,
        proof: &proof,
    };
    let verified = attempt.verify(&claim, account.as_ref()).ok().flatten();
    let (Some(key), Some(account)) = (verified, account) else {
        return Ok(server.refuse(Reason::Rejected));
    };
    let user = claim.user(account);
    match server.each_request {
        true => seat.clear(),
        false => seat.authenticate(user.clone()),
    }
    attempt.accept(user, &key)
}

/// Who it says it is.
struct Claim {
    user: String,
    domain: String,
    workstation: String,
}

impl Claim {
    /// Reads all of the message, so that nobody is looked for by one that is not sound.
    fn read(message: &[u8]) -> Result<Self, MessageError> {
        let message = Authenticate::read(message)?;
        ClientChallenge::read(message.nt_response())?;
        let user = message.user()?;
        if user.is_empty() {
            return Err(MessageError::Malformed("it is anonymous"));
        }
        Ok(Self {
            user,
            domain: message.domain()?,
            workstation: message.workstation()?,
        })
    }

    fn user(self, account: Account) -> NtlmUser {
        NtlmUser {
            name: account.name,
            domain: account.domain.unwrap_or(self.domain),
            workstation: self.workstation,
        }
    }
}

struct Attempt<'a> {
    server: &'a Server,
    handshake: &'a Handshake,
    proof: &'a Proof,
}

/// What the two sides have in common after the handshake.
struct Session {
    key: Key,
    flags: Flags,
}

impl Attempt<'_> {
    /// The session, if all is right. All is computed for unknown users too.
    fn verify(
        &self,
        claim: &Claim,
        account: Option<&Account>,
    ) -> Result<Option<Session>, MessageError> {
        let message = Authenticate::read(&self.proof.message)?;
        let response = ClientChallenge::read(message.nt_response())?;
        let hash = account.map_or(&self.server.nobody, |account| &account.hash);
        let key = Ntowf::new(hash, &claim.user, &claim.domain);
        let expected = key.proof(self.handshake.server_challenge, response.temp());
        let is_right: bool = expected.ct_eq(&response.proof()).into();
        let session = Session::new(key.key_exchange_key(expected), &message)?;
        let info = response.target_info();
        let admitted = self.server.admits(&info)
            && self.has_mic(&session, &info, message.mic())
            && self.has_signed(&session);
        Ok(Some(session).filter(|_| is_right && admitted))
    }

    /// Whether the MIC is right, where the client says that there is one.
    fn has_mic(&self, session: &Session, info: &TargetInfo<'_>, mic: Option<[u8; 16]>) -> bool {
        if info.flags() & MIC_PROVIDED == 0 {
            return !self.server.require_mic;
        }
        let mut bytes = self.proof.message.clone();
        let (Some(mic), Some(place)) = (mic, bytes.get_mut(MIC)) else {
            return false;
        };
        place.fill(0);
        let Handshake {
            negotiate,
            challenge,
            ..
        } = self.handshake;
        let expected = session.key.mic([negotiate, challenge, &bytes]);
        expected.ct_eq(&mic).into()
    }

    /// Whether what the client offered is signed rightly, where it is or has to be (RFC 4178, section 5).
    fn has_signed(&self, session: &Session) -> bool {
        let Some(wrapping) = &self.handshake.wrapping else {
            return true;
        };
        match &self.proof.mic {
            Some(mic) => session
                .signer(Side::Client)
                .is_first(&wrapping.mechanisms.0, mic),
            None => !wrapping.must_sign,
        }
    }

    /// A negotiation is ended by a token in the answer, signed if the client's was.
    fn accept(&self, user: NtlmUser, session: &Session) -> Result<Verdict<NtlmUser>> {
        let Some(wrapping) = &self.handshake.wrapping else {
            return Ok(Verdict::accept("ntlm", user));
        };
        let sign = || session.signer(Side::Server).sign(0, &wrapping.mechanisms.0);
        let mic = self.proof.mic.as_ref().map(|_| sign());
        let completed = Completed::new(mic).map_err(unwritten)?;
        Ok(Verdict::accept_with("ntlm", user, completed))
    }
}

impl Session {
    /// With the key of the client's choice, where it says that it sends one.
    fn new(exchange: Key, message: &Authenticate<'_>) -> Result<Self, MessageError> {
        const NO_KEY: MessageError = MessageError::Malformed("its session key has not 16 bytes");
        let flags = message.flags();
        let key = match flags.exchanges_key() {
            false => exchange,
            true => {
                let sent = message.encrypted_session_key();
                Key::new(exchange.wrap(sent.try_into().map_err(|_| NO_KEY)?))
            }
        };
        Ok(Self { key, flags })
    }

    fn signer(&self, side: Side) -> Signer {
        Signer::new(&self.key, self.flags, side)
    }
}

impl Server {
    fn admits(&self, info: &TargetInfo<'_>) -> bool {
        self.admits_binding(info) && self.admits_service(info)
    }

    fn admits_binding(&self, info: &TargetInfo<'_>) -> bool {
        if self.bindings.is_empty() {
            return true;
        }
        match info.get(av_id::CHANNEL_BINDINGS) {
            Some(named) => self.bindings.iter().any(|binding| binding.is(named)),
            None => self.allow_unbound,
        }
    }

    fn admits_service(&self, info: &TargetInfo<'_>) -> bool {
        let named = info.text(av_id::TARGET_NAME).unwrap_or_default();
        let mut names = self.service_names.iter();
        self.service_names.is_empty() || names.any(|name| name.eq_ignore_ascii_case(&named))
    }
}
