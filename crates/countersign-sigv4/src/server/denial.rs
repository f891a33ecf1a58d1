//! [`Denial`], a refusal that knows what it may come from.

use countersign_core::verify::{Reason, Verdict};

use super::refuse;

/// Why a request is refused, and where that is a matter of configuration, by which setting it would not be.
pub(super) struct Denial {
    reason: Reason,
    advice: Option<&'static str>,
}

impl Denial {
    pub(super) fn presigned() -> Self {
        Self::by_setting(
            "it is a presigned URL, and this verifier takes signatures in the Authorization header alone unless told \
             otherwise by allow_presigned(true) (addAuthDataToQuery=true in awsv4)",
        )
    }

    pub(super) fn unsigned_payload() -> Self {
        Self::by_setting(
            "it has a body that is not signed, which this verifier takes if told so by allow_unsigned_payload(true) \
             (unsignedPayload=true in awsv4)",
        )
    }

    fn by_setting(advice: &'static str) -> Self {
        Self {
            reason: Reason::Forbidden,
            advice: Some(advice),
        }
    }

    pub(super) fn verdict<P>(self) -> Verdict<P> {
        let verdict = refuse(self.reason);
        match self.advice {
            Some(advice) => verdict.advised(advice),
            None => verdict,
        }
    }
}

impl From<Reason> for Denial {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            advice: None,
        }
    }
}
