//! [`DigestExchange`], the legs of one request.

use std::fmt;
use std::mem;
use std::sync::Arc;

use countersign_core::canonical::uri::request_target;
use countersign_core::challenge;
use countersign_core::{Error, ErrorKind, Exchange, Leg, Next, Payload, Result, add_header};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode, Uri, request, response};
use subtle::ConstantTimeEq;

use super::config::Choice;
use super::session::{Protected, Session};
use crate::message::{Challenge, Info, Qop};
use crate::state::{Entry, Lead, Place, Renewal};

/// One request of [`Digest`](crate::Digest).
///
/// It answers one challenge, and one more if that calls the nonce stale; so it sends three legs at most.
pub struct DigestExchange {
    place: Arc<Place>,
    session: Option<Arc<Session>>,
    /// What the session has signed for this request.
    sent: Option<Sent>,
    /// Others wait for the challenge as long as this is held.
    lead: Option<Lead>,
    /// Others use the session as soon as this is dropped.
    renewal: Option<Renewal>,
    answered: bool,
    renewed: bool,
    /// The `rspauth` of an answer whose body is awaited.
    expected: Option<Box<[u8]>>,
}

/// A signed leg.
struct Sent {
    count: u32,
    uri: Uri,
}

impl DigestExchange {
    pub(crate) fn new(place: Arc<Place>, entry: Entry) -> Self {
        let (session, lead) = match entry {
            Entry::Warm(session) => (Some(session), None),
            Entry::Lead(lead) => (None, Some(lead)),
            Entry::Open => (None, None),
        };
        Self {
            place,
            session,
            sent: None,
            lead,
            renewal: None,
            answered: false,
            renewed: false,
            expected: None,
        }
    }

    /// Takes up a refusal's challenge; false if it must not or cannot be answered.
    pub(crate) fn answer(&mut self, refused: &response::Parts) -> Result<bool> {
        let challenges = challenge::parse(refused.headers.get_all(WWW_AUTHENTICATE));
        let choice = self.place.config.choose(&challenges);
        match choice.filter(|choice| self.may_answer(&choice.challenge)) {
            Some(choice) => self.learn(&choice).map(|()| true),
            None => {
                self.give_up(refused.status);
                Ok(false)
            }
        }
    }

    /// The session that signed the last leg, if one did.
    fn used(&self) -> Option<(&Arc<Session>, &Sent)> {
        self.session.as_ref().zip(self.sent.as_ref())
    }

    /// RFC 7616, section 3.3: a nonce is stale only if another one of the same realm takes its place. Any other
    /// refusal of what answered a challenge is a wrong password.
    fn may_answer(&mut self, challenge: &Challenge<'_>) -> bool {
        let Some((used, _)) = self.used() else {
            return !mem::replace(&mut self.answered, true);
        };
        let same_realm = used.is_for(challenge.realm);
        let same_nonce = same_realm && used.has_nonce(challenge.nonce);
        let answered = mem::replace(&mut self.answered, true);
        match challenge.stale {
            true => same_realm && !same_nonce && !mem::replace(&mut self.renewed, true),
            false => !answered && !same_nonce,
        }
    }

    fn learn(&mut self, choice: &Choice<'_>) -> Result<()> {
        let used = self.sent.take().and(self.session.take());
        let session = Session::answer(&self.place.config, choice, used.as_deref())?;
        let replaced = self.renewal.take().map(Renewal::reject).or(used);
        self.session = Some(match replaced {
            None => self.place.publish(session, None),
            Some(used) => {
                let renewal = self.renewal.insert(self.place.renew(session, used));
                renewal.session()
            }
        });
        Ok(())
    }

    fn give_up(&mut self, status: StatusCode) {
        if let Some(used) = self.renewal.take().map(Renewal::reject) {
            self.place.forget(&used);
        }
        match self.used() {
            None => self.place.open(),
            Some((used, _)) if status == StatusCode::UNAUTHORIZED => self.place.forget(used),
            Some(_) => {}
        }
    }

    fn accepted(&mut self, response: &response::Parts) -> Result<Next> {
        self.renewal = None;
        let Some((session, sent)) = self.used() else {
            self.place.open();
            return self.unproved("the server asked for no credentials, so it proved nothing");
        };
        let info = Info::read(&response.headers);
        let Some((info, rspauth)) = info.as_ref().and_then(|info| Some((info, info.rspauth()?)))
        else {
            self.go_on(info.as_ref())?;
            return self.unproved("the answer has no readable rspauth");
        };
        let agrees = sent.agrees(session, info);
        if agrees && session.qop == Some(Qop::AuthInt) {
            self.go_on(Some(info))?;
            let verify = self.place.config.verify_rspauth;
            self.expected = verify.then(|| rspauth.into());
            return Ok(if verify { Next::Read } else { Next::Done });
        }
        if agrees && sent.is_proved(session, rspauth, b"") {
            self.go_on(Some(info))?;
            return Ok(Next::Done);
        }
        tracing::warn!("the server's rspauth is wrong: it may not know the password");
        self.unproved("the answer's rspauth is wrong")
    }

    fn unproved(&self, why: &'static str) -> Result<Next> {
        match self.place.config.verify_rspauth {
            true => Err(Error::new(ErrorKind::ServerAuthentication, why)),
            false => Ok(Next::Done),
        }
    }

    /// The next request uses the server's next nonce, if it sent one.
    fn go_on(&self, info: Option<&Info<'_>>) -> Result<()> {
        let (Some((used, _)), Some(nonce)) = (self.used(), info.and_then(Info::nextnonce)) else {
            return Ok(());
        };
        if !used.has_nonce(nonce) {
            let session = used.renewed(&self.place.config, nonce)?;
            self.place.publish(session, Some(used));
        }
        Ok(())
    }
}

impl Sent {
    /// Whether the answer speaks of this request: RFC 7616, section 3.5.
    fn agrees(&self, session: &Session, info: &Info<'_>) -> bool {
        let nc = crate::hash::eight_digits(self.count);
        let qop = session.qop.map_or("", Qop::name);
        session.qop.is_none()
            || (info.agrees("nc", &nc)
                && info.agrees("cnonce", session.cnonce())
                && info.agrees("qop", qop.as_bytes()))
    }

    fn is_proved(&self, session: &Session, rspauth: &[u8], body: &[u8]) -> bool {
        let expected = session.rspauth(self.count, &request_target(&self.uri), body);
        expected.ct_eq(rspauth).into()
    }
}

/// 401, and 403 where it carries a Digest challenge.
fn is_refusal(response: &response::Parts) -> bool {
    match response.status {
        StatusCode::UNAUTHORIZED => true,
        StatusCode::FORBIDDEN => has_challenge(&response.headers),
        _ => false,
    }
}

fn has_challenge(headers: &HeaderMap) -> bool {
    let challenges = challenge::parse(headers.get_all(WWW_AUTHENTICATE));
    challenges.iter().any(|challenge| challenge.is("digest"))
}

impl Exchange for DigestExchange {
    fn name(&self) -> &'static str {
        "digest"
    }

    fn plan(&self) -> Leg {
        match self.session {
            None => Leg::Doubtful,
            Some(_) if self.renewed => Leg::Last,
            Some(_) => Leg::Tentative,
        }
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.qop == Some(Qop::AuthInt))
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        let Some(session) = &self.session else {
            return Ok(());
        };
        let count = session.count()?;
        let body = match (session.qop, body.bytes()) {
            (Some(Qop::AuthInt), None) => return Err(unread()),
            (_, body) => body.unwrap_or_default(),
        };
        let target = request_target(&request.uri);
        let protected = Protected {
            method: request.method.as_str(),
            uri: &target,
            body,
        };
        let value = session.authorization(count, &protected)?;
        self.sent = Some(Sent {
            count,
            uri: request.uri.clone(),
        });
        add_header(request, AUTHORIZATION, value, "digest");
        Ok(())
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let next = match is_refusal(response) {
            true => self
                .answer(response)
                .map(|answers| if answers { Next::Again } else { Next::Done }),
            false => self.accepted(response),
        };
        self.lead = None;
        next
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        let proved = match (self.used(), &self.expected) {
            (Some((session, sent)), Some(rspauth)) => sent.is_proved(session, rspauth, body),
            _ => false,
        };
        match proved {
            true => Ok(()),
            false => self
                .unproved("the answer's rspauth does not fit its body")
                .map(|_| ()),
        }
    }
}

fn unread() -> Error {
    Error::new(
        ErrorKind::Body,
        "auth-int protects the body, and it was not read into memory",
    )
}

impl fmt::Debug for DigestExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestExchange")
            .field("plan", &self.plan())
            .field("answered", &self.answered)
            .finish_non_exhaustive()
    }
}
