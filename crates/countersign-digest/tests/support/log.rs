//! Counts warnings.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Level, Metadata, Subscriber};

/// Counts as long as it is held, on this thread.
pub struct Warnings {
    count: Arc<AtomicUsize>,
    _guard: DefaultGuard,
}

struct Counter(Arc<AtomicUsize>);

pub fn warnings() -> Warnings {
    let count = Arc::<AtomicUsize>::default();
    let guard = tracing::subscriber::set_default(Counter(Arc::clone(&count)));
    Warnings {
        count,
        _guard: guard,
    }
}

impl Warnings {
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
