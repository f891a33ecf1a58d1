//! [`Moment`], what all requests of one second share.

use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::Result;

use crate::key::{ClientKey, SigningKey};
use crate::time::Timestamp;

pub(super) struct Moment {
    pub(super) time: Timestamp,
    pub(super) key: SigningKey,
}

/// The last second in which something was signed, with the one client key that it belongs to.
#[derive(Default)]
pub(super) struct Last(Mutex<Option<Arc<Moment>>>);

impl Last {
    pub(super) fn at(&self, unix: u64, key: &ClientKey) -> Result<Arc<Moment>> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(moment) = last.as_ref().filter(|moment| moment.time.unix == unix) {
            return Ok(Arc::clone(moment));
        }
        let time = Timestamp::of(unix)?;
        let key = key.at(&time.text)?;
        let moment = Arc::new(Moment { time, key });
        *last = Some(Arc::clone(&moment));
        Ok(moment)
    }
}
