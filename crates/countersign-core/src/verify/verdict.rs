//! What a verifier finds.

use std::fmt;

use http::{HeaderValue, StatusCode};

use super::{Answer, Decode};

/// What a verifier finds.
#[derive(Debug)]
pub enum Verdict<P> {
    /// The request comes from this principal.
    Accept(Accepted<P>),
    /// The request is not let through.
    Refuse(Refusal),
}

/// An accepted request.
#[non_exhaustive]
pub struct Accepted<P> {
    /// Who the request comes from.
    pub principal: P,
    /// The name of the scheme that accepted it.
    pub scheme: &'static str,
    /// What is added to the answer.
    pub answer: Option<Box<dyn Answer>>,
    /// What verifies the body while it streams; whoever lets the request through has to read the body through it.
    pub decode: Option<Box<dyn Decode>>,
}

/// A refused request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The challenges that say how it could be let through, each one field of `WWW-Authenticate`.
    pub challenges: Vec<HeaderValue>,
    /// Whether the connection is to be closed after the answer.
    pub close: bool,
    /// The setting by which the verifier would take such a request: for whoever runs the server, and not for its client.
    pub advice: Option<&'static str>,
}

/// Why a request is refused. Of several verifiers' reasons the greatest one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It has no credentials for this scheme: 401.
    Missing,
    /// Its credentials are wrong, expired or used up: 401.
    Rejected,
    /// Its credentials are right and do not suffice, or its signature does not fit where that is the scheme's custom: 403.
    Forbidden,
    /// Its credentials are larger than any that are right: 431.
    TooLarge,
    /// Its credentials break the syntax, or there are several: 400.
    Malformed,
    /// They cannot be judged now: 503.
    Unavailable,
}

impl Reason {
    /// The status that says so.
    pub fn status(self) -> StatusCode {
        match self {
            Self::Missing | Self::Rejected => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl<P> Verdict<P> {
    /// Accepts a request of `principal` by `scheme`.
    pub fn accept(scheme: &'static str, principal: P) -> Self {
        Self::Accept(Accepted {
            principal,
            scheme,
            answer: None,
            decode: None,
        })
    }

    /// Accepts it, and adds to the answer.
    pub fn accept_with(scheme: &'static str, principal: P, answer: impl Answer) -> Self {
        Self::Accept(Accepted {
            principal,
            scheme,
            answer: Some(Box::new(answer)),
            decode: None,
        })
    }

    /// Accepts its head; `decode` verifies its body while it streams.
    pub fn accept_decoding(scheme: &'static str, principal: P, decode: impl Decode) -> Self {
        Self::Accept(Accepted {
            principal,
            scheme,
            answer: None,
            decode: Some(Box::new(decode)),
        })
    }

    /// Refuses it, without a challenge.
    pub fn refuse(reason: Reason) -> Self {
        Self::challenge(reason, [])
    }

    /// Refuses it with challenges.
    pub fn challenge(reason: Reason, challenges: impl IntoIterator<Item = HeaderValue>) -> Self {
        Self::Refuse(Refusal {
            reason,
            challenges: challenges.into_iter().collect(),
            close: false,
            advice: None,
        })
    }

    /// The same; a refusal says by which setting the verifier would take such a request.
    #[must_use]
    pub fn advised(mut self, advice: &'static str) -> Self {
        if let Self::Refuse(refusal) = &mut self {
            refusal.advice = Some(advice);
        }
        self
    }

    pub(super) fn map<Q>(self, change: impl FnOnce(P) -> Q) -> Verdict<Q> {
        match self {
            Self::Refuse(refusal) => Verdict::Refuse(refusal),
            Self::Accept(Accepted {
                principal,
                scheme,
                answer,
                decode,
            }) => Verdict::Accept(Accepted {
                principal: change(principal),
                scheme,
                answer,
                decode,
            }),
        }
    }
}

impl Refusal {
    /// One refusal of two: the greater reason, the challenges of both, equal ones once, and the first advice.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.reason = self.reason.max(other.reason);
        for challenge in other.challenges {
            if !self.challenges.contains(&challenge) {
                self.challenges.push(challenge);
            }
        }
        self.close |= other.close;
        self.advice = self.advice.or(other.advice);
        self
    }

    /// The same, and the connection is closed after it (over HTTP/1.1).
    #[must_use]
    pub fn closing(self) -> Self {
        Self {
            close: true,
            ..self
        }
    }
}

impl<P: fmt::Debug> fmt::Debug for Accepted<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted")
            .field("principal", &self.principal)
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}
