//! [`Inferred`], a client that signs for whatever its requests' hosts stand for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::{Cx, Result};

use super::SigV4;
use super::identity::Identity;
use super::settings::{Settings, SigV4Builder};
use super::sign::host_of;
use crate::endpoint::Endpoint;

/// How many endpoints are remembered; past it, it starts anew.
const MAX_ENDPOINTS: usize = 256;

/// The settings of each endpoint that was met.
pub(super) struct Inferred {
    pub(super) builder: SigV4Builder,
    met: Mutex<HashMap<Endpoint, Met>>,
}

struct Met {
    settings: Arc<Settings>,
    /// The credentials that were given last, and what is derived from them for this endpoint.
    given: Arc<Identity>,
    own: Arc<Identity>,
}

impl Inferred {
    pub(super) fn new(builder: SigV4Builder) -> Self {
        Self {
            builder,
            met: Mutex::default(),
        }
    }

    /// The endpoint of a request.
    pub(super) fn endpoint(cx: &Cx<'_>) -> Result<Endpoint> {
        let origin = cx.origin();
        Endpoint::of(&host_of(cx.request, origin.as_ref())?)
    }

    /// The client for an endpoint, with these credentials.
    pub(super) fn client(&self, endpoint: Endpoint, given: &Arc<Identity>) -> Result<SigV4> {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.len() >= MAX_ENDPOINTS && !met.contains_key(&endpoint) {
            met.clear();
        }
        let one = match met.entry(endpoint) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let settings = self.builder.clone().at(place.key()).settings()?;
                place.insert(Met::new(Arc::new(settings), given))
            }
        };
        Ok(one.client(given))
    }
}

impl Met {
    fn new(settings: Arc<Settings>, given: &Arc<Identity>) -> Self {
        Self {
            settings,
            given: Arc::clone(given),
            own: Arc::new(Identity::new(given.credentials.clone())),
        }
    }

    fn client(&mut self, given: &Arc<Identity>) -> SigV4 {
        if !Arc::ptr_eq(&self.given, given) {
            *self = Self::new(Arc::clone(&self.settings), given);
        }
        SigV4::of(Arc::clone(&self.settings), Arc::clone(&self.own))
    }
}
