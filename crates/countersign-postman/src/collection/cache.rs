//! The schemes that a collection has made, so that equal parameters share a state.

use std::sync::{Arc, Mutex, PoisonError};

use countersign::{Auth, AuthType, Options, Parameters, Result};

/// More than a collection has different credentials; the oldest goes if each request has its own.
const KEPT: usize = 64;

#[derive(Clone, Default)]
pub(super) struct Auths(Arc<Mutex<Vec<Made>>>);

struct Made {
    kind: AuthType,
    parameters: Parameters,
    auth: Auth,
}

impl Auths {
    pub(super) fn of(
        &self,
        kind: AuthType,
        parameters: Parameters,
        options: &Options,
    ) -> Result<Auth> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept
            .iter()
            .position(|made| made.kind == kind && made.parameters == parameters);
        let made = match known {
            Some(index) => kept.remove(index),
            None => Made {
                auth: Auth::from_parameters(kind, &parameters, options)?,
                kind,
                parameters,
            },
        };
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let auth = made.auth.clone();
        kept.push(made);
        Ok(auth)
    }
}
