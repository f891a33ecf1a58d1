//! [`Identity`], credentials and what was made of them last.

use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::Result;
use http::HeaderValue;

use crate::credentials::Credentials;
use crate::key::{ALGORITHM, SigningKey, write_moment};
use crate::message;
use crate::scope::Scope;
use crate::time::Timestamp;

/// Credentials, with what was derived from them last.
pub(super) struct Identity {
    pub(super) credentials: Credentials,
    last: Mutex<Option<Arc<Moment>>>,
}

/// What all requests of one second share.
pub(super) struct Moment {
    pub(super) time: Timestamp,
    /// The time as `x-amz-date`.
    pub(super) date: HeaderValue,
    /// What the string to sign begins with.
    pub(super) text: Vec<u8>,
    pub(super) day: Arc<Day>,
}

/// What all requests of one day share.
pub(super) struct Day {
    pub(super) key: SigningKey,
    /// The `Authorization` field up to the names of the signed headers.
    pub(super) line: Vec<u8>,
    /// The query of a presigned URL up to the time.
    pub(super) query: String,
}

impl Identity {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            last: Mutex::default(),
        }
    }

    /// Whether the credentials are still good at a time.
    pub(super) fn lives_beyond(&self, unix: u64) -> bool {
        self.credentials
            .expires()
            .is_none_or(|expires| unix < expires)
    }

    /// The scope is that of the one client that this identity belongs to.
    pub(super) fn at(&self, unix: u64, scope: &Scope) -> Result<Arc<Moment>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref().filter(|moment| moment.time.unix() == unix) {
            Some(moment) => Ok(Arc::clone(moment)),
            None => {
                let moment = Arc::new(self.moment(Timestamp::of(unix), scope, last.as_deref())?);
                *last = Some(Arc::clone(&moment));
                Ok(moment)
            }
        }
    }

    fn moment(&self, time: Timestamp, scope: &Scope, last: Option<&Moment>) -> Result<Moment> {
        let day = match last.filter(|last| last.time.day() == time.day()) {
            Some(last) => Arc::clone(&last.day),
            None => Arc::new(self.day(time, scope)),
        };
        // The first clone moves the bytes behind a count, which allocates; no request shall pay for it.
        let date = HeaderValue::from_str(time.text()).map_err(not_a_value)?;
        let date = date.clone();
        let mut text = Vec::new();
        write_moment(ALGORITHM, time, scope, &mut text);
        Ok(Moment {
            time,
            date,
            text,
            day,
        })
    }

    fn day(&self, time: Timestamp, scope: &Scope) -> Day {
        let id = self.credentials.access_key_id();
        Day {
            key: SigningKey::derive(self.credentials.secret(), time.day(), scope),
            line: message::begin_authorization(id, time.day(), scope),
            query: message::begin_presigned(id, time.day(), scope),
        }
    }
}

/// A value that was checked when it was configured, and so cannot be refused here.
pub(super) fn not_a_value(error: http::header::InvalidHeaderValue) -> countersign_core::Error {
    countersign_core::Error::configuration("the signature cannot be sent").with_source(error)
}
