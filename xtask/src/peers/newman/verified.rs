//! Schemes whose clock and nonces nobody can fix from outside: our servers verify what each runner sends.

use serde_json::Value;

use super::{NEWMAN, RUNTIME, Scopes, ours, theirs};
use crate::Result;
use crate::peers::checks::Checks;
use crate::peers::keys::KeyPairs;
use crate::peers::serve::Serve;
use crate::peers::{PASSWORD, USER};

const COLLECTION: &str = "verified";
const OURS: &str = "countersign";
const PRESIGNED: &str = "awsv4 in the query";

pub(super) fn check(checks: &mut Checks, keys: &KeyPairs) -> Result {
    let servers = servers(keys)?;
    let mut environment = vec![("user", USER), ("password", PASSWORD)];
    let private = keys.text("rsa.pem")?;
    environment.push(("rsa", &private));
    let urls: Vec<_> = servers
        .iter()
        .map(|(name, serve)| (*name, serve.url("")))
        .collect();
    environment.extend(urls.iter().map(|(name, url)| (*name, url.as_str())));
    let scopes = Scopes::new(&environment)?;
    for runner in [NEWMAN, RUNTIME] {
        let told = theirs(&scopes, COLLECTION, runner)?;
        accepted(checks, runner, &told);
    }
    let told = ours(&scopes, COLLECTION)?;
    accepted(checks, OURS, &told["requests"]);
    Ok(())
}

/// Each server takes requests of whoever knows its secret.
fn servers(keys: &KeyPairs) -> Result<Vec<(&'static str, Serve)>> {
    let aws = [
        ("accessKey", USER),
        ("secretKey", PASSWORD),
        ("region", "eu-west-1"),
        ("service", "execute-api"),
    ];
    let query = [&aws[..], &[("addAuthDataToQuery", "true")]].concat();
    let session = [&aws[..], &[("sessionToken", "session")]].concat();
    let public = keys.value("rsa.pub");
    let asap = [
        ("alg", "RS256"),
        ("iss", "issuer"),
        ("aud", "audience"),
        ("kid", "issuer/key"),
        ("publicKey", &public),
    ];
    let edgegrid = [
        ("accessToken", "akab-access"),
        ("clientToken", "akab-client"),
        ("clientSecret", PASSWORD),
    ];
    let hawk = [("authId", USER), ("authKey", PASSWORD)];
    let oauth1 = [
        ("consumerKey", USER),
        ("consumerSecret", PASSWORD),
        ("signatureMethod", "HMAC-SHA256"),
    ];
    Ok(vec![
        ("awsv4", Serve::with("awsv4", &aws, &[])?),
        ("awsv4_query", Serve::with("awsv4", &query, &[])?),
        ("awsv4_session", Serve::with("awsv4", &session, &[])?),
        ("asap", Serve::with("asap", &asap, &[])?),
        ("ntlm", Serve::login("ntlm", &[])?),
        ("digest", Serve::login("digest", &["algorithm=SHA-256"])?),
        ("hawk", Serve::with("hawk", &hawk, &[])?),
        ("oauth1", Serve::with("oauth1", &oauth1, &[])?),
        ("edgegrid", Serve::with("edgegrid", &edgegrid, &[])?),
        ("basic", Serve::login("basic", &[])?),
    ])
}

/// The last answer to a request counts.
fn status(rows: &[&Value], name: &str) -> Option<u64> {
    let last = rows.iter().rev().find(|row| row["name"] == name);
    last.and_then(|row| row["status"].as_u64())
}

fn accepted(checks: &mut Checks, runner: &str, told: &Value) {
    let rows: Vec<_> = told.as_array().into_iter().flatten().collect();
    let mut names: Vec<_> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    names.dedup();
    for name in names {
        let unlived = name == PRESIGNED && runner != OURS;
        if unlived {
            let why = "as Postman presigns without a life";
            checks.check(
                &format!("verified, {runner}: {name} is refused, {why}"),
                || match status(&rows, name) {
                    Some(400) => Ok(()),
                    status => Err(format!("the answer is {status:?}").into()),
                },
            );
            continue;
        }
        checks.check(&format!("verified, {runner}: {name}"), || {
            match status(&rows, name) {
                Some(200) => Ok(()),
                status => Err(format!("the answer is {status:?}").into()),
            }
        });
    }
}
