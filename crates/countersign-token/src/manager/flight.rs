//! The flight: what fetches a token, in a task of its own, for all who wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_core::{Error, ErrorKind};
use tokio::sync::watch;

use super::failure::Failure;
use super::{Held, Shared, ask};
use crate::refused::{Refused, RefusedKind};
use crate::settings::Change;

type Outcome = Result<Arc<Held>, Refused>;

/// The flight that is under way.
#[derive(Clone)]
pub(super) struct Flight {
    outcome: watch::Receiver<Option<Outcome>>,
    awaited: Arc<AtomicBool>,
}

impl Flight {
    async fn landed(mut self) -> Outcome {
        match self.outcome.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            _ => Err(stopped()),
        }
    }
}

/// Joins the flight that is under way, or begins one; `anew` if a token that is still valid does not do.
pub(super) async fn join(shared: &Arc<Shared>, anew: bool) -> Outcome {
    let runtime = shared.runtime()?;
    let (flight, pilot) = {
        let mut state = shared.state();
        match (&state.flight, state.standing(shared.now())) {
            (Some(flight), _) => (flight.clone(), None),
            (None, Some(refused)) => return Err(refused.clone()),
            (None, None) => {
                let pilot = Pilot::new(shared, state.changes);
                let flight = state.flight.insert(pilot.flight.clone());
                (flight.clone(), Some(pilot))
            }
        }
    };
    flight.awaited.store(true, Ordering::Relaxed);
    // Not under the lock: a runtime that is shutting down drops the task at once, which takes the lock.
    if let Some(pilot) = pilot {
        runtime.spawn(pilot.fly(anew));
    }
    flight.landed().await
}

/// Begins a flight that nobody waits for, unless one is under way, or the last failure stands.
pub(super) fn behind(shared: &Arc<Shared>, now: Duration) {
    let Ok(runtime) = shared.runtime() else {
        return;
    };
    let pilot = {
        let mut state = shared.state();
        if state.flight.is_some() || state.standing(now).is_some() {
            return;
        }
        let pilot = Pilot::new(shared, state.changes);
        state.flight = Some(pilot.flight.clone());
        pilot
    };
    runtime.spawn(pilot.fly(false));
}

/// Flies, and lands whatever happens: also if its runtime is shut down or it panics.
struct Pilot {
    shared: Arc<Shared>,
    outcome: watch::Sender<Option<Outcome>>,
    flight: Flight,
    /// Those of the state when it began.
    changes: u64,
}

impl Pilot {
    fn new(shared: &Arc<Shared>, changes: u64) -> Self {
        let (sender, receiver) = watch::channel(None);
        let flight = Flight {
            outcome: receiver,
            awaited: Arc::default(),
        };
        Self {
            shared: Arc::clone(shared),
            outcome: sender,
            flight,
            changes,
        }
    }

    async fn fly(self, anew: bool) {
        let outcome = ask::token(&self.shared, &self.flight.awaited, anew).await;
        if let Err(refused) = &outcome {
            self.shared.tell(Change::Failed(refused));
        }
        self.land(outcome);
    }

    /// What is known is changed before others may begin the next flight.
    fn land(&self, outcome: Outcome) {
        let mut state = self.shared.state();
        state.flight = None;
        match &outcome {
            Ok(held) => state.hold(held, self.changes),
            Err(refused) if self.is_pause_due(refused) => {
                let settings = &self.shared.settings;
                let failure = Failure::new(refused.clone(), state.failure.as_ref(), settings);
                state.failure = Some(failure);
            }
            Err(_) => {}
        }
        drop(state);
        self.outcome.send_replace(Some(outcome));
    }

    /// That a person is needed was not found out for anyone if nobody waited, and who comes next may be one.
    fn is_pause_due(&self, refused: &Refused) -> bool {
        !refused.needs_person() || self.flight.awaited.load(Ordering::Relaxed)
    }
}

impl Drop for Pilot {
    fn drop(&mut self) {
        if self.outcome.borrow().is_none() {
            self.land(Err(stopped()));
        }
    }
}

fn stopped() -> Refused {
    let message = "fetching a token was ended before its end; ask again";
    Refused::new(RefusedKind::Stopped, Error::new(ErrorKind::Fetch, message))
}
