//! Where credentials come from: environment, files and processes.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use std::error::Error as _;
use std::fs;
use std::time::{Duration, Instant};

use countersign_core::{Error, ErrorKind};
use countersign_sigv4::providers::{Chain, Environment, Process, Profile, Variables};
use countersign_sigv4::{Credentials, CredentialsProvider};
use tempfile::TempDir;

const SECRET: &str = "countersign-canary-secret";

/// The id, and whether there is a session token.
fn told(found: &Credentials) -> String {
    format!("{found:?}")
}

fn shows(id: &str, temporary: bool) -> String {
    format!("Credentials {{ access_key_id: {id:?}, temporary: {temporary}, expires: None, .. }}")
}

/// An error and all that caused it, which show no secret.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(!text.contains(SECRET), "{text}");
    text
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::of(Variables::of(pairs.iter().copied()))
}

#[tokio::test]
async fn the_environment_has_all_or_nothing() {
    let (id, secret) = (
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
    );
    let token = ("AWS_SESSION_TOKEN", "token");
    let found = environment(&[id, secret]).provide().await.unwrap();
    assert_eq!(told(&found), shows("AKID", false));
    let found = environment(&[id, secret, token]).provide().await.unwrap();
    assert_eq!(told(&found), shows("AKID", true));
    for one in [
        &[id][..],
        &[secret],
        &[secret, token],
        &[id, ("AWS_SECRET_ACCESS_KEY", "")],
    ] {
        let error = environment(one).find().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(shown(&error).contains("only one is set"));
    }
    assert!(environment(&[]).find().await.unwrap().is_none());
    let error = environment(&[]).provide().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

/// A home folder with these profile files.
fn home(credentials: &str, config: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/credentials"), credentials).unwrap();
    fs::write(home.path().join(".aws/config"), config).unwrap();
    home
}

fn profile(home: &TempDir, more: &[(&str, &str)]) -> Profile {
    let home = ("HOME", home.path().to_str().unwrap());
    Profile::new().variables(Variables::of([home].iter().chain(more).copied()))
}

fn keys(section: &str, id: &str) -> String {
    format!("[{section}]\naws_access_key_id = {id}\naws_secret_access_key={SECRET}\n")
}

#[tokio::test]
async fn a_profile_is_found_by_its_name() {
    let home = home(
        &(keys("default", "AKID1") + &keys("two", "AKID2") + "aws_session_token = t\n"),
        &(keys("default", "AKID3") + &keys("profile four", "AKID4") + &keys("five", "AKID5")),
    );
    let named = async |name| profile(&home, &[("AWS_PROFILE", name)]).provide().await;
    let default = profile(&home, &[]).provide().await.unwrap();
    assert_eq!(
        told(&default),
        shows("AKID1", false),
        "the credentials file comes first"
    );
    assert_eq!(told(&named("two").await.unwrap()), shows("AKID2", true));
    assert_eq!(told(&named("four").await.unwrap()), shows("AKID4", false));
    let error = named("five").await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Configuration,
        "the config file names it otherwise"
    );
    assert!(shown(&error).contains("no profile `five`"));
    let variables = Variables::of([
        ("HOME", home.path().to_str().unwrap()),
        ("AWS_PROFILE", "x"),
    ]);
    let own = Profile::named("two").variables(variables).provide().await;
    assert_eq!(
        told(&own.unwrap()),
        shows("AKID2", true),
        "a name of one's own comes first"
    );
}

#[tokio::test]
async fn the_files_may_be_elsewhere_or_not_be_there() {
    let home = home("", "");
    let elsewhere = home.path().join("keys");
    fs::write(&elsewhere, keys("default", "AKID")).unwrap();
    let at = |path: &str| profile(&home, &[("AWS_SHARED_CREDENTIALS_FILE", path)]);
    let found = at(elsewhere.to_str().unwrap()).provide().await.unwrap();
    assert_eq!(told(&found), shows("AKID", false));
    assert_eq!(
        told(&at("~/keys").provide().await.unwrap()),
        shows("AKID", false)
    );
    assert!(at("~/nothing").find().await.unwrap().is_none());
    assert!(profile(&home, &[]).find().await.unwrap().is_none());
    let nowhere = Profile::new().variables(Variables::of::<&str, &str>([]));
    assert!(nowhere.find().await.unwrap().is_none());
    assert_eq!(
        at("~/.aws").find().await.unwrap_err().kind(),
        ErrorKind::Configuration
    );
}

#[tokio::test]
async fn a_profile_that_cannot_be_used_says_why_without_its_secret() {
    let broken = format!("[default]\naws_access_key_id\n{SECRET}\n");
    let half = format!("[default]\naws_secret_access_key={SECRET}\n");
    let role = keys("default", "AKID") + "role_arn = arn:aws:iam::1:role/x\n";
    let sso = keys("default", "AKID") + "sso_session = x\n";
    let newline = format!("[default]\naws_access_key_id = A/B\naws_secret_access_key={SECRET}\n");
    for (text, kind, why) in [
        (
            broken,
            ErrorKind::Configuration,
            "line 2 of the credentials file has no `=`",
        ),
        (
            half,
            ErrorKind::Configuration,
            "only one of aws_access_key_id",
        ),
        (
            role,
            ErrorKind::Unsupported,
            "`role_arn`, which is not built in",
        ),
        (
            sso,
            ErrorKind::Unsupported,
            "`sso_session`, which is not built in",
        ),
        (
            newline,
            ErrorKind::Configuration,
            "a character of it cannot be sent",
        ),
        (
            "x".repeat((1 << 20) + 1),
            ErrorKind::Configuration,
            "larger than 1 MiB",
        ),
    ] {
        let error = profile(&home(&text, ""), &[]).provide().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{why}");
        assert!(shown(&error).contains(why), "{error}");
    }
    let binary = home("", "");
    fs::write(binary.path().join(".aws/config"), b"[default]\n\xff=1").unwrap();
    let error = profile(&binary, &[]).provide().await.unwrap_err();
    assert!(shown(&error).contains("cannot be read as UTF-8"));
}

const PRINTS: &str = r#"printf '{"Version":1,"AccessKeyId":"AKIDP","SecretAccessKey":"countersign-canary-secret","SessionToken":"t","Expiration":"2030-01-01T00:00:00Z"}'"#;

#[tokio::test]
async fn a_profile_may_name_a_process() {
    let line = format!(
        "[default]\ncredential_process = sh -c \"{}\"\n",
        PRINTS.replace('"', "\\\"")
    );
    let process = home(
        "",
        &(line.clone() + "aws_access_key_id=A\naws_secret_access_key=b\n"),
    );
    let found = profile(&process, &[]).provide().await.unwrap();
    assert_eq!(
        found.access_key_id(),
        "AKIDP",
        "it comes before the keys beside it"
    );
    assert_eq!(found.expires(), Some(1_893_456_000));
    let keys = home(&keys("default", "AKID"), &line);
    let found = profile(&keys, &[]).find().await.unwrap().unwrap();
    assert_eq!(
        found.access_key_id(),
        "AKID",
        "but behind those of the credentials file"
    );
    let error = profile(&home("", "[default]\ncredential_process = a 'b\n"), &[]).provide();
    assert_eq!(error.await.unwrap_err().kind(), ErrorKind::Configuration);
}

fn sh(script: &str) -> Process {
    Process::new("sh", ["-c", script])
}

#[tokio::test]
async fn a_process_that_fails_says_how_and_shows_nothing() {
    let no_version = PRINTS.replace("\"Version\":1,", "");
    let version = PRINTS.replace("\"Version\":1", "\"Version\":2");
    let id = PRINTS.replace("\"AccessKeyId\":\"AKIDP\",", "");
    let time = PRINTS.replace("2030-01-01T00:00:00Z", "tomorrow");
    let token = PRINTS.replace(
        "\"SessionToken\":\"t\"",
        "\"SessionToken\":\"countersign-canary-secret \"",
    );
    let wrong_type = PRINTS.replace(
        "\"Expiration\":",
        "\"Version\":\"countersign-canary-secret\",\"X\":",
    );
    for (script, why) in [
        (no_version.as_str(), "another `Version`"),
        (&version, "another `Version`"),
        (&id, "no `AccessKeyId`"),
        (&time, "no time as in RFC 3339"),
        (&token, "cannot be sent"),
        (&wrong_type, "no JSON object"),
        (&format!("{PRINTS}; exit 3"), "failed"),
        (&format!("echo {SECRET}"), "no JSON object"),
        ("", "no JSON object"),
        ("head -c 70000 /dev/zero", "more than 64 KiB"),
    ] {
        let error = sh(script).provide().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Fetch, "{why}");
        assert!(shown(&error).contains(why), "{why}: {error}");
    }
    let error = Process::parse("/no/such/program").unwrap().provide().await;
    assert!(shown(&error.unwrap_err()).contains("could not be run"));
    for line in ["", "  ", "a 'b", "a \"b"] {
        let error = Process::parse(line).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{line}");
    }
}

#[tokio::test]
async fn a_process_is_stopped_in_time() {
    let began = Instant::now();
    let quick = Duration::from_millis(200);
    for script in ["exec sleep 30", "exec >&-; exec sleep 30"] {
        let error = sh(script).timeout(quick).provide().await.unwrap_err();
        assert!(shown(&error).contains("did not end in time"), "{script}");
    }
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn no_shell_reads_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let touched = folder.path().join("touched");
    let line = format!(
        "printf '%s' ; touch {} $(touch {0}) `touch {0}`",
        touched.display()
    );
    Process::parse(&line).unwrap().provide().await.unwrap_err();
    assert!(!touched.exists());
}

#[test]
fn a_process_needs_no_runtime() {
    let found = std::thread::spawn(|| {
        let mut begun = Box::pin(sh(PRINTS).provide());
        loop {
            let waker = std::task::Waker::noop();
            match begun
                .as_mut()
                .poll(&mut std::task::Context::from_waker(waker))
            {
                std::task::Poll::Ready(found) => return found,
                std::task::Poll::Pending => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    });
    assert_eq!(found.join().unwrap().unwrap().access_key_id(), "AKIDP");
}

#[tokio::test]
async fn a_chain_passes_over_what_is_not_set_up_and_stops_at_what_is_broken() {
    let home = home(&keys("default", "AKIDF"), "");
    let empty = || environment(&[]);
    let chain = Chain::default().or(empty()).or(profile(&home, &[]));
    assert_eq!(chain.provide().await.unwrap().access_key_id(), "AKIDF");
    let broken = environment(&[("AWS_ACCESS_KEY_ID", "AKID")]);
    let chain = Chain::default().or(broken).or(profile(&home, &[]));
    assert!(shown(&chain.provide().await.unwrap_err()).contains("only one is set"));
    let chain = Chain::default()
        .or(empty())
        .or(Chain::default().or(empty()));
    assert!(chain.find().await.unwrap().is_none());
    let error = chain.provide().await.unwrap_err();
    assert!(shown(&error).contains("no credentials were found"));
}

#[test]
fn debug_shows_no_secret() {
    let variables = Variables::of([("AWS_SECRET_ACCESS_KEY", SECRET)]);
    let process = Process::new("vault", [SECRET]);
    let shown = format!(
        "{:?} {:?} {process:?}",
        Environment::of(variables.clone()),
        Profile::named("p").variables(variables)
    );
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(shown.contains("vault"));
}
