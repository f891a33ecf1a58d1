//! No secret shows, wherever it went and however it came back.

use crate::support::{MUFASA, RawServer, Serve, command, decoded, run, send};

const CANARY: &str = "can4ry+of/Pride=";

fn encodings(secret: &str) -> Vec<String> {
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    vec![
        secret.to_owned(),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        hex.to_uppercase(),
        hex,
        percent,
        form,
    ]
}

/// All that is printed, with the bodies in it decoded.
fn shown(args: &[&str]) -> String {
    let person = send(args).printed();
    let program = send(&[args, &["--json"]].concat());
    let json = program.json();
    let legs = json["legs"].as_array().unwrap().iter();
    let bodies = legs.flat_map(|leg| [&leg["request"]["body"], &leg["response"]["body"]]);
    let bodies: Vec<u8> = bodies
        .filter(|body| body.is_string())
        .flat_map(decoded)
        .collect();
    person + &program.printed() + &String::from_utf8_lossy(&bodies)
}

#[track_caller]
fn hides(args: &[&str]) {
    let text = shown(args);
    for secret in encodings(CANARY) {
        assert!(!text.contains(&secret), "{secret} shows in {text}");
    }
    assert!(text.contains("[redacted]"), "{text}");
}

/// Answers as one that tells everything it was told.
fn echo() -> RawServer {
    let echo = format!(
        "200 OK\nX-Echo: {CANARY}\nSet-Cookie: s={CANARY}; Path=/\n\n{}",
        encodings(CANARY).join("\n")
    );
    RawServer::start(&[&echo, &echo])
}

#[test]
fn a_configured_secret_shows_nowhere() {
    let value = format!("value={CANARY}");
    for place in ["in=header", "in=query"] {
        let server = echo();
        hides(&[
            "GET",
            &server.url("/"),
            "--auth",
            "apikey",
            "--set",
            "key=k",
            "--set",
            place,
            "--set",
            &value,
        ]);
    }
    let server = echo();
    hides(&[
        "GET",
        &server.url("/"),
        "--auth",
        "bearer",
        "--set",
        "token=can4ry+of/Pride=",
    ]);
    let password = format!("password={CANARY}");
    let server = echo();
    hides(&[
        "GET",
        &server.url("/"),
        "--auth",
        "basic",
        "--set",
        "username=u",
        "--set",
        &password,
    ]);
}

#[test]
fn nor_where_the_caller_put_it() {
    for header in [
        format!("Authorization: Bearer {CANARY}"),
        format!("Cookie: a=b; c={CANARY}"),
        format!("Proxy-Authorization: {CANARY}"),
    ] {
        let server = echo();
        hides(&["GET", &server.url("/"), "-H", &header]);
    }
    let server = echo();
    let url = server
        .url("/")
        .replace("http://", "http://user:can4ry%2Bof%2FPride=@");
    hides(&["GET", &url]);
    let server = echo();
    let data = format!("x={CANARY}");
    hides(&[
        "POST",
        &server.url("/"),
        "-d",
        &data,
        "--auth",
        "bearer",
        "--set",
        "token=can4ry+of/Pride=",
    ]);
}

#[test]
fn a_short_secret_is_hidden_where_the_scheme_put_it() {
    let run = send(&[
        "GET",
        "http://127.0.0.1/a?b=abc",
        "--offline",
        "--json",
        "--auth",
        "apikey",
        "--set",
        "key=k",
        "--set",
        "value=abc",
        "--set",
        "in=query",
    ]);
    assert_eq!(
        run.json()["legs"][0]["request"]["url"],
        "http://127.0.0.1/a?b=abc&k=[redacted]"
    );
}

#[test]
fn digest_keeps_what_proves_nothing() {
    let serve = Serve::login("digest");
    let run = send(&[&["GET", &serve.url("/")], &MUFASA[..]].concat());
    let line = run
        .stderr
        .lines()
        .find(|line| line.contains("authorization"))
        .unwrap();
    assert!(
        line.starts_with("+ authorization: Digest username=\"Mufasa\", "),
        "{line}"
    );
    assert!(
        line.contains("response=[redacted]") && line.contains("nc=00000001"),
        "{line}"
    );
    assert!(run.stderr.contains("rspauth=[redacted]"), "{}", run.stderr);
}

#[test]
fn there_is_no_log_for_the_environment_to_switch_on() {
    let printed = |log: Option<&str>| {
        let server = echo();
        let url = server.url("/");
        let token = format!("token={CANARY}");
        let args = ["send", "GET", &url, "--auth", "bearer", "--set", &token];
        let mut command = command(&args);
        match log {
            Some(log) => command.env("RUST_LOG", log),
            None => command.env_remove("RUST_LOG"),
        };
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        run(&mut command, b"").printed().replace(host, "HOST")
    };
    assert_eq!(printed(Some("trace")), printed(None));
}

#[test]
fn raw_shows_all() {
    let run = send(&[
        "GET",
        "http://127.0.0.1/",
        "--offline",
        "--raw",
        "--auth",
        "bearer",
        "--set",
        "token=t0ken",
    ]);
    assert!(
        run.text().contains("authorization: Bearer t0ken\n"),
        "{}",
        run.text()
    );
}
