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
pub(crate) struct Hold(Box<dyn Held>);

impl Hold {
    pub(crate) fn connection(&self) -> &Connection {
        self.0.connection()
    }

    /// Sends the lane along with a leg.
    pub(crate) fn attach(&self, extensions: &mut Extensions) {
        self.0.attach(extensions);
    }
}

/// A [`Lane`] of any client.
trait Held: Send + Sync {
    fn connection(&self) -> &Connection;
    fn attach(&self, extensions: &mut Extensions);
}

impl<C: Send + 'static> Held for Lane<C> {
    fn connection(&self) -> &Connection {
        self.connection()
    }

    fn attach(&self, extensions: &mut Extensions) {
        extensions.insert(self.clone());
    }
}

impl<C: Send + 'static> LaneSource for Lanes<C> {
    fn acquire(&self, origin: Option<Origin>, identity: &Identity, blank: bool) -> Begin<Hold> {
        self.acquire_as(origin, identity, blank, |lane| Hold(Box::new(lane)))
    }

    fn is_attached(&self, extensions: &Extensions) -> bool {
        extensions.get::<Lane<C>>().is_some()
    }
}
