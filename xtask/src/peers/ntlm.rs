//! NTLM with pyspnego as the server, and with requests_ntlm as the client.

use serde_json::{Value, json};

use super::answer::{Answer, BODY};
use super::certificate::Certificates;
use super::checks::Checks;
use super::client::{Call, ntlm};
use super::program::{deliver, serve};
use super::send::{ACCEPTED, REFUSED, Send, Sent};
use super::serve::Serve;
use super::{PASSWORD, USER};
use crate::Result;

const DOMAIN: &str = "PRIDE";
const WRONG: &str = "hakuna matata";
const TARGET: &str = "/area?a=1&b=%20x";

/// pyspnego as the server: raw and inside of Negotiate, and over TLS with a channel binding.
pub(super) fn pyspnego(checks: &mut Checks) -> Result {
    let server = serve("ntlm/server.py", &[DOMAIN, USER, PASSWORD])?;
    let send = |method: &str, target: &str| login(method, &server.url(target));
    login_checks(checks, "server", 2, &|method| send(method, TARGET));
    // A body is not sent with a guess, which is NTLM itself.
    login_checks(checks, "server, Negotiate", 3, &|method| {
        send(method, "/negotiate").set("negotiate", "true")
    });
    checks.check("server: Negotiate where it is not asked for", || {
        send("GET", "/negotiate").exits(REFUSED)?.legs(1).map(drop)
    });
    checks.check("server: another domain", || {
        let send = send("POST", TARGET).set("domain", "ROCK");
        send.exits(REFUSED).map(drop)
    });
    bound(checks)
}

/// As `mufasa` of the domain.
fn login(method: &str, url: &str) -> Send {
    Send::login("ntlm", method, url).set("domain", DOMAIN)
}

/// A request with a body takes `legs`.
fn login_checks(checks: &mut Checks, name: &str, legs: usize, send: &dyn Fn(&str) -> Send) {
    checks.check(&format!("{name}: the server asks"), || {
        names_the_user(&send("GET").exits(ACCEPTED)?.legs(3)?)
    });
    checks.check(&format!("{name}: a body"), || {
        let sent = send("POST").args(&["-d", BODY]).exits(ACCEPTED)?;
        names_the_user(&sent.legs(legs)?)
    });
    checks.check(&format!("{name}: wrong password"), || {
        let sent = send("POST").set("password", WRONG).args(&["-d", BODY]);
        sent.exits(REFUSED)?.legs(legs).map(drop)
    });
}

fn names_the_user(sent: &Sent) -> Result {
    Answer::new(200, sent.text()?).names_the_user()
}

/// The server demands its own certificate in the proof.
fn bound(checks: &mut Checks) -> Result {
    let tls = Certificates::new()?;
    let [certificate, key] = tls.server();
    let args = [DOMAIN, USER, PASSWORD, &certificate, &key];
    let server = serve("ntlm/server.py", &args)?;
    let url = server.url(TARGET).replacen("http:", "https:", 1);
    login_checks(checks, "server, bound to TLS", 2, &|method| {
        login(method, &url).args(&["--cacert", &tls.authority()])
    });
    Ok(())
}

/// requests_ntlm as the client, which binds its proofs to TLS.
pub(super) fn requests(checks: &mut Checks) -> Result {
    ntlm(checks, make)?;
    let (tls, other) = (Certificates::new()?, Certificates::new()?);
    for (name, certificate, status) in [("its", &tls, 200), ("another", &other, 401)] {
        let [certificate, _] = certificate.server();
        let ours = ours(&tls, &certificate)?;
        checks.check(&format!("bound to {name} certificate"), || {
            let mut order = order("POST", &ours.url(TARGET), BODY);
            order["user"] = USER.into();
            order["password"] = PASSWORD.into();
            order["ca"] = tls.authority().into();
            let answer = deliver("ntlm/client.py", &order)?.pop();
            answer.ok_or("no answer")?.is(status)
        });
    }
    Ok(())
}

/// Over TLS, where it demands this certificate.
fn ours(tls: &Certificates, certificate: &str) -> Result<Serve> {
    let certificate = format!("@file:{certificate}");
    let login = [("username", USER), ("password", PASSWORD)];
    let set = [login[0], login[1], ("certificate", &certificate)];
    Serve::with("ntlm", &set, &tls.args().each_ref().map(String::as_str))
}

fn order(method: &str, url: &str, body: &str) -> Value {
    json!({ "method": method, "url": url, "body": body })
}

fn make(call: &Call<'_>) -> Result<Vec<Answer>> {
    let mut order = order(call.method, &call.url, call.body);
    order["times"] = call.times.into();
    if let Some([_, user, password]) = call.login {
        order["user"] = user.into();
        order["password"] = password.into();
    }
    deliver("ntlm/client.py", &order)
}
