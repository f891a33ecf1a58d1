//! OAuth 2.0 with oidc-provider and Authlib as the servers, and with Chromium as the resource owner.

use serde_json::Value;

use super::answer::Answer;
use super::checks::Checks;
use super::curl::Curl;
use super::program::{run, serve};
use super::send::{REFUSED, Send};
use super::serve::Serve;
use super::server::Server;
use super::{PASSWORD, USER};
use crate::Result;

const CLIENT: &str = "pride";
const SECRET: &str = "circle&of+life";

/// How long access tokens are good, in seconds.
const LIFETIME: &str = "60";

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization server, and where it does what.
struct Issuer {
    server: Server,
    /// The client that authenticates in the body.
    client: String,
    authorize: &'static str,
    revoke: &'static str,
}

/// oidc-provider: tokens of the client's own, of a user in the browser, and of a device.
pub(super) fn oidc(checks: &mut Checks) -> Result {
    let issuer = Issuer {
        server: serve("oauth2/provider.js", &[CLIENT, SECRET, LIFETIME])?,
        client: format!("{CLIENT}-post"),
        authorize: "/auth",
        revoke: "/token/revocation",
    };
    let form = ["grant_type=client_credentials", "scope=read"];
    issuer.bearer(checks, "client credentials", &form, &issuer.client);
    issuer.browser(checks);
    checks.check("a device, confirmed in the browser", || issuer.device());
    Ok(())
}

/// Authlib: tokens for a password, and of a user in the browser.
pub(super) fn authlib(checks: &mut Checks) -> Result {
    let issuer = Issuer {
        server: serve("oauth2/server.py", &[CLIENT, SECRET, LIFETIME])?,
        client: CLIENT.to_owned(),
        authorize: "/authorize",
        revoke: "/revoke",
    };
    let (username, password) = (format!("username={USER}"), format!("password={PASSWORD}"));
    let form = ["grant_type=password", &username, &password, "scope=read"];
    issuer.bearer(checks, "password", &form, USER);
    issuer.browser(checks);
    Ok(())
}

impl Issuer {
    /// Sends a form as the client that has a secret, or as the public one.
    fn post(&self, path: &str, form: &[&str], public: bool) -> Result<Answer> {
        let id = match public {
            true => format!("client_id={CLIENT}-public"),
            false => format!("client_id={}", self.client),
        };
        let secret = format!("client_secret={SECRET}");
        let login = [id.as_str(), &secret];
        let login = if public { &login[..1] } else { &login };
        let fields = login
            .iter()
            .chain(form)
            .flat_map(|field| ["--data-urlencode", *field]);
        let fields: Vec<_> = fields.collect();
        Curl::get(&self.server.url(path)).args(&fields).answer()
    }

    /// A member of the answer to a form.
    fn member(&self, path: &str, form: &[&str], public: bool, name: &str) -> Result<String> {
        let answer = self.post(path, form, public)?;
        answer.is(200)?;
        let json: Value = serde_json::from_str(&answer.body)?;
        let member = json[name].as_str().map(str::to_owned);
        member.ok_or_else(|| format!("no {name} in {json}").into())
    }

    fn resource(&self, token: &str) -> Send {
        let send = Send::new("GET", self.server.url("/resource?a=1"));
        send.args(&["--auth", "bearer"]).set("token", token)
    }

    fn names(&self, token: &str, principal: &str) -> Result {
        self.resource(token).answer()?.names(principal)
    }

    /// A token of this grant through our client, another one, and the same after it was revoked.
    fn bearer(&self, checks: &mut Checks, name: &str, form: &[&str], principal: &str) {
        let token = || self.member("/token", form, false, "access_token");
        checks.check(&format!("{name}: the token is accepted"), || {
            self.names(&token()?, principal)
        });
        checks.check(&format!("{name}: another token is refused"), || {
            let token = token()?.replace(char::is_alphabetic, "x");
            self.resource(&token).exits(REFUSED).map(drop)
        });
        checks.check(&format!("{name}: a revoked token is refused"), || {
            let token = token()?;
            let field = format!("token={token}");
            self.post(self.revoke, &[&field], false)?.is(200)?;
            self.resource(&token).exits(REFUSED).map(drop)
        });
    }

    /// The code grant with PKCE, agreed to and not.
    fn browser(&self, checks: &mut Checks) {
        checks.check("code: agreed to in the browser", || {
            let back = Serve::start(&["--auth", "noauth"])?;
            let redirect = format!("redirect_uri={}", back.url("/back"));
            let code = format!("code={}", self.browse(&back, None)?);
            let verifier = format!("code_verifier={VERIFIER}");
            let form = ["grant_type=authorization_code", &code, &redirect, &verifier];
            self.names(&self.member("/token", &form, true, "access_token")?, USER)
        });
        checks.check("code: denied in the browser", || {
            let back = Serve::start(&["--auth", "noauth"])?;
            match self.browse(&back, Some("deny")) {
                Err(error) if error.to_string().contains("error=access_denied") => Ok(()),
                other => Err(format!("{other:?}").into()),
            }
        });
    }

    /// The code with which the browser comes to `back`.
    fn browse(&self, back: &Serve, deny: Option<&str>) -> Result<String> {
        let redirect = back.url("/back").replace(':', "%3A").replace('/', "%2F");
        let url = self.server.url(&format!(
            "{}?response_type=code&client_id={CLIENT}-public&redirect_uri={redirect}&scope=openid%20read&state=s\
             &code_challenge={CHALLENGE}&code_challenge_method=S256",
            self.authorize
        ));
        let page = self.open(&url, deny)?;
        let shown = page["url"].as_str().unwrap_or_default();
        let query = shown.strip_prefix(&*back.url("/back?")).unwrap_or_default();
        let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
        code.map(str::to_owned)
            .ok_or_else(|| format!("no code in {shown}").into())
    }

    /// Has the user answer the pages, and leaves a picture of the last one.
    fn open(&self, url: &str, deny: Option<&str>) -> Result<Value> {
        let picture = self.server.folder().path().join("page.png");
        let shown = picture.display().to_string();
        let args: Vec<&str> = [url, &shown].into_iter().chain(deny).collect();
        let page = run("oauth2/browse.js", &args)?;
        match std::fs::read(picture)?.starts_with(b"\x89PNG") {
            true => Ok(serde_json::from_str(&page)?),
            false => Err("the picture is none".into()),
        }
    }

    fn device(&self) -> Result {
        let answer = self.post("/device/auth", &["scope=openid read"], true)?;
        let json: Value = serde_json::from_str(&answer.body)?;
        let text = |name: &str| json[name].as_str().unwrap_or_default();
        self.open(text("verification_uri_complete"), None)?;
        let code = format!("device_code={}", text("device_code"));
        let grant = "grant_type=urn:ietf:params:oauth:grant-type:device_code";
        self.names(
            &self.member("/token", &[grant, &code], true, "access_token")?,
            USER,
        )
    }
}
