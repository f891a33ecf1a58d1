//! Running other programs, in the open.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::Result;

/// The workspace's root folder.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let parent = manifest.as_deref().and_then(Path::parent);
    parent.unwrap_or(Path::new(".")).to_path_buf()
}

/// Where cargo builds: `target`, or what the environment says.
pub(crate) fn target() -> PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(folder)
}

/// `cargo ARGS` in the workspace's root.
pub(crate) fn cargo(args: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(args.split_whitespace()).current_dir(root());
    command
}

/// `program` in a process group of its own, ended after `seconds` or with this process, whichever
/// comes first: asked to end, and killed five seconds later.
pub(crate) fn bounded(seconds: u32, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args([
        "--pdeathsig",
        "TERM",
        "timeout",
        "--kill-after=5",
        &seconds.to_string(),
    ]);
    command.arg(program);
    command
}

/// Says what it runs, runs it with its output shown, and fails unless it exits with 0.
pub(crate) fn run(command: &mut Command) -> Result {
    let line = shown(command);
    println!("\n$ {line}");
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|error| format!("`{line}` cannot start: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{line}` failed: {status}").into())
}

/// Runs it silently and returns what it printed, whatever its exit code.
pub(crate) fn capture(command: &mut Command) -> Result<Output> {
    let line = shown(command);
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|error| format!("`{line}` cannot start: {error}").into())
}

/// A word as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn shown(command: &Command) -> String {
    let program = command.get_program();
    let words: Vec<_> = std::iter::once(program).chain(command.get_args()).collect();
    words.join(OsStr::new(" ")).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_command_is_shown_as_it_is_typed() {
        assert_eq!(
            shown(&cargo("fmt --all --check")),
            "cargo fmt --all --check"
        );
    }

    #[test]
    fn an_exit_code_other_than_0_is_a_failure() {
        assert!(run(&mut Command::new("true")).is_ok());
        let error = run(&mut Command::new("false")).unwrap_err();
        assert!(error.to_string().contains("`false` failed"));
    }

    #[test]
    fn a_bounded_command_ends() {
        let output = capture(bounded(1, "sleep").arg("30")).unwrap();
        assert_eq!(output.status.code(), Some(124));
    }
}
