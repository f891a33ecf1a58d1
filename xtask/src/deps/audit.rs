//! Licences, sources and advisories, by cargo-deny and `deny.toml`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::shell::{bounded, capture, cargo, root, run, target};

/// The version that the full run installs where there is none.
const VERSION: &str = "0.20.2";

/// Installs cargo-deny under the target folder, unless there is one already.
pub(crate) fn install() -> Result {
    if program().is_some() {
        return Ok(());
    }
    let mut command = cargo("install cargo-deny --locked --version");
    run(command.args([VERSION, "--root"]).arg(folder()))
}

/// Runs cargo-deny if there is one. Advisories need their database, which may be out of reach.
pub(crate) fn check() -> Result {
    let Some(program) = program() else {
        println!("skipped: licences and advisories, as cargo-deny is not installed");
        return Ok(());
    };
    run(&mut deny(&program, "check bans licenses sources"))?;
    if capture(&mut deny(&program, "fetch db"))?.status.success() {
        return run(&mut deny(&program, "check advisories"));
    }
    println!("skipped: advisories, as their database cannot be fetched");
    Ok(())
}

fn deny(program: &Path, args: &str) -> Command {
    let mut command = bounded(120, program);
    command.args(args.split_whitespace()).current_dir(root());
    command
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([folder().join("bin")]);
    let mut programs = folders.map(|folder| folder.join("cargo-deny"));
    programs.find(|program| program.is_file())
}

fn folder() -> PathBuf {
    target().join("tools")
}
