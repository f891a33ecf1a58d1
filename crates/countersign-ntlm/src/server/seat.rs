//! What a verifier remembers of one connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use countersign_core::Connection;

use super::{NtlmUser, Server};
use crate::spnego::Mechanisms;

/// How many challenges a connection is given before one of them is answered rightly.
const MAX_CHALLENGES: u8 = 3;

/// What one verifier remembers of one connection.
#[derive(Clone)]
pub(super) struct Seat(Arc<Shared>);

struct Shared {
    by: Weak<Server>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    user: Option<NtlmUser>,
    /// What a client of `Negotiate` offered before its first message.
    offered: Option<Wrapping>,
    handshake: Option<Handshake>,
    challenges: u8,
}

/// A handshake whose challenge was given and not answered yet.
pub(super) struct Handshake {
    pub(super) wrapping: Option<Wrapping>,
    pub(super) negotiate: Vec<u8>,
    pub(super) challenge: Vec<u8>,
    pub(super) server_challenge: [u8; 8],
}

/// How the messages of a handshake are wrapped.
#[derive(Clone)]
pub(super) struct Wrapping {
    pub(super) mechanisms: Mechanisms,
    /// The client would have liked another mechanism better, so it has to sign what it offered (RFC 4178, section 5).
    pub(super) must_sign: bool,
}

impl Seat {
    /// Of another verifier's memory it takes nothing: that one may know other users.
    pub(super) fn of(connection: &Connection, server: &Arc<Server>) -> Self {
        let by = Arc::downgrade(server);
        let known = connection.recall::<Self>();
        known
            .filter(|seat| seat.0.by.ptr_eq(&by))
            .unwrap_or_else(|| {
                let seat = Self(Arc::new(Shared {
                    by,
                    state: Mutex::default(),
                }));
                connection.remember(seat.clone());
                seat
            })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn user(&self) -> Option<NtlmUser> {
        self.lock().user.clone()
    }

    /// Forgets all but how often it was challenged.
    pub(super) fn reset(&self) {
        let mut state = self.lock();
        let challenges = state.challenges;
        *state = State {
            challenges,
            ..State::default()
        };
    }

    pub(super) fn offer(&self, wrapping: Wrapping) {
        self.reset();
        self.lock().offered = Some(wrapping);
    }

    pub(super) fn take_offered(&self) -> Option<Wrapping> {
        self.lock().offered.take()
    }

    /// Whether one more challenge may be given here.
    pub(super) fn admits_challenge(&self) -> bool {
        self.lock().challenges < MAX_CHALLENGES
    }

    pub(super) fn give(&self, handshake: Handshake) {
        self.reset();
        let mut state = self.lock();
        state.challenges += 1;
        state.handshake = Some(handshake);
    }

    /// The handshake that can be answered, once.
    pub(super) fn take_handshake(&self) -> Option<Handshake> {
        self.lock().handshake.take()
    }

    pub(super) fn authenticate(&self, user: NtlmUser) {
        *self.lock() = State {
            user: Some(user),
            ..State::default()
        };
    }

    /// An answer was accepted, and holds for one request.
    pub(super) fn clear(&self) {
        *self.lock() = State::default();
    }
}
