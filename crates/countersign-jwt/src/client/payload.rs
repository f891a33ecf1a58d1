//! [`Template`], the payload of all tokens of one issuer.

use std::fmt;

use countersign_core::{Result, Sources};
use itoa::Buffer;

use super::issuer::Fresh;
use crate::json::Members;

/// Room for a claim that is new in each token: a UUID in its quotes, which no number outgrows.
const ROOM: usize = 38;

/// A payload with gaps for the claims that are new in each token. `Debug` shows these alone.
pub(super) struct Template {
    /// What stands before each gap, and what goes into it.
    gaps: Vec<(String, Fresh)>,
    end: String,
    room: usize,
}

impl Template {
    /// Of these claims: `fresh` ones stand in the place of one of their name, or at the end. Of two of one name the later
    /// counts.
    pub(super) fn new(mut claims: Members, fresh: &[Fresh]) -> Self {
        for fresh in fresh {
            claims.set(fresh.name(), &().into());
        }
        let (mut gaps, mut text) = (Vec::new(), String::from("{"));
        for (index, (name, value)) in claims.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text += &Members::quoted(name);
            text.push(':');
            match fresh.iter().rfind(|fresh| fresh.name() == name) {
                Some(fresh) => gaps.push((std::mem::take(&mut text), *fresh)),
                None => text += value,
            }
        }
        Self::of(gaps, text + "}")
    }

    fn of(gaps: Vec<(String, Fresh)>, end: String) -> Self {
        let before: usize = gaps.iter().map(|(text, _)| text.len() + ROOM).sum();
        Self {
            room: before + end.len(),
            gaps,
            end,
        }
    }

    /// The payload of a token that is made now. Makes one allocation.
    pub(super) fn fill(&self, sources: &Sources) -> Result<String> {
        let (mut payload, now) = (String::with_capacity(self.room), sources.unix_time());
        for (before, fresh) in &self.gaps {
            payload += before;
            match *fresh {
                Fresh::IssuedAt | Fresh::NotBefore => payload += Buffer::new().format(now),
                Fresh::ExpiresIn(seconds) => {
                    payload += Buffer::new().format(now.saturating_add(seconds));
                }
                Fresh::Id => payload.extend(["\"", sources.uuid()?.as_str(), "\""]),
            }
        }
        payload += &self.end;
        Ok(payload)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fresh = self.gaps.iter().map(|(_, fresh)| fresh);
        f.debug_list().entries(fresh).finish()
    }
}
