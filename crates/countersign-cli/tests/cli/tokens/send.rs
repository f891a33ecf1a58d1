//! A token that is had for one request.

use super::{Store, countersign, grant};
use crate::support::{Issuer, RawServer, Run, SECRET, command, header, run};

fn send(issuer: &Issuer, args: &[&str], more: &[String]) -> Run {
    let url = issuer.url("/api");
    let first = ["send", "GET", &url, "--timeout", "20", "--auth", "oauth2"];
    countersign(&[&first, args].concat(), more)
}

#[test]
fn a_grant_gets_the_token_and_its_requests_are_no_legs() {
    let issuer = Issuer::start();
    let run = send(&issuer, &["--json"], &grant(&issuer, "client_credentials"));
    assert_eq!(run.code, 0, "{}", run.printed());
    let json = run.json();
    assert_eq!(json["legs"].as_array().unwrap().len(), 1);
    let request = &json["legs"][0]["request"];
    assert_eq!(header(request, "authorization"), ["Bearer [redacted]"]);
    assert_eq!(issuer.seen("/token").len(), 1);
}

#[test]
fn neither_the_token_nor_the_secrets_show_unless_raw() {
    let issuer = Issuer::start();
    let args = grant(&issuer, "client_credentials");
    for more in [&["--json"][..], &[]] {
        let shown = send(&issuer, more, &args).printed();
        for secret in ["access-0f1e2d3c", SECRET] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let shown = send(&issuer, &["--raw"], &args).printed();
    assert!(
        shown.contains("authorization: Bearer access-0f1e2d3c"),
        "{shown}"
    );
}

#[test]
fn nothing_is_stored_unless_asked_for() {
    let (issuer, home) = (Issuer::start(), Store::new());
    let url = issuer.url("/api");
    let mut command = command(&["send", "GET", &url, "--auth", "oauth2"]);
    command
        .env("HOME", home.0.path())
        .env_remove("XDG_DATA_HOME");
    let run = run(command.args(grant(&issuer, "client_credentials")), b"");
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(std::fs::read_dir(home.0.path()).unwrap().count(), 0);
    let store = ["--store".to_owned(), home.path()];
    let args = [grant(&issuer, "client_credentials"), store.to_vec()].concat();
    for _ in 0..2 {
        assert_eq!(send(&issuer, &[], &args).code, 0);
    }
    assert_eq!(issuer.seen("/token").len(), 2);
}

#[test]
fn a_fixed_token_needs_no_server() {
    let server = RawServer::start(&["200 OK", "401 Unauthorized"]);
    for (place, code) in [("addTokenTo=header", 0), ("addTokenTo=queryParams", 4)] {
        let url = server.url("/api");
        let args = [
            "send",
            "GET",
            &url,
            "--auth",
            "oauth2",
            "--set",
            "accessToken=t0ken",
            "--set",
            place,
        ];
        assert_eq!(countersign(&args, &[]).code, code);
    }
    let requests = server.requests();
    assert!(
        requests[0].contains("authorization: Bearer t0ken\r\n"),
        "{requests:?}"
    );
    assert!(
        requests[1].starts_with("GET /api?access_token=t0ken HTTP"),
        "{requests:?}"
    );
}

#[track_caller]
fn fails(run: &Run, code: i32, kind: &str) {
    assert_eq!(run.code, code, "{}", run.printed());
    let json = run.json();
    assert_eq!(json["error"]["kind"], kind, "{json}");
    assert_eq!(json["legs"], serde_json::json!([]));
}

#[test]
fn a_token_endpoint_that_refuses_is_5_and_nothing_was_sent() {
    let issuer = Issuer::start();
    let wrong = |grant: &str, set: &[&str]| {
        let set = set
            .iter()
            .flat_map(|set| ["--set".to_owned(), (*set).to_owned()]);
        send(
            &issuer,
            &["--json"],
            &issuer.set(grant).into_iter().chain(set).collect::<Vec<_>>(),
        )
    };
    let run = wrong("client_credentials", &["clientSecret=hunter2hunter2"]);
    fails(&run, 5, "Denied");
    assert!(
        run.printed().contains("invalid_client"),
        "{}",
        run.printed()
    );
    assert!(!run.printed().contains("hunter2"), "{}", run.printed());
    let secret = format!("clientSecret={SECRET}");
    let person = [&*secret, "username=simba", "password=hunter2hunter2"];
    fails(&wrong("password_credentials", &person), 5, "InvalidGrant");
    assert_eq!(issuer.seen("/api"), [[]; 0]);
}

#[test]
fn a_token_endpoint_that_is_not_there_is_7() {
    let issuer = Issuer::start();
    let mut args = grant(&issuer, "client_credentials");
    args.extend([
        "--set".to_owned(),
        "accessTokenUrl=http://127.0.0.1:1/token".to_owned(),
    ]);
    fails(&send(&issuer, &["--json"], &args), 7, "Unavailable");
}

#[test]
fn a_password_gets_a_token() {
    let issuer = Issuer::start();
    let mut args = grant(&issuer, "password_credentials");
    args.extend(
        [
            "--set",
            "username=simba",
            "--set",
            "password=hakuna",
            "--set",
            "scope=read",
        ]
        .map(str::to_owned),
    );
    assert_eq!(send(&issuer, &[], &args).code, 0);
    let form = issuer.seen("/token").remove(0);
    for (name, value) in [
        ("grant_type", "password"),
        ("username", "simba"),
        ("scope", "read"),
    ] {
        assert!(
            form.contains(&(name.to_owned(), value.to_owned())),
            "{form:?}"
        );
    }
}

#[test]
fn offline_asks_no_server() {
    let issuer = Issuer::start();
    let run = send(
        &issuer,
        &["--json", "--offline"],
        &grant(&issuer, "client_credentials"),
    );
    fails(&run, 2, "Unavailable");
    assert_eq!(issuer.seen("/token"), [[]; 0]);
}

#[test]
fn what_lacks_is_said() {
    let issuer = Issuer::start();
    for (set, told) in [
        ("scope=read", "grant_type"),
        (
            "grant_type=client_credential",
            "client_credentials, password_credentials",
        ),
        ("grant_type=client_credentials", "no identifier"),
        ("grantt_type=x", "the parameters of oauth2 are accessToken"),
    ] {
        let run = send(&issuer, &["--set", set], &[]);
        assert_eq!(run.code, 2, "{}", run.printed());
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}
