//! Named checks, told one by one and counted.

use crate::Result;

/// What was checked so far.
#[derive(Default)]
pub(super) struct Checks {
    peer: &'static str,
    passed: usize,
    failed: usize,
}

impl Checks {
    /// The next checks are with this peer.
    pub(super) fn begin(&mut self, peer: &'static str) {
        println!("\n{peer}");
        self.peer = peer;
    }

    /// Runs one check and tells how it ended.
    pub(super) fn check(&mut self, name: &str, run: impl FnOnce() -> Result) {
        self.record(name, run());
    }

    /// Tells and counts how a check ended.
    pub(super) fn record(&mut self, name: &str, result: Result) {
        match result {
            Ok(()) => self.passed += 1,
            Err(_) => self.failed += 1,
        }
        match result {
            Ok(()) => println!("  ok    {name}"),
            Err(error) => println!("  FAIL  {}: {name}: {error:.1000}", self.peer),
        }
    }

    /// Prints the counts; an error if a check failed, or if there was none.
    pub(super) fn close(self) -> Result {
        println!("\n{} passed, {} failed", self.passed, self.failed);
        match (self.passed, self.failed) {
            (0, 0) => Err("no check with a peer was run".into()),
            (_, 0) => Ok(()),
            (_, failed) => Err(format!("{failed} checks with peers failed").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_run() {
        let mut checks = Checks::default();
        checks.check("right", || Ok(()));
        assert!(
            Checks {
                passed: 1,
                ..Checks::default()
            }
            .close()
            .is_ok()
        );
        checks.check("wrong", || Err("it was refused".into()));
        assert_eq!((checks.passed, checks.failed), (1, 1));
        assert!(checks.close().is_err());
    }

    #[test]
    fn a_run_without_checks_fails() {
        assert!(Checks::default().close().is_err());
    }
}
