//! Grants that need a person.

use super::{Store, countersign, grant, token};
use crate::support::{Issuer, Run, command, run};

fn send(issuer: &Issuer, grant_type: &str, more: &[&str], browser: Option<&str>) -> Run {
    let url = issuer.url("/api");
    let mut command = command(&["send", "GET", &url, "--auth", "oauth2", "--json"]);
    if let Some(browser) = browser {
        command.env("BROWSER", browser);
    }
    let command = command.args(grant(issuer, grant_type)).args(more);
    run(command, b"")
}

/// The command itself is a browser whose person consents at once: it follows redirects.
fn consents() -> String {
    format!("{} send -L GET %s", env!("CARGO_BIN_EXE_countersign"))
}

#[test]
fn a_person_consents_in_the_browser() {
    let issuer = Issuer::start();
    let timeout = ["--timeout", "20"];
    let run = send(
        &issuer,
        "authorization_code_with_pkce",
        &timeout,
        Some(&consents()),
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(run.json()["legs"].as_array().unwrap().len(), 1);
    let (asked, form) = (
        issuer.seen("/authorize").remove(0),
        issuer.seen("/token").remove(0),
    );
    let has = |pairs: &[(String, String)], name: &str| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    assert_eq!(has(&asked, "code_challenge_method"), "S256");
    assert!(has(&asked, "redirect_uri").starts_with("http://127.0.0.1:"));
    assert_eq!(has(&asked, "redirect_uri"), has(&form, "redirect_uri"));
    assert!(has(&form, "code_verifier").len() >= 43);
    assert!(
        !run.printed().contains(&has(&form, "code")),
        "{}",
        run.printed()
    );
}

#[track_caller]
fn nobody(run: &Run) {
    assert_eq!(run.code, 6, "{}", run.printed());
    assert_eq!(run.json()["error"]["kind"], "Interaction");
    assert_eq!(run.json()["outcome"], "failed");
}

#[test]
fn a_person_who_is_needed_and_not_there_is_6() {
    let issuer = Issuer::start();
    let without = issuer.set("authorization_code").len();
    assert!(without > 0);
    for more in [&[][..], &["--no-browser"]] {
        // The device grant would take over.
        let more = [more, &["--set", "deviceAuthorizationUrl="]].concat();
        nobody(&send(&issuer, "authorization_code", &more, None));
    }
    assert_eq!(issuer.seen("/token"), [[]; 0]);
}

#[test]
fn a_browser_that_is_closed_is_6_once_the_time_is_over() {
    let issuer = Issuer::start();
    let run = send(
        &issuer,
        "authorization_code",
        &["--timeout", "1"],
        Some("true"),
    );
    nobody(&run);
    assert!(run.stderr.contains("open this address"), "{}", run.stderr);
}

#[test]
fn a_device_is_told_its_code() {
    let issuer = Issuer::start();
    let run = send(&issuer, "device_code", &["--timeout", "20"], None);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(
        run.stderr
            .contains("Open https://login.example/device and enter the code WDJB-MJHT"),
        "{}",
        run.stderr
    );
}

#[test]
fn where_there_is_no_browser_the_device_takes_over() {
    let issuer = Issuer::start();
    let run = send(&issuer, "authorization_code", &["--timeout", "20"], None);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(issuer.seen("/device").len(), 1);
}

#[test]
fn the_flow_is_started_again_without_retyping() {
    let (issuer, store) = (Issuer::start(), Store::new());
    let browser = consents();
    let with_browser = |args: &[&str], more: &[String]| {
        let path = store.path();
        let mut command = command(&[&["token", "--json", "--store", &path], args].concat());
        let run = run(command.env("BROWSER", &browser).args(more), b"");
        assert_eq!(run.code, 0, "{}", run.printed());
        run
    };
    let mut args = grant(&issuer, "authorization_code");
    args.extend(["--set", "tokenName=mine", "--keep-secrets"].map(str::to_owned));
    with_browser(&["get"], &args);
    issuer.forget();
    with_browser(&["refresh", "mine"], &[]);
    let grants = issuer.seen("/token").len();
    assert_eq!(
        grants, 3,
        "the code, the refusal of the refresh token, the next code"
    );
    assert_eq!(
        token(&store, &["list"], &[]).json()["tokens"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        countersign(&["token", "list", "--store", &store.path()], &[]).code,
        0
    );
}
