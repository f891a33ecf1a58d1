//! [`Console`], how a person is spoken to.

use std::io::{self, BufRead, IsTerminal, Write};

use countersign_token::BoxFuture;
use tokio::sync::{Mutex, oneshot};

/// How a person is spoken to during an authorization.
pub trait Console: Send + Sync + 'static {
    /// Shows a text of one or more lines. It holds the authorization request's URL, and no secret that lasts.
    fn show(&self, text: &str);

    /// Whether somebody can answer.
    fn is_interactive(&self) -> bool;

    /// The line that the person types or pastes; `None` if there are no more.
    fn line(&self) -> BoxFuture<'static, Option<String>>;
}

/// Texts go to stderr, lines come from stdin.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal;

impl Console for Terminal {
    fn show(&self, text: &str) {
        // That nobody can read it is no reason to stop.
        let _ = writeln!(io::stderr(), "{text}");
    }

    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn line(&self) -> BoxFuture<'static, Option<String>> {
        Box::pin(async {
            let mut pending = PENDING.lock().await;
            let line = pending.get_or_insert_with(read).await;
            *pending = None;
            line.ok().flatten()
        })
    }
}

type Line = oneshot::Receiver<Option<String>>;

/// The line that is being read. Who stops waiting for it leaves it to who waits next.
static PENDING: Mutex<Option<Line>> = Mutex::const_new(None);

/// In a thread of its own, which does not keep the program from ending.
fn read() -> Line {
    let (read, line) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let length = io::stdin().lock().read_line(&mut line);
        let _ = read.send(length.ok().filter(|length| *length > 0).map(|_| line));
    });
    line
}
