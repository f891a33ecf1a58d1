//! OAuth 2.0 with oidc-provider and Authlib as the servers, and with Chromium as the resource owner.

mod browser;
mod client;
mod device;
mod person;
mod stored;
mod tidy;
mod tokens;
mod typed;
mod waiting;

use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::checks::Checks;
use super::curl::Curl;
use super::program::serve;
use super::send::{REFUSED, Send};
use super::server::Server;
use super::{PASSWORD, USER};
use crate::Result;

const CLIENT: &str = "pride";
const SECRET: &str = "circle&of+life";
const WRONG: &str = "hakuna matata";

/// How long access tokens are good, in seconds.
const LIFETIME: &str = "60";

/// How long they are good where their end is waited for.
const SHORT: &str = "8";
const SHORT_TIME: Duration = Duration::from_secs(8);

/// An authorization server, and where it does what.
struct Issuer {
    server: Server,
    /// The client that authenticates in the body.
    in_body: String,
    /// How the other one authenticates, by the name that the command has for it.
    authentication: &'static str,
    authorize: &'static str,
    revoke: &'static str,
}

/// oidc-provider: tokens of the client's own, of a user in the browser, and of a device; their renewal and their end.
pub(super) fn oidc(checks: &mut Checks) -> Result {
    let issuer = Issuer {
        server: serve("oauth2/provider.js", &[CLIENT, SECRET, LIFETIME])?,
        in_body: format!("{CLIENT}-post"),
        authentication: "header",
        authorize: "/auth",
        revoke: "/token/revocation",
    };
    client::credentials(checks, &issuer);
    client::resource(checks, &issuer);
    client::placement(checks, &issuer);
    person::code(checks, &issuer, "S256");
    person::closes(checks, &issuer);
    person::implicit(checks, &issuer, CLIENT, "true");
    person::tricked(checks, &issuer);
    typed::check(checks, &issuer);
    device::check(checks, &issuer);
    stored::refreshed(checks, &issuer);
    stored::revoked(checks, &issuer, "client_credentials");
    stored::repaired(checks, &issuer, "client_credentials");
    tidy::check(checks, &issuer);
    short(checks)?;
    let form = ["grant_type=client_credentials", "scope=read"];
    issuer.bearer(checks, &form, &issuer.in_body);
    Ok(())
}

/// oidc-provider with tokens that end while one waits.
fn short(checks: &mut Checks) -> Result {
    let issuer = Issuer {
        server: serve("oauth2/provider.js", &[CLIENT, SECRET, SHORT])?,
        in_body: format!("{CLIENT}-post"),
        authentication: "header",
        authorize: "/auth",
        revoke: "/token/revocation",
    };
    stored::ended(checks, &issuer);
    tidy::prune(checks, &issuer);
    Ok(())
}

/// Authlib: tokens for a password, and of a user in the browser.
pub(super) fn authlib(checks: &mut Checks) -> Result {
    let issuer = Issuer {
        server: serve("oauth2/server.py", &[CLIENT, SECRET, LIFETIME])?,
        in_body: CLIENT.to_owned(),
        authentication: "raw",
        authorize: "/authorize",
        revoke: "/revoke",
    };
    client::password(checks, &issuer);
    client::credentials(checks, &issuer);
    person::code(checks, &issuer, "plain");
    person::implicit(checks, &issuer, &format!("{CLIENT}-public"), "false");
    stored::revoked(checks, &issuer, "password_credentials");
    stored::repaired(checks, &issuer, "password_credentials");
    let (username, password) = (format!("username={USER}"), format!("password={PASSWORD}"));
    let form = ["grant_type=password", &username, &password, "scope=read"];
    issuer.bearer(checks, &form, USER);
    Ok(())
}

impl Issuer {
    /// A request that has its token by a grant.
    fn grants(&self, grant: &str) -> Send {
        let url = self.server.url("/resource?a=1");
        self.configured(Send::new("GET", url).args(&["--auth", "oauth2"]), grant)
    }

    /// The settings of a grant.
    fn configured(&self, send: Send, grant: &str) -> Send {
        send.set("grant_type", grant)
            .set("authUrl", &self.server.url(self.authorize))
            .set("accessTokenUrl", &self.server.url("/token"))
            .set("deviceAuthorizationUrl", &self.server.url("/device/auth"))
            .set("revocationUrl", &self.server.url(self.revoke))
            .set("clientId", CLIENT)
            .set("clientSecret", SECRET)
            .set("client_authentication", self.authentication)
            .set("username", USER)
            .set("password", PASSWORD)
            .set("scope", "openid offline_access read")
    }

    /// Sends a form as the client that authenticates in the body.
    fn post(&self, path: &str, form: &[&str]) -> Result<Answer> {
        let id = format!("client_id={}", self.in_body);
        let secret = format!("client_secret={SECRET}");
        let login = [id.as_str(), &secret];
        let fields = login
            .iter()
            .chain(form)
            .flat_map(|field| ["--data-urlencode", *field]);
        let fields: Vec<_> = fields.collect();
        Curl::get(&self.server.url(path)).args(&fields).answer()
    }

    /// How often something happened, where the server counts.
    fn count(&self, what: &str) -> Result<u64> {
        let counts = Curl::get(&self.server.url("/counts")).answer()?;
        let counts: Value = serde_json::from_str(&counts.body)?;
        Ok(counts[what].as_u64().unwrap_or_default())
    }

    /// Sends a token that somebody else got.
    fn carries(&self, token: &str) -> Send {
        let send = Send::new("GET", self.server.url("/resource?a=1"));
        send.args(&["--auth", "bearer"]).set("token", token)
    }

    /// A token that curl got, another one, and the same after it was revoked.
    fn bearer(&self, checks: &mut Checks, form: &[&str], principal: &str) {
        let token = || -> Result<String> {
            let answer = self.post("/token", form)?;
            answer.is(200)?;
            let json: Value = serde_json::from_str(&answer.body)?;
            let token = json["access_token"].as_str().ok_or("no token")?;
            Ok(token.to_owned())
        };
        checks.check("bearer: the token is accepted", || {
            self.carries(&token()?).answer()?.names(principal)
        });
        checks.check("bearer: another token is refused", || {
            let token = token()?.replace(char::is_alphabetic, "x");
            self.carries(&token).exits(REFUSED).map(drop)
        });
        checks.check("bearer: a revoked token is refused", || {
            let token = token()?;
            self.post(self.revoke, &[&format!("token={token}")])?
                .is(200)?;
            self.carries(&token).exits(REFUSED).map(drop)
        });
    }
}
