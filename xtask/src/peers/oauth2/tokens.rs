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
    /// Without any token.
    pub(super) fn none() -> Result<Self> {
        Ok(Self(Folder::new()?))
    }

    /// With a token that this grant gets.
    pub(super) fn get(issuer: &Issuer, grant: &str, browser: Option<String>) -> Result<Self> {
        let tokens = Self::none()?;
        // A device would take the place of the browser.
        let send = tokens
            .getting(issuer, grant, NAME)
            .set("deviceAuthorizationUrl", "");
        let send = match browser {
            Some(browser) => send.browser(browser),
            None => send,
        };
        send.ends(&[ACCEPTED])?.hides(&[SECRET])?;
        Ok(tokens)
    }

    /// Gets a token by this grant, under this name.
    pub(super) fn getting(&self, issuer: &Issuer, grant: &str, name: &str) -> Send {
        let send = issuer.configured(self.command(&["get"]), grant);
        send.set("tokenName", name).within(20)
    }

    /// The same token in another folder.
    pub(super) fn copy(&self) -> Result<Self> {
        self.shared("--with-refresh")
    }

    /// The same token in another folder, with what `how` says.
    pub(super) fn shared(&self, how: &str) -> Result<Self> {
        let copy = Self::none()?;
        copy.import(&self.export(how)?)?;
        Ok(copy)
    }

    /// `countersign token` with these tokens.
    pub(super) fn command(&self, args: &[&str]) -> Send {
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
        self.send_selected(issuer).args(&["--token", NAME])
    }

    /// A request with the token that is selected.
    pub(super) fn send_selected(&self, issuer: &Issuer) -> Send {
        let send = Send::new("GET", issuer.server.url("/resource?a=1"));
        let send = send.args(&["--auth", "oauth2", "--store", &self.path("store")]);
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
        let mut export = self.export("--with-refresh")?;
        export["tokens"][0]["token"]["expires_at"] = json!(1);
        self.import(&export)
    }

    fn export(&self, how: &str) -> Result<Value> {
        let path = self.path("export.json");
        let args = ["export", NAME, "--output", &path, how];
        let args = args.iter().filter(|arg| !arg.is_empty());
        self.command(&args.copied().collect::<Vec<_>>())
            .ends(&[ACCEPTED])?;
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
