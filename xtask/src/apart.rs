//! The packages that are workspaces of their own: what they depend on must not meet in the product's lock file.

use std::process::Command;

use crate::Result;
use crate::shell::{cargo, run, target};

/// Differential tests and benchmarks beside other crates.
const ORACLES: &str = "tests/oracles/Cargo.toml";
/// The fuzz targets.
const FUZZ: &str = "tests/fuzz/Cargo.toml";

/// Format and lints of the oracles; of the fuzz targets the format, as only cargo-fuzz builds them.
pub(crate) fn lint() -> Result {
    for manifest in [ORACLES, FUZZ] {
        run(&mut of("fmt --check", manifest))?;
    }
    let mut clippy = built("clippy --all-targets", ORACLES);
    run(clippy.args(["--", "-D", "warnings"]))
}

/// The differential tests, and the laws of the loop that the fuzz targets share.
pub(crate) fn test() -> Result {
    run(&mut built("test", ORACLES))
}

/// The benchmarks beside other crates, which end with their table.
pub(crate) fn bench() -> Result {
    run(&mut built("bench", ORACLES))
}

fn of(args: &str, manifest: &str) -> Command {
    let mut command = cargo(args);
    command.args(["--manifest-path", manifest]);
    command
}

/// What both workspaces depend on is built once, in one folder.
fn built(args: &str, manifest: &str) -> Command {
    let mut command = of(args, manifest);
    command.arg("--target-dir").arg(target());
    command
}
