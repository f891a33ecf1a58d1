//! A command that waits for a person, and what it has printed meanwhile.

use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;
use crate::peers::send::{Send, Sent, program};
use crate::peers::server::{Folder, stop};
use crate::shell::{bounded, quoted};

/// How long a line may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A command that waits for a person.
pub(super) struct Waiting {
    child: Child,
    folder: Folder,
    /// The lines that were told already.
    told: usize,
}

impl Waiting {
    /// With nobody who could type.
    pub(super) fn start(send: &Send) -> Result<Self> {
        let folder = Folder::new()?;
        let file = |name| File::create(folder.path().join(name));
        let mut command = send.clone().within(30).command();
        command.stdin(Stdio::null());
        let child = command
            .stdout(file("stdout")?)
            .stderr(file("stderr")?)
            .spawn()?;
        Ok(Self::of(child, folder))
    }

    /// At a terminal, where a person types.
    pub(super) fn at_terminal(send: &Send) -> Result<Self> {
        let folder = Folder::new()?;
        let script = folder.path().join("command");
        let command = send.clone().within(50).given_to(Command::new(program()));
        fs::write(&script, shell(&command, &folder))?;
        fs::set_permissions(&script, Permissions::from_mode(0o755))?;
        let mut terminal = bounded(60, "script");
        terminal.args(["--quiet", "--return", "--command"]);
        terminal.arg(script).arg("/dev/null");
        let child = terminal
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Self::of(child, folder))
    }

    fn of(child: Child, folder: Folder) -> Self {
        let told = 0;
        Self {
            child,
            folder,
            told,
        }
    }

    fn printed(&self, name: &str) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
    }

    /// What `pick` finds in the next line of its standard error that it finds anything in.
    pub(super) fn next(&mut self, pick: impl Fn(&str) -> Option<&str>) -> Result<String> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let shown = self.printed("stderr")?;
            let lines = shown.split_inclusive('\n').skip(self.told);
            for line in lines.filter_map(|line| line.strip_suffix('\n')) {
                self.told += 1;
                if let Some(found) = pick(line) {
                    return Ok(found.to_owned());
                }
            }
            sleep(Duration::from_millis(50));
        }
        Err(format!("it does not say it: {}", self.printed("stderr")?).into())
    }

    /// An error unless it comes to say this.
    pub(super) fn says(&mut self, text: &str) -> Result {
        self.next(|line| line.contains(text).then_some(line))
            .map(drop)
    }

    /// Types a line.
    pub(super) fn types(&mut self, line: &str) -> Result {
        let stdin = self.child.stdin.as_mut().ok_or("nobody can type")?;
        Ok(writeln!(stdin, "{line}")?)
    }

    /// Waits for its end; who typed is gone.
    pub(super) fn ends(mut self, code: i32) -> Result<Sent> {
        drop(self.child.stdin.take());
        let status = self.child.wait()?.code();
        let sent = Sent::new(self.printed("stdout")?, &self.printed("stderr")?);
        match status {
            Some(status) if status == code => sent,
            _ => Err(format!("exit code {status:?} in place of {code}: {:?}", sent?).into()),
        }
    }
}

/// The command as a script that keeps apart what it prints.
fn shell(command: &Command, folder: &Folder) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| quoted(&word.to_string_lossy()));
    let words = words.collect::<Vec<_>>().join(" ");
    let envs = command.get_envs().map(|(name, value)| {
        let name = name.to_string_lossy();
        match value {
            Some(value) => format!("export {name}={}\n", quoted(&value.to_string_lossy())),
            None => format!("unset {name}\n"),
        }
    });
    let (envs, path) = (envs.collect::<String>(), folder.path().display());
    format!("#!/bin/sh\n{envs}exec {words} >{path}/stdout 2>{path}/stderr\n")
}

impl Drop for Waiting {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}
