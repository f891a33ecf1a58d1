//! [`Clock`], how long things may take.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::args::HttpArgs;

/// When it began, and when it has to be over.
pub(super) struct Clock {
    begin: Instant,
    end: Option<Instant>,
}

/// Whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    Request,
    Run,
}

impl Clock {
    pub(super) fn start(args: &HttpArgs) -> Self {
        let begin = Instant::now();
        Self {
            begin,
            end: args.timeout.map(|timeout| begin + timeout),
        }
    }

    /// Since the beginning.
    pub(super) fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    /// What `future` comes to, unless this or the time for all is over before.
    pub(super) async fn within<T>(
        &self,
        limit: Option<Duration>,
        future: impl Future<Output = T>,
    ) -> Result<T, Late> {
        let own = limit.map(|limit| Instant::now() + limit);
        tokio::select! {
            biased;
            done = future => Ok(done),
            () = until(self.end) => Err(Late::Run),
            () = until(own) => Err(Late::Request),
        }
    }
}

async fn until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}
