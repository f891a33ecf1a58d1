//! Everything that is logged at TRACE, by `tracing` and by `log`, searched for canaries and for the secrets that
//! published examples made known; panics likewise.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::canary::find_mark;
use crate::needles::find_known;

static BEGIN: Once = Once::new();
static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LINES: AtomicUsize = AtomicUsize::new(0);

/// Watches the whole process from the first call on. Dropping it panics if a canary was logged by then, by anyone.
#[derive(Debug)]
#[must_use = "the check happens when it is dropped"]
pub struct Watch(());

/// Begins to watch; each test that uses canaries holds one.
pub fn watch() -> Watch {
    BEGIN.call_once(|| {
        let _ = tracing::subscriber::set_global_default(Searching::default());
        let _ = log::set_logger(&LogSearching);
        log::set_max_level(log::LevelFilter::Trace);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            look(&format!("panic: {info}"));
            usual(info);
        }));
    });
    Watch(())
}

/// Puts all tests of a binary under the watch: one line at its root, which `cargo xtask lint` demands.
///
/// It is the first test of the binary and the last one, by name, so it sees everything if they run one after the other,
/// as `cargo xtask test` has them.
///
/// ```no_run
/// countersign_testkit::watched!();
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! watched {
    () => {
        mod _log {
            #[test]
            fn is_watched() {
                $crate::logs::begin();
            }
        }
        mod zzz_log {
            #[test]
            fn holds_no_secret() {
                drop($crate::logs::watch());
            }
        }
    };
}

/// Begins to watch a whole binary; panics unless what [`watched!`](crate::watched) adds stands around its tests.
pub fn begin() {
    drop(watch());
    let list = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format", "terse"])
        .output()
        .unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let mut names = list.lines();
    assert_eq!(names.next(), Some("_log::is_watched: test"));
    assert_eq!(names.next_back(), Some("zzz_log::holds_no_secret: test"));
}

/// How many lines were searched so far.
pub fn lines() -> usize {
    LINES.load(Ordering::SeqCst)
}

/// The lines that held a canary, taken out: a test of the watch itself uses it.
pub fn take_leaks() -> Vec<String> {
    std::mem::take(&mut LEAKS.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Taken out of the lock first, as the panic itself is looked at.
        let leaks = LEAKS.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert!(
            leaks.is_empty() || std::thread::panicking(),
            "secrets were logged: {leaks:#?}"
        );
    }
}

fn look(line: &str) {
    LINES.fetch_add(1, Ordering::SeqCst);
    if find_mark(line.as_bytes()) || find_known(line.as_bytes()) {
        LEAKS
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line.to_owned());
    }
}

#[derive(Default)]
struct Searching {
    spans: AtomicU64,
}

impl Subscriber for Searching {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = Line(span.metadata().name().to_owned());
        span.record(&mut line);
        look(&line.0);
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        look(&line.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        look(&line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {field}={value}");
    }
}

struct LogSearching;

impl log::Log for LogSearching {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        look(&format!("{}: {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}
