//! [`Draw`], the input.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Hands out the bytes of the input one by one.
#[derive(Clone)]
pub(crate) struct Draw(Arc<Mutex<VecDeque<u8>>>);

impl Draw {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(Arc::new(Mutex::new(bytes.iter().copied().collect())))
    }

    pub(crate) fn byte(&self) -> u8 {
        self.0.lock().unwrap().pop_front().unwrap_or(0)
    }

    pub(crate) fn below(&self, limit: usize) -> usize {
        usize::from(self.byte()) % limit
    }

    pub(crate) fn one_of<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// True for one byte of `times`, and not for 0.
    pub(crate) fn once_in(&self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        (0..self.below(24)).map(|_| self.byte()).collect()
    }
}
