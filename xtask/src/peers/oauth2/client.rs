//! Grants that need no person: client credentials, and a password.

use super::{CLIENT, Issuer, WRONG};
use crate::Result;
use crate::peers::checks::Checks;
use crate::peers::send::{NO_TOKEN, REFUSED, Send};
use crate::peers::{PASSWORD, USER};

const GRANT: &str = "client_credentials";
const API: &str = "https://api.example";

/// A client that authenticates in the header, and one in the body; each with a wrong secret too.
pub(super) fn credentials(checks: &mut Checks, issuer: &Issuer) {
    let send = || issuer.grants(GRANT).set("scope", "read");
    let in_body = || {
        let send = send().set("client_authentication", "body");
        send.set("clientId", &issuer.in_body)
    };
    let (known, other) = (CLIENT, &*issuer.in_body);
    proves(checks, "client credentials, header", known, &send);
    proves(checks, "client credentials, body", other, &in_body);
}

/// A user's password, right and wrong, and a client whose secret is wrong.
pub(super) fn password(checks: &mut Checks, issuer: &Issuer) {
    let send = || issuer.grants("password_credentials").set("scope", "read");
    proves(checks, "password", USER, &send);
    checks.check("password: wrong password", || {
        let sent = send().set("password", WRONG).exits(NO_TOKEN)?;
        sent.legs(0)?.hides(&[WRONG]).map(drop)
    });
}

fn proves(checks: &mut Checks, name: &str, principal: &str, send: &dyn Fn() -> Send) {
    checks.check(name, || send().answer()?.names(principal));
    checks.check(&format!("{name}: nothing secret is shown"), || {
        send().exits(0)?.hides(&[super::SECRET, PASSWORD]).map(drop)
    });
    checks.check(&format!("{name}: wrong secret"), || {
        let sent = send().set("clientSecret", WRONG).exits(NO_TOKEN)?;
        sent.legs(0)?.hides(&[WRONG]).map(drop)
    });
}

/// A token for one resource is none for another: RFC 8707.
pub(super) fn resource(checks: &mut Checks, issuer: &Issuer) {
    let send = |resource: &str| -> Send {
        let url = issuer.server.url(&format!("/resource?audience={API}"));
        let send = Send::new("GET", url).args(&["--auth", "oauth2"]);
        let send = issuer.configured(send, GRANT).set("scope", "read");
        send.set("resource", resource)
    };
    checks.check("resource indicator", || send(API).answer()?.names(CLIENT));
    checks.check("resource indicator: another", || {
        send("https://other.example").exits(REFUSED).map(drop)
    });
}

/// The token in the query and in a form.
pub(super) fn placement(checks: &mut Checks, issuer: &Issuer) {
    let check = |place: &str, method: &str, more: &[&str]| -> Result {
        let send = Send::new(method, issuer.server.url("/resource?a=1"));
        let send = issuer.configured(send.args(&["--auth", "oauth2"]), GRANT);
        let send = send.set("scope", "read").set("addTokenTo", place);
        send.args(more).answer()?.names(CLIENT)
    };
    checks.check("the token in the query", || {
        check("queryParams", "GET", &[])
    });
    checks.check("the token in a form", || {
        check("form", "POST", &["--form", "b=1"])
    });
}
