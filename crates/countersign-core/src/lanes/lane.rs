//! [`Lane`].

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Connection;
use super::station::Ticket;

/// One connection, held. Clones hold it together; with the last of them it goes back to its [`Lanes`](super::Lanes) if
/// the exchange is over and its answer was read to the end, and is closed otherwise.
///
/// `C` is what a driver sends through: a client that can connect but once, a connection's sender.
pub struct Lane<C>(Arc<Held<C>>);

struct Held<C> {
    connection: Connection,
    place: Mutex<Place<C>>,
}

struct Place<C> {
    client: Option<C>,
    ticket: Ticket<C>,
}

impl<C> Lane<C> {
    pub(super) fn new(mut ticket: Ticket<C>) -> Self {
        let (connection, client) = ticket.take().unzip();
        let connection = connection.unwrap_or_default();
        connection.take();
        let place = Mutex::new(Place { client, ticket });
        Self(Arc::new(Held { connection, place }))
    }

    /// What the scheme sees of it.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// Takes the client out for one leg; `None` on a lane that has none yet.
    pub fn take(&self) -> Option<C> {
        self.0.connection.mark_used();
        self.place().client.take()
    }

    /// Says that the connection was gone before the leg was sent: the leg may go over another one.
    pub fn mark_lost(&self) {
        self.0.connection.mark_lost();
    }

    /// Puts it back.
    pub fn put(&self, client: C) {
        self.place().client = Some(client);
    }

    fn place(&self) -> MutexGuard<'_, Place<C>> {
        self.0.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Drop for Held<C> {
    fn drop(&mut self) {
        let place = self.place.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = place
            .client
            .take()
            .filter(|_| self.connection.is_reusable())
        {
            place.ticket.give((self.connection.clone(), client));
        }
    }
}

impl<C> Clone for Lane<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C> fmt::Debug for Lane<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lane").field(&self.0.connection).finish()
    }
}
