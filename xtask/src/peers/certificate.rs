//! A certificate authority of a day and a server certificate for loopback, by openssl.

use std::process::Command;

use super::file;
use super::server::Folder;
use crate::Result;
use crate::shell::capture;

/// A folder with them.
pub(super) struct Certificates(Folder);

impl Certificates {
    /// Fresh ones.
    pub(super) fn new() -> Result<Self> {
        let folder = Folder::new()?;
        make(&folder)?;
        Ok(Self(folder))
    }

    /// The file of the authority.
    pub(super) fn authority(&self) -> String {
        self.path("ca.pem")
    }

    /// What `serve` needs to speak TLS.
    pub(super) fn args(&self) -> [String; 4] {
        let [certificate, key] = self.server();
        ["--tls-cert".into(), certificate, "--tls-key".into(), key]
    }

    /// The file of the server's own certificate, and that of its key.
    pub(super) fn server(&self) -> [String; 2] {
        [self.path("server.pem"), self.path("server.key")]
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

/// Makes `ca.pem`, `server.pem` and `server.key` in the folder.
pub(super) fn make(folder: &Folder) -> Result {
    request(folder, "ca", &[])?;
    request(folder, "server", &["-CA", "ca.pem", "-CAkey", "ca.key"])
}

fn request(folder: &Folder, name: &str, signer: &[&str]) -> Result {
    let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
    let mut command = Command::new("openssl");
    command
        .current_dir(folder.path())
        .args(["req", "-x509", "-nodes", "-days", "2", "-config"]);
    command
        .arg(file("openssl.cnf"))
        .args(["-extensions", name])
        .args(signer);
    command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let output = capture(command.args(["-keyout", &key, "-out", &certificate]))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into())
}
