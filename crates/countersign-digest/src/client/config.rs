//! What a client may answer, and which of several challenges it picks.

use countersign_core::challenge::{self, Challenges};
use countersign_core::{Error, Sources};

use crate::algorithm::Algorithm;
use crate::credentials::{Credentials, Preset};
use crate::message::{Challenge, Offered, Qop};

#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) credentials: Credentials,
    pub(crate) minimum: Option<Algorithm>,
    pub(crate) require_qop: bool,
    pub(crate) prefer_auth_int: bool,
    pub(crate) verify_rspauth: bool,
    pub(crate) preset: Preset,
    pub(crate) sources: Sources,
}

/// A challenge, and the quality of protection to answer it with.
pub(crate) struct Choice<'a> {
    pub(crate) challenge: Challenge<'a>,
    pub(crate) qop: Option<Qop>,
}

impl Config {
    pub(crate) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            minimum: None,
            require_qop: false,
            prefer_auth_int: false,
            verify_rspauth: false,
            preset: Preset::default(),
            sources: Sources::default(),
        }
    }

    /// The strongest challenge that can be answered; of equal ones the server's first.
    pub(crate) fn choose<'a>(&self, challenges: &'a Challenges<'_>) -> Option<Choice<'a>> {
        let choices = challenges
            .iter()
            .rev()
            .filter_map(|challenge| self.choice(challenge));
        choices.max_by_key(|choice| choice.challenge.algorithm.strength())
    }

    fn choice<'a>(&self, challenge: &'a challenge::Challenge<'_>) -> Option<Choice<'a>> {
        let challenge = Challenge::read(challenge)?;
        let qop = match challenge.qop {
            Offered::Nothing => None,
            Offered::List { auth, auth_int } => Some(self.qop(auth, auth_int)?),
        };
        self.admits(challenge.algorithm, qop)
            .then_some(Choice { challenge, qop })
    }

    fn qop(&self, auth: bool, auth_int: bool) -> Option<Qop> {
        match (auth, auth_int) {
            (true, true) if self.prefer_auth_int => Some(Qop::AuthInt),
            (true, _) => Some(Qop::Auth),
            (false, true) => Some(Qop::AuthInt),
            (false, false) => None,
        }
    }

    /// Whether nothing that the user pinned is undercut.
    pub(crate) fn admits(&self, algorithm: Algorithm, qop: Option<Qop>) -> bool {
        let minimum = self.minimum.map_or(0, Algorithm::strength);
        algorithm.strength() >= minimum && (qop.is_some() || !self.require_qop)
    }
}

pub(crate) fn refusal() -> Error {
    Error::challenge(
        "no Digest challenge of the server can be answered: see min_algorithm and require_qop",
    )
}
