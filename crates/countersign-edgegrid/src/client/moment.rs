//! [`Moment`], what all requests of one second share.

use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::Result;

use crate::credentials::Credentials;
use crate::key::SigningKey;
use crate::message;
use crate::time::Timestamp;

pub(super) struct Moment {
    pub(super) time: Timestamp,
    pub(super) key: SigningKey,
    /// The header up to the nonce.
    pub(super) line: Vec<u8>,
}

/// The last second in which something was signed, with the credentials that it belongs to.
#[derive(Default)]
pub(super) struct Last(Mutex<Option<Arc<Moment>>>);

impl Last {
    pub(super) fn at(&self, unix: u64, credentials: &Credentials) -> Result<Arc<Moment>> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(moment) = last.as_ref().filter(|moment| moment.time.unix == unix) {
            return Ok(Arc::clone(moment));
        }
        let time = Timestamp::of(unix)?;
        let key = credentials.key().at(&time.text);
        let (client, access) = (credentials.client_token(), credentials.access_token());
        let line = message::begun(client, access, &time.text);
        let moment = Arc::new(Moment { time, key, line });
        *last = Some(Arc::clone(&moment));
        Ok(moment)
    }
}
