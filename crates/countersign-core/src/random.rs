//! The randomness that schemes use.

use std::cell::RefCell;
use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, ErrorKind, Result};

/// Gives the bytes of nonces and keys; they must not be guessable.
pub trait Random: Send + Sync + fmt::Debug + 'static {
    /// Fills `out`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Random`] if there is no randomness to be had.
    fn fill(&self, out: &mut [u8]) -> Result<()>;
}

/// The operating system's randomness. Each thread fetches 512 bytes at once, gives each byte out once, and wipes it then.
///
/// What was fetched before a process forked is not used by its child. A process that is restored several times from one
/// image of its memory, as some function platforms do it, would give out the same bytes each time: there, inject a
/// [`Random`] that asks the system for each.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        let pooled = POOL.try_with(|pool| pool.borrow_mut().fill(out));
        // A thread that is ending has no pool any more.
        pooled.unwrap_or_else(|_| fetch(out))
    }
}

fn fetch(out: &mut [u8]) -> Result<()> {
    getrandom::fill(out).map_err(|error| {
        Error::new(ErrorKind::Random, "the operating system gave no randomness").with_source(error)
    })
}

thread_local! {
    static POOL: RefCell<Pool> = RefCell::new(Pool::new());
}

const SIZE: usize = 512;

/// Bytes that were fetched and not given out yet: the last `left` ones.
struct Pool {
    bytes: Zeroizing<[u8; SIZE]>,
    left: usize,
    /// Tells a forked process from its parent; without it nothing is kept.
    guard: Option<forkguard::Guard>,
}

impl Pool {
    fn new() -> Self {
        Self {
            bytes: Zeroizing::new([0; SIZE]),
            left: 0,
            guard: forkguard::Guard::try_new().ok(),
        }
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<()> {
        let Some(guard) = self.guard.as_mut().filter(|_| out.len() <= SIZE / 8) else {
            return fetch(out);
        };
        if guard.detected_fork() {
            self.left = 0;
        }
        if self.left < out.len() {
            self.left = 0;
            fetch(&mut *self.bytes)?;
            self.left = SIZE;
        }
        let start = SIZE - self.left;
        let taken = &mut self.bytes[start..start + out.len()];
        out.copy_from_slice(taken);
        taken.zeroize();
        self.left -= out.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_out_twice() {
        let mut seen = HashSet::new();
        let draw = || {
            let mut bytes = [0; 16];
            SystemRandom.fill(&mut bytes).unwrap();
            bytes
        };
        for _ in 0..200 {
            assert!(seen.insert(draw()));
            assert!(seen.insert(std::thread::spawn(draw).join().unwrap()));
        }
    }

    #[test]
    fn what_was_given_out_is_wiped_and_what_is_left_is_not() {
        let mut pool = Pool::new();
        let mut out = [0; 24];
        for drawn in 1..=SIZE / out.len() {
            pool.fill(&mut out).unwrap();
            let (given, left) = pool.bytes.split_at(drawn * out.len());
            assert!(given.iter().all(|byte| *byte == 0));
            assert!(
                left.chunks(16)
                    .all(|left| left.len() < 16 || left != [0; 16])
            );
        }
        pool.fill(&mut out).unwrap();
        assert_eq!(pool.left, SIZE - out.len(), "fetched anew");
    }

    #[test]
    fn long_wishes_pass_the_pool_by() {
        let (mut pool, mut out) = (Pool::new(), [0; SIZE]);
        pool.fill(&mut out).unwrap();
        assert!(out.chunks(16).all(|piece| piece != [0; 16]));
        assert_eq!(pool.left, 0);
    }

    #[test]
    fn without_a_guard_nothing_is_kept() {
        let mut pool = Pool {
            guard: None,
            ..Pool::new()
        };
        let mut out = [0; 16];
        pool.fill(&mut out).unwrap();
        assert_eq!((out != [0; 16], pool.left), (true, 0));
    }
}
