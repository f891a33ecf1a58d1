//! `countersign token`, with a folder of its own.

use std::fs;

use serde_json::{Value, json};

use super::{Issuer, SECRET};
use crate::Result;
use crate::peers::send::{ACCEPTED, Send};
use crate::peers::server::Folder;

/// The name of the only token that is stored.
const NAME: &str = "mine";

/// A folder of stored tokens.
pub(super) struct Tokens(Folder);

impl Tokens {
    /// With a token that this grant gets.
    pub(super) fn get(issuer: &Issuer, grant: &str, browser: Option<String>) -> Result<Self> {
        let tokens = Self(Folder::new()?);
        let send = issuer.configured(tokens.command(&["get"]), grant);
        // A device would take the place of the browser.
        let send = send.set("deviceAuthorizationUrl", "");
        let send = send.set("tokenName", NAME).within(20);
        let send = match browser {
            Some(browser) => send.browser(browser),
            None => send,
        };
        send.ends(&[ACCEPTED])?.hides(&[SECRET])?;
        Ok(tokens)
    }

    /// The same tokens in another folder.
    pub(super) fn copy(&self) -> Result<Self> {
        let copy = Self(Folder::new()?);
        copy.import(&self.export()?)?;
        Ok(copy)
    }

    fn command(&self, args: &[&str]) -> Send {
        let store = self.path("store");
        Send::of(&["token"]).args(args).args(&["--store", &store])
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// What is done with the token and the server, by a client of this secret.
    pub(super) fn does(&self, what: &str, secret: &str) -> Send {
        let send = self.command(&[what, NAME]).within(20);
        send.set("clientSecret", secret)
    }

    /// A request with the token.
    pub(super) fn send(&self, issuer: &Issuer) -> Send {
        let send = Send::new("GET", issuer.server.url("/resource?a=1"));
        let store = self.path("store");
        let send = send.args(&["--auth", "oauth2", "--token", NAME, "--store", &store]);
        send.set("clientSecret", SECRET)
    }

    /// A part of the token.
    pub(super) fn shows(&self, part: &str) -> Result<String> {
        let sent = self.command(&["show", NAME, "--raw"]).ends(&[ACCEPTED])?;
        let value = sent.json()["tokens"][0][part].as_str();
        value
            .map(str::to_owned)
            .ok_or_else(|| format!("no {part}").into())
    }

    /// Makes the token one that has ended.
    pub(super) fn age(&self) -> Result {
        let mut export = self.export()?;
        export["tokens"][0]["token"]["expires_at"] = json!(1);
        self.import(&export)
    }

    fn export(&self) -> Result<Value> {
        let path = self.path("export.json");
        let args = ["export", NAME, "--with-refresh", "--output", &path];
        self.command(&args).ends(&[ACCEPTED])?;
        let export = fs::read(&path)?;
        fs::remove_file(path)?;
        Ok(serde_json::from_slice(&export)?)
    }

    fn import(&self, export: &Value) -> Result {
        let path = self.path("import.json");
        fs::write(&path, export.to_string())?;
        let import = self.command(&["import", &path, "--replace"]);
        import.ends(&[ACCEPTED]).map(drop)
    }
}
