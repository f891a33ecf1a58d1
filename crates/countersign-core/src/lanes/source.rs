//! The lanes of a driver, whatever its client.

use http::Extensions;

use super::{Connection, Identity, Lane, Lanes};
use crate::begin::Begin;
use crate::origin::Origin;

/// Where the loop gets its lanes from.
pub(crate) trait LaneSource: Send + Sync + std::fmt::Debug {
    /// See [`Lanes::acquire`].
    fn acquire(&self, origin: Option<Origin>, identity: &Identity, blank: bool) -> Begin<Hold>;

    /// Whether a lane travels along already, which was acquired further up.
    fn is_attached(&self, extensions: &Extensions) -> bool;
}

/// A lane in the hands of the loop, which does not know its client.
pub(crate) struct Hold {
    pub(crate) connection: Connection,
    attach: Box<dyn Fn(&mut Extensions) + Send + Sync>,
}

impl Hold {
    /// Sends the lane along with a leg.
    pub(crate) fn attach(&self, extensions: &mut Extensions) {
        (self.attach)(extensions);
    }
}

impl<C: Send + 'static> LaneSource for Lanes<C> {
    fn acquire(&self, origin: Option<Origin>, identity: &Identity, blank: bool) -> Begin<Hold> {
        self.acquire(origin, identity, blank).map(|lane| Hold {
            connection: lane.connection().clone(),
            attach: Box::new(move |extensions| drop(extensions.insert(lane.clone()))),
        })
    }

    fn is_attached(&self, extensions: &Extensions) -> bool {
        extensions.get::<Lane<C>>().is_some()
    }
}
