//! Key pairs of every kind that a scheme signs with, by openssl.

use std::process::Command;

use super::server::Folder;
use crate::Result;
use crate::shell::capture;

const CURVES: [(&str, &str); 3] = [("ES256", "P-256"), ("ES384", "P-384"), ("ES512", "P-521")];

/// A folder with two pairs of each kind.
pub(super) struct KeyPairs(Folder);

impl KeyPairs {
    /// Fresh ones.
    pub(super) fn new() -> Result<Self> {
        let pairs = Self(Folder::new()?);
        for other in ["", "other-"] {
            pairs.make(&format!("{other}rsa"), "RSA", "rsa_keygen_bits:2048")?;
            for (name, curve) in CURVES {
                pairs.make(
                    &format!("{other}{name}"),
                    "EC",
                    &format!("ec_paramgen_curve:{curve}"),
                )?;
            }
        }
        pairs.openssl(&["rsa", "-traditional", "-in", "rsa.pem", "-out", "pkcs1.pem"])?;
        Ok(pairs)
    }

    fn make(&self, name: &str, algorithm: &str, option: &str) -> Result {
        let (private, public) = (format!("{name}.pem"), format!("{name}.pub"));
        let generate = ["genpkey", "-algorithm", algorithm, "-pkeyopt", option];
        self.openssl(&[&generate, ["-out", &private].as_slice()].concat())?;
        self.openssl(&["pkey", "-in", &private, "-pubout", "-out", &public])
    }

    fn openssl(&self, args: &[&str]) -> Result {
        let mut command = Command::new("openssl");
        let output = capture(command.current_dir(self.0.path()).args(args))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into()),
        }
    }

    /// Where a file of it is: `rsa.pem`, PKCS#8; `pkcs1.pem`, the same key; `rsa.pub`; `ES256.pem` and so on; and the
    /// second pairs, `other-rsa.pem` and so on.
    pub(super) fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// The same as the value of a parameter of the command.
    pub(super) fn value(&self, name: &str) -> String {
        format!("@file:{}", self.path(name))
    }

    /// What is in it.
    pub(super) fn text(&self, name: &str) -> Result<String> {
        Ok(std::fs::read_to_string(self.path(name))?)
    }
}
