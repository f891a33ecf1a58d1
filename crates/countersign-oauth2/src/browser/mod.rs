//! Authorization in the system's browser (RFC 8252).
//!
//! A redirect URI on loopback (`http` to `127.0.0.1`, `[::1]` or `localhost`) is listened on exactly as it was given; its
//! port may be 0, which stands for any that is free. Where none was given, the listener takes a free port of `127.0.0.1`
//! and `::1` and a path that nobody can guess. For any other redirect URI the person pastes the address that the browser
//! ended at.

mod console;
mod listener;
mod loopback;
mod open;
mod page;
mod visit;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use countersign_token::BoxFuture;
use tokio::time::{sleep, timeout};

pub use self::console::{Console, Terminal};
pub use self::open::{Open, SystemBrowser};

use self::listener::Listener;
use self::visit::Visits;
use crate::authorization::{Authorization, AuthorizationError, Authorized, UserAgent};

/// Leads a person through an authorization in the system's browser.
///
/// What happens is said on a [`Console`], stderr by default. Where no browser can be opened the person opens the address
/// elsewhere and pastes where it led; where nobody is at a terminal either, or where the device grant is configured, it
/// is [`AuthorizationError::Unavailable`].
#[derive(Clone)]
pub struct Browser {
    open: Arc<dyn Open>,
    console: Arc<dyn Console>,
    deadline: Duration,
}

/// How often a person is reminded that something waits for them.
const REMINDER: Duration = Duration::from_secs(60);

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// The system's browser, the terminal, and five minutes.
    pub fn new() -> Self {
        Self {
            open: Arc::new(SystemBrowser),
            console: Arc::new(Terminal),
            deadline: Duration::from_secs(300),
        }
    }

    /// Opens addresses in another way.
    #[must_use]
    pub fn open(mut self, open: impl Open) -> Self {
        self.open = Arc::new(open);
        self
    }

    /// Speaks to the person in another way.
    #[must_use]
    pub fn console(mut self, console: impl Console) -> Self {
        self.console = Arc::new(console);
        self
    }

    /// How long the person has.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    async fn run(self, authorization: Authorization) -> Result<Authorized, AuthorizationError> {
        let listener = match authorization.redirect_uri() {
            None => Some(Listener::anywhere(&authorization).await?),
            Some(uri) => Listener::at(uri).await?,
        };
        let redirect_uri = match (&listener, authorization.redirect_uri()) {
            (Some(listener), _) => listener.redirect_uri().to_owned(),
            (None, uri) => uri.unwrap_or_default().to_owned(),
        };
        let visits = Visits::new(authorization, redirect_uri, Arc::clone(&self.console));
        let waiting = self.wait(listener, &visits);
        match timeout(self.deadline, waiting).await {
            Ok(result) => result,
            Err(_) => Err(AuthorizationError::Deadline {
                last: visits.last(),
            }),
        }
    }

    async fn wait(
        &self,
        listener: Option<Listener>,
        visits: &Arc<Visits>,
    ) -> Result<Authorized, AuthorizationError> {
        let can_paste = self.console.is_interactive();
        if listener.is_none() && !can_paste {
            return Err(AuthorizationError::Unavailable);
        }
        let url: String = visits.authorization.url(&visits.redirect_uri)?.into();
        let opened = self.open.open(&url).await.is_ok();
        if !opened && (!can_paste || visits.authorization.falls_back()) {
            return Err(AuthorizationError::Unavailable);
        }
        let pastes = listener.is_none() || !opened;
        self.console.show(&invitation(&url, opened, pastes));
        tokio::select! {
            result = listen(listener, visits) => result,
            result = self.paste(visits), if pastes => result,
            never = self.remind(&url) => match never {},
        }
    }

    /// What the person pastes, until it is an answer.
    async fn paste(&self, visits: &Visits) -> Result<Authorized, AuthorizationError> {
        loop {
            let line = self
                .console
                .line()
                .await
                .ok_or(AuthorizationError::Cancelled)?;
            if line.trim().is_empty() {
                continue;
            }
            if let Some(result) = visits.judge(|one| one.redirected(&visits.redirect_uri, &line)) {
                return result.map_err(Into::into);
            }
        }
    }

    async fn remind(&self, url: &str) -> std::convert::Infallible {
        loop {
            sleep(REMINDER).await;
            self.console.show(&format!(
                "Still waiting for the browser. If it was closed, open this address again:\n\n  {url}\n"
            ));
        }
    }
}

async fn listen(
    listener: Option<Listener>,
    visits: &Arc<Visits>,
) -> Result<Authorized, AuthorizationError> {
    match listener {
        Some(listener) => Ok(listener.serve(visits).await?),
        None => std::future::pending().await,
    }
}

fn invitation(url: &str, opened: bool, pastes: bool) -> String {
    let first = match opened {
        true => "Go on in the browser. If it did not open, open this address:",
        false => "No browser could be opened. Open this address in one:",
    };
    let last = match pastes {
        true => {
            "Then paste the address that it ended at here, even if that page could not be shown:\n"
        }
        false => "This program goes on when you are done there.\n",
    };
    format!("{first}\n\n  {url}\n\n{last}")
}

impl UserAgent for Browser {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        Box::pin(self.clone().run(authorization))
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser")
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
