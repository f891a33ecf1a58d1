//! The person who consents, in the browser or on another device.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign::Options;
use countersign::oauth2::browser::{Browser, Console, Terminal};
use countersign::oauth2::{Authorization, AuthorizationError, Authorized, UserAgent, Verification};
use countersign::token::BoxFuture;

/// Whether somebody is being waited for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person(Arc<AtomicBool>);

impl Person {
    /// Whether somebody is being waited for.
    pub(crate) fn is_awaited(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// `options` that lead to this person, by the system's browser unless there is to be none.
    pub(crate) fn lead(&self, options: Options, no_browser: bool) -> Options {
        let browser = match no_browser {
            true => Browser::new().open(nothing),
            false => Browser::new(),
        };
        let awaited = self.clone();
        options
            .user_agent(Awaiting(browser, self.clone()))
            .on_user_code(move |code| awaited.ask(code))
    }

    fn ask(&self, code: &Verification) {
        self.0.store(true, Ordering::Relaxed);
        let minutes = code.expires_in.as_secs() / 60;
        eprintln!("Open {} and enter the code {}", code.uri, code.user_code);
        if let Some(uri) = &code.uri_complete {
            eprintln!("or open {uri}");
        }
        eprintln!("within {minutes} minutes; this program goes on when you are done there.");
    }
}

fn nothing(_: &str) -> io::Result<()> {
    Err(io::ErrorKind::NotFound.into())
}

/// A browser that says while it is waited for.
struct Awaiting(Browser, Person);

impl UserAgent for Awaiting {
    fn authorize(
        &self,
        authorization: Authorization,
    ) -> BoxFuture<'static, Result<Authorized, AuthorizationError>> {
        let (answer, awaited) = (self.0.authorize(authorization), self.1.clone());
        Box::pin(async move {
            awaited.0.store(true, Ordering::Relaxed);
            let answer = answer.await;
            awaited.0.store(false, Ordering::Relaxed);
            answer
        })
    }

    /// Whoever sits at the terminal need not type the command once more.
    fn begins_again(&self, error: &AuthorizationError) -> BoxFuture<'static, bool> {
        let is_passing = matches!(
            error,
            AuthorizationError::Redirect(_) | AuthorizationError::Deadline { .. }
        );
        if !is_passing || !Terminal.is_interactive() {
            return Box::pin(std::future::ready(false));
        }
        Terminal.show(&format!(
            "{error}\nPress Enter to start again, or Ctrl+D to give up."
        ));
        let awaited = self.1.clone();
        Box::pin(async move {
            awaited.0.store(true, Ordering::Relaxed);
            let line = Terminal.line().await;
            awaited.0.store(false, Ordering::Relaxed);
            line.is_some()
        })
    }
}
