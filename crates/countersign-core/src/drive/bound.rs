//! The lane of a call, while its exchange wants one.

use http::{Extensions, request};

use super::Settings;
use crate::begin::Begin;
use crate::error::{Error, ErrorKind, Result};
use crate::lanes::{Hold, Identity};
use crate::origin::Origin;
use crate::scheme::{Binding, Exchange};

fn taken() -> Error {
    Error::new(
        ErrorKind::Connection,
        "origin and proxy both want the connection authenticated, and a request has one only: reach the origin by https, \
         through a tunnel",
    )
}

/// What a call knows of its lane.
#[derive(Default)]
pub(super) struct Bound {
    held: Option<(Identity, Hold)>,
    wanted: Option<Identity>,
    introduced: bool,
    lost: bool,
}

impl Bound {
    /// The lane to wait for before the next leg, if the exchange wants one that is not held yet.
    pub(super) fn acquire(
        &mut self,
        exchange: &mut dyn Exchange,
        settings: &Settings,
        head: &request::Parts,
        origin: impl FnOnce() -> Option<Origin>,
    ) -> Result<Option<Begin<Hold>>> {
        let Binding::Connection(identity) = exchange.binding() else {
            self.held = None;
            return Ok(None);
        };
        match &self.held {
            Some((held, hold)) if *held == identity => {
                if !std::mem::replace(&mut self.introduced, true) {
                    exchange.bound(hold.connection());
                }
                Ok(None)
            }
            _ => {
                let source = settings.lane_source()?;
                if source.is_attached(&head.extensions) {
                    return Err(taken());
                }
                let begin = source.acquire(origin(), &identity, self.lost);
                self.wanted = Some(identity);
                Ok(Some(begin))
            }
        }
    }

    pub(super) fn hold(&mut self, hold: Hold) {
        self.held = self.wanted.take().map(|identity| (identity, hold));
        self.introduced = false;
    }

    /// Another exchange took over, which does not know the connection.
    pub(super) fn restarted(&mut self) {
        self.introduced = false;
    }

    pub(super) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Sends the lane along with a leg.
    pub(super) fn attach(&self, extensions: &mut Extensions) {
        if let Some((_, hold)) = &self.held {
            hold.attach(extensions);
        }
    }

    /// Whether the leg failed because the connection was gone before it; once, then a failure is one.
    pub(super) fn was_lost(&mut self) -> bool {
        let lost = self
            .held
            .as_ref()
            .is_some_and(|(_, hold)| hold.connection().is_lost());
        if !lost || std::mem::replace(&mut self.lost, true) {
            return false;
        }
        self.held = None;
        true
    }

    /// That an answer came over the lane and not past it.
    pub(super) fn check(&self) -> Result<()> {
        match &self.held {
            Some((_, hold)) if !hold.connection().was_used() => Err(Error::new(
                ErrorKind::Connection,
                "the client below knows no lanes: put the piece that sends over lanes at its bottom",
            )),
            _ => Ok(()),
        }
    }

    /// The exchange is over: the lane goes along with the last answer. It can be used by the next one if it `persists`.
    pub(super) fn settle(&mut self, persists: impl FnOnce() -> bool) -> Option<Hold> {
        let (_, hold) = self.held.take()?;
        if persists() {
            hold.connection().settle();
        }
        Some(hold)
    }
}
