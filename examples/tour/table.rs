//! The table that the tour prints, without a secret in it.

use std::error::Error;
use std::fmt;

use countersign::token::Refused;
use http::StatusCode;

use examples::tour::Failed;

/// One scheme through one driver.
pub(crate) struct Row {
    pub(crate) entry: &'static str,
    pub(crate) driver: &'static str,
    pub(crate) legs: Vec<String>,
    pub(crate) accepted: StatusCode,
    pub(crate) refused: Refusal,
    pub(crate) open: bool,
}

/// What a wrong secret came to.
pub(crate) enum Refusal {
    /// The server's answer.
    Status(StatusCode),
    /// The authorization server gave no token, so nothing was sent.
    NoToken,
}

impl Refusal {
    pub(crate) fn of(answer: Result<StatusCode, Failed>) -> Result<Self, Failed> {
        match answer {
            Ok(status) => Ok(Self::Status(status)),
            Err(error) if has_no_token(&*error) => Ok(Self::NoToken),
            Err(error) => Err(error),
        }
    }

    fn is_right(&self, open: bool) -> bool {
        match self {
            Self::NoToken => !open,
            Self::Status(status) if open => *status == StatusCode::OK,
            // A signature that does not fit is 403 by the custom of some schemes.
            Self::Status(status) => {
                [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(status)
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{}", status.as_u16()),
            Self::NoToken => f.write_str("no token"),
        }
    }
}

fn has_no_token(error: &(dyn Error + 'static)) -> bool {
    error.is::<Refused>() || error.source().is_some_and(has_no_token)
}

pub(crate) fn print_head() {
    println!(
        "{:<20} {:<8} {:<4} {:<44} {:<6} wrong secret",
        "scheme", "driver", "legs", "added", "result"
    );
}

impl Row {
    /// Whether the right secret was let in and the wrong one was not.
    pub(crate) fn is_right(&self) -> bool {
        self.accepted == StatusCode::OK && self.refused.is_right(self.open)
    }

    pub(crate) fn print(&self) {
        let added = self.legs.last().map_or("", |leg| &**leg);
        let mark = if self.is_right() {
            ""
        } else {
            "  <-- not as it should be"
        };
        let (accepted, refused) = (self.accepted.as_u16(), &self.refused);
        println!(
            "{:<20} {:<8} {:<4} {added:<44} {accepted:<6} {refused}{mark}",
            self.entry,
            self.driver,
            self.legs.len(),
        );
    }
}
