//! `cargo xtask fuzz`: the fuzz targets of `tests/fuzz`, guided by coverage, on a stable compiler and without cargo-fuzz.
//!
//! cargo-fuzz and a nightly compiler add the address sanitizer; each target says how it is run so.

use std::path::PathBuf;

use crate::Result;
use crate::shell::{capture, cargo, root, run as show};

/// What tells libFuzzer which way a run took.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table";

/// Runs every fuzz target for a minute.
pub(crate) fn all() -> Result {
    targets()?.iter().try_for_each(|target| run(target))
}

/// Runs one fuzz target for a minute.
pub(crate) fn run(target: &str) -> Result {
    let targets = targets()?;
    if !targets.iter().any(|known| known == target) {
        let known = targets.join(", ");
        return Err(format!("no fuzz target `{target}`: there are {known}").into());
    }
    let corpus = folder().join("corpus").join(target);
    let artifacts = folder().join("artifacts").join(target).join("");
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&artifacts)?;
    // A target of its own, as build scripts cannot do with the flags.
    let mut command = cargo(&format!(
        "run --release --target {} --bin {target}",
        host()?
    ));
    command.env("RUSTFLAGS", COVERAGE).current_dir(folder());
    command.args(["--", "-max_total_time=60", "-max_len=20000"]);
    command.arg(format!("-artifact_prefix={}", artifacts.display()));
    show(command.arg(corpus))
}

/// The machine that the compiler is for by itself.
fn host() -> Result<String> {
    let told = capture(std::process::Command::new("rustc").arg("-vV"))?;
    let told = String::from_utf8(told.stdout)?;
    let line = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.ok_or("rustc does not say its host")?.to_owned())
}

fn folder() -> PathBuf {
    root().join("tests/fuzz")
}

fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in folder().join("fuzz_targets").read_dir()? {
        let path = entry?.path();
        names.extend(
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned()),
        );
    }
    names.sort();
    Ok(names)
}
