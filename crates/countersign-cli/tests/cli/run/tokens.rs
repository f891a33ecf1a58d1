//! Tokens of OAuth 2.0: had once for a run, renewed where they have to be, and kept where that is asked for.

use serde_json::{Value, json};

use super::{Files, auth, collection, get, outcomes};
use crate::support::{CLIENT, Issuer, SECRET};

fn files(issuer: &Issuer, grant: &Value) -> Files {
    let mut parameters = json!({
        "accessTokenUrl": issuer.url("/token"), "clientId": CLIENT, "clientSecret": SECRET, "client_authentication": "body"
    });
    let more = grant.as_object().unwrap().clone();
    parameters.as_object_mut().unwrap().extend(more);
    let items = ["first", "second"].map(|name| get(name, &issuer.url("/resource")));
    Files::with(&collection(
        &items,
        &json!({"auth": auth("oauth2", &parameters)}),
    ))
}

#[test]
fn a_run_has_one_token_and_two_runs_share_it_in_a_store() {
    let issuer = Issuer::start();
    let files = files(&issuer, &json!({"grant_type": "client_credentials"}));
    let (code, report) = files.report(&[]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(issuer.seen("/token").len(), 1);
    let store = files.path("tokens");
    let store = ["--store", store.to_str().unwrap()];
    for _ in 0..2 {
        assert_eq!(files.report(&store).0, 0);
    }
    assert_eq!(issuer.seen("/token").len(), 2);
    let run = files.run(&store);
    assert!(!run.printed().contains("access-") && !run.printed().contains(SECRET));
}

#[test]
fn one_that_is_refused_is_renewed() {
    let issuer = Issuer::start();
    let grant =
        json!({"grant_type": "password_credentials", "username": "u", "password": "hakuna"});
    let files = files(&issuer, &grant);
    let store = files.path("tokens");
    let store = ["--store", store.to_str().unwrap()];
    assert_eq!(files.report(&store).0, 0);
    issuer.end_access();
    let (code, report) = files.report(&store);
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["requests"][0]["sent"], 2);
    let grants = issuer.seen("/token").into_iter().flatten();
    let grants: Vec<_> = grants
        .filter(|(name, _)| name == "grant_type")
        .map(|(_, grant)| grant)
        .collect();
    assert_eq!(grants, ["password", "refresh_token"]);
}

#[test]
fn an_endpoint_that_refuses_is_5() {
    let issuer = Issuer::start();
    let grant =
        json!({"grant_type": "password_credentials", "username": "u", "password": "matata"});
    let (code, report) = files(&issuer, &grant).report(&[]);
    assert_eq!(code, 5);
    assert_eq!(
        outcomes(&report),
        [("first", "failed"), ("second", "failed")]
    );
    assert_eq!(issuer.seen("/resource").len(), 0);
}
