//! Requests through a proxy that demands credentials, to Apache, which demands others.

use super::checks::Checks;
use super::send::{ACCEPTED, REFUSED, Send};
use super::{PASSWORD, USER};

/// The domain of the user for a proxy with NTLM.
pub(super) const DOMAIN: &str = "PRIDE";
const WRONG: &str = "hakuna matata";
const BODY: &str = "hello=countersign";

/// One scheme for the proxy and one kind of target.
pub(super) struct Through<'a> {
    pub(super) proxy: String,
    pub(super) ca: &'a str,
    pub(super) scheme: &'static str,
    pub(super) place: String,
}

impl Through<'_> {
    /// Right and wrong credentials, beside those for the server.
    pub(super) fn check(&self, checks: &mut Checks, name: &str) {
        checks.check(&format!("{name}: beside the server's Digest"), || {
            let sent = self
                .send("GET", "/digest?a=1&b=%20x", PASSWORD)
                .exits(ACCEPTED)?;
            let sent = sent.body(b"GET /digest?a=1&b=%20x\n")?;
            sent.hides(&[PASSWORD, WRONG]).map(drop)
        });
        checks.check(
            &format!("{name}: a body, beside the server's Basic"),
            || {
                let send = self.login("basic", "POST", "/basic/upload", PASSWORD);
                let echo = format!("POST /basic/upload\n{BODY}");
                send.args(&["-d", BODY])
                    .exits(ACCEPTED)?
                    .body(echo.as_bytes())
                    .map(drop)
            },
        );
        checks.check(&format!("{name}: wrong password for the proxy"), || {
            let sent = self.send("GET", "/digest", WRONG).exits(REFUSED)?;
            sent.says(&self.proxy)?
                .says("407")?
                .hides(&[WRONG])
                .map(drop)
        });
        checks.check(&format!("{name}: wrong password for the server"), || {
            let send = self.send("GET", "/digest", PASSWORD).set("password", WRONG);
            send.exits(REFUSED)?.says("401").map(drop)
        });
    }

    fn send(&self, method: &str, path: &str, password: &str) -> Send {
        self.login("digest", method, path, password)
    }

    fn login(&self, scheme: &str, method: &str, path: &str, password: &str) -> Send {
        let (user, password) = (format!("username={USER}"), format!("password={password}"));
        let send = Send::login(scheme, method, format!("{}{path}", self.place)).args(&[
            "--cacert",
            self.ca,
            "--proxy",
            &self.proxy,
            "--proxy-auth",
            self.scheme,
            "--proxy-set",
            &user,
            "--proxy-set",
            &password,
        ]);
        match self.scheme {
            "ntlm" => send.args(&["--proxy-set", &format!("domain={DOMAIN}")]),
            _ => send,
        }
    }
}
