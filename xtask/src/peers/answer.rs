//! What a client that is not ours was answered.

use serde_json::Value;

use super::USER;
use crate::Result;

/// The SHA-256 of the empty body and of [`BODY`], as `serve` reports them.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const BODY_SHA256: &str = "a8ab1fe3cf583a25039b06c78b9f9fd603c728236ddf3166ce8f9dc264824876";

/// The body of every request that has one.
pub(super) const BODY: &str = "hello countersign";

/// One answer; `log` is what the client told about it, where it does.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) log: String,
}

impl Answer {
    /// One of a client that keeps no log.
    pub(super) fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            log: String::new(),
        }
    }

    /// An error unless the status is this.
    pub(super) fn is(&self, status: u16) -> Result {
        if self.status == status {
            return Ok(());
        }
        Err(format!("status {} in place of {status}: {}", self.status, self.body).into())
    }

    /// An error unless `serve` accepted the request and reports it as it was sent.
    pub(super) fn reports(&self, scheme: &str, method: &str, target: &str, body: &str) -> Result {
        self.is(200)?;
        let json: Value = serde_json::from_str(&self.body)?;
        let digest = if body.is_empty() {
            EMPTY_SHA256
        } else {
            BODY_SHA256
        };
        let wanted = [
            ("scheme", scheme),
            ("method", method),
            ("target", target),
            ("body_sha256", digest),
        ];
        match wanted.iter().find(|(key, value)| json[key] != *value) {
            Some((key, value)) => Err(format!("{key} is not {value}: {json}").into()),
            None => Ok(()),
        }
    }

    /// An error unless `serve` reports the user that every peer knows as the principal.
    pub(super) fn names_the_user(&self) -> Result {
        self.names(USER)
    }

    /// An error unless the server reports this principal.
    pub(super) fn names(&self, principal: &str) -> Result {
        self.is(200)?;
        let json: Value = serde_json::from_str(&self.body)?;
        if json["principal"] == principal {
            return Ok(());
        }
        Err(format!("principal is not {principal}: {json}").into())
    }

    /// A quoted parameter of the challenge in the log.
    pub(super) fn challenge(&self, name: &str) -> Result<String> {
        let line = self.line("< WWW-Authenticate: ")?;
        let (_, rest) = line
            .split_once(&format!("{name}=\""))
            .ok_or("no such parameter")?;
        Ok(rest.split('"').next().unwrap_or_default().to_owned())
    }

    /// The credentials that the client sent last, from the log.
    pub(super) fn credentials(&self) -> Result<&str> {
        self.line("> Authorization: ")
    }

    /// Where the answer sends its client, from the log.
    pub(super) fn location(&self) -> Result<&str> {
        self.line("< Location: ")
    }

    fn line(&self, start: &str) -> Result<&str> {
        let lines = self.log.lines().rev().map(str::trim_end);
        let found = lines.filter_map(|line| line.strip_prefix(start)).next();
        found.ok_or_else(|| format!("no `{start}` in {}", self.log).into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nonce_and_credentials_are_read_from_the_log() {
        let log = "> GET / HTTP/1.1\r\n< WWW-Authenticate: Digest realm=\"r\", nonce=\"n==\"\r\n\
                   > Authorization: Digest username=\"u\"\r\n";
        let answer = Answer {
            status: 401,
            body: String::new(),
            log: log.to_owned(),
        };
        assert_eq!(answer.challenge("nonce").unwrap(), "n==");
        assert_eq!(answer.credentials().unwrap(), "Digest username=\"u\"");
        assert!(answer.is(200).is_err());
    }

    #[test]
    fn a_report_of_another_request_is_an_error() {
        let body = format!(
            r#"{{"scheme":"basic","principal":"mufasa","method":"GET","target":"/a","body_sha256":"{EMPTY_SHA256}"}}"#
        );
        let answer = Answer {
            status: 200,
            body,
            log: String::new(),
        };
        assert!(answer.reports("basic", "GET", "/a", "").is_ok());
        assert!(answer.reports("basic", "GET", "/b", "").is_err());
        assert!(answer.reports("basic", "GET", "/a", BODY).is_err());
        assert!(answer.names_the_user().is_ok());
    }
}
