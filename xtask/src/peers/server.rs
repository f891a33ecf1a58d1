//! A peer that serves: its own folder, its own port on loopback, stopped by its own id.

use std::fs::{self, File, Permissions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::file;
use crate::Result;
use crate::shell::{bounded, capture};

/// How long a peer may take to accept connections.
const READY: Duration = Duration::from_secs(30);

/// A peer is stopped after this many seconds, come what may.
const LIFETIME: u32 = 600;

/// A folder for a peer's files, readable by the user it runs as.
pub(super) struct Folder(TempDir);

impl Folder {
    /// A fresh one, which is removed with this value.
    pub(super) fn new() -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        let builder = builder
            .prefix("countersign-")
            .permissions(Permissions::from_mode(0o755));
        Ok(Self(builder.tempdir()?))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Copies files of `tests/peers` into it.
    pub(super) fn copy(&self, names: &[&str]) -> Result {
        for name in names {
            fs::copy(file(name), self.path().join(name))?;
        }
        Ok(())
    }

    /// Copies a file of `tests/peers`, with each `@KEY@` replaced.
    pub(super) fn fill(&self, name: &str, values: &[(&str, String)]) -> Result {
        self.fill_as(name, name, values)
    }

    /// The same under another name.
    pub(super) fn fill_as(&self, from: &str, name: &str, values: &[(&str, String)]) -> Result {
        let mut text = fs::read_to_string(file(from))?;
        for (key, value) in values {
            text = text.replace(&format!("@{key}@"), value);
        }
        Ok(fs::write(self.path().join(name), text)?)
    }
}

/// A running server, stopped when this value goes.
pub(super) struct Server {
    child: Child,
    folder: Folder,
    port: u16,
}

impl Server {
    /// Starts `program` with `args` and waits until `port` accepts connections.
    pub(super) fn start(folder: Folder, port: u16, program: &Path, args: &[&str]) -> Result<Self> {
        let log = File::create(folder.path().join("output.log"))?;
        let mut command = bounded(LIFETIME, program);
        command
            .args(args)
            .current_dir(folder.path())
            .stdin(Stdio::null());
        let child = command.stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self {
            child,
            folder,
            port,
        };
        server.wait()?;
        Ok(server)
    }

    /// `http://127.0.0.1:PORT` and a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its files.
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    fn wait(&mut self) -> Result {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let end = Instant::now() + READY;
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            if self.child.try_wait()?.is_some() || Instant::now() > end {
                return Err(format!("it does not listen: {}", self.log()).into());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn log(&self) -> String {
        let logs = ["output.log", "error.log"].map(|name| self.folder.path().join(name));
        logs.iter()
            .filter_map(|log| fs::read_to_string(log).ok())
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Asks a bounded child to end, and waits for it.
pub(super) fn stop(child: &mut Child) {
    let asked = capture(Command::new("kill").arg(child.id().to_string()));
    if asked.is_err() {
        drop(child.kill());
    }
    drop(child.wait());
}

/// A port on loopback that nobody listens on.
pub(super) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_server_that_ends_at_once_is_told_with_its_output() {
        let folder = Folder::new().unwrap();
        let port = free_port().unwrap();
        let args = ["-c", "echo broken configuration"];
        let error = Server::start(folder, port, Path::new("sh"), &args)
            .err()
            .unwrap();
        assert!(error.to_string().contains("broken configuration"));
    }

    #[test]
    fn a_server_is_gone_with_its_value() {
        let port = free_port().unwrap();
        let listen = format!(
            "import socket,time\ns=socket.create_server(('127.0.0.1',{port}))\ntime.sleep(60)"
        );
        let args = ["-c", &listen];
        let server = Server::start(Folder::new().unwrap(), port, Path::new("python3"), &args);
        let folder = server.as_ref().unwrap().folder().path().to_path_buf();
        drop(server.unwrap());
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(!folder.exists());
    }
}
