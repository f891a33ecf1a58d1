//! `cargo xtask fuzz`: the fuzz targets of `tests/fuzz`, which cargo-fuzz and a nightly compiler run.

use std::path::PathBuf;

use crate::Result;
use crate::shell::{cargo, root};

/// Names the fuzz targets and what running one needs.
pub(crate) fn list() -> Result {
    println!("cargo xtask fuzz TARGET runs one for 60 seconds. It needs a nightly compiler and:");
    println!("    cargo install cargo-fuzz --locked");
    println!("Targets: {}", targets()?.join(", "));
    Ok(())
}

/// Runs one fuzz target for a minute.
pub(crate) fn run(target: &str) -> Result {
    if !targets()?.iter().any(|known| known == target) {
        return Err(format!("no fuzz target `{target}`: see `cargo xtask fuzz`").into());
    }
    let mut command = cargo("+nightly fuzz run --fuzz-dir");
    command.arg(folder()).arg(target);
    crate::shell::run(command.args(["--", "-max_total_time=60"]))
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
