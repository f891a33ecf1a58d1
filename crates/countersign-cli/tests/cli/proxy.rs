//! `--proxy`: what it is sent, and how it is told when it refuses.

use std::net::TcpListener;

use crate::support::{RawServer, Relay, Run, header, send};
use crate::tls::Site;

const PASSWORD: &str = "can4ry of Pride";
/// `proxy:can4ry of Pride`.
const BASIC: &str = "Basic cHJveHk6Y2FuNHJ5IG9mIFByaWRl";
const DIGEST: &str = "407 no\nProxy-Authenticate: Digest realm=\"p\", nonce=\"n\", qop=\"auth\"";

fn through(proxy: &str, scheme: &str, args: &[&str]) -> Run {
    let password = format!("password={PASSWORD}");
    let mut all = vec!["--proxy", proxy, "--proxy-auth", scheme];
    all.extend(["--proxy-set", "username=proxy", "--proxy-set", &password]);
    send(&[args, &all].concat())
}

fn assert_hidden(run: &Run) {
    for secret in [PASSWORD, "cHJveHk6", "Y2FuNHJ5"] {
        assert!(!run.printed().contains(secret), "{}", run.printed());
    }
}

#[test]
fn plain_http_goes_to_the_proxy_in_absolute_form() {
    let proxy = RawServer::start(&["200 OK\nX-Saw: can4ry of Pride"]);
    let origin = ["--auth", "bearer", "--set", "token=t0ken"];
    let args = [&["GET", "http://server.test/a?b", "--json"], &origin[..]].concat();
    let run = through(&proxy.url(""), "basic", &args);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_hidden(&run);
    let sent = run.json()["legs"][0]["request"].clone();
    assert_eq!(header(&sent, "proxy-authorization"), ["Basic [redacted]"]);
    let request = proxy.requests().remove(0);
    assert!(
        request.starts_with("GET http://server.test/a?b HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(request.contains("host: server.test\r\n"), "{request}");
    assert!(
        request.contains(&format!("proxy-authorization: {BASIC}\r\n")),
        "{request}"
    );
    assert!(
        request.contains("\r\nauthorization: Bearer t0ken\r\n"),
        "{request}"
    );
}

#[test]
fn a_407_is_answered_once() {
    let proxy = RawServer::start(&[DIGEST, "200 OK"]);
    let run = through(
        &proxy.url(""),
        "digest",
        &["POST", "http://server.test/", "-d", "a", "--json"],
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_hidden(&run);
    assert_eq!(run.json()["legs"].as_array().unwrap().len(), 2);
    assert!(proxy.requests()[1].contains("proxy-authorization: Digest username=\"proxy\""));
}

#[test]
fn a_refusal_names_the_proxy() {
    let proxy = RawServer::start(&[DIGEST, DIGEST]);
    let url = proxy.url("");
    let run = through(&url, "digest", &["GET", "http://server.test/", "--json"]);
    assert_eq!((run.code, &run.json()["status"]), (4, &407.into()));
    assert!(run.stderr.contains(&url), "{}", run.stderr);
    assert_hidden(&run);

    for (answer, code, told) in [
        (
            DIGEST,
            4,
            "407 Proxy Authentication Required; it asks for Digest",
        ),
        ("403 no", 4, "403 Forbidden"),
        ("502 no", 7, "502 Bad Gateway"),
        ("302 no\nLocation: http://evil.test/", 7, "302 Found"),
    ] {
        let proxy = RawServer::start(&[answer]);
        let url = proxy.url("");
        let run = through(&url, "basic", &["GET", "https://server.test/", "--json"]);
        let error = run.json()["error"].clone();
        let text = format!("the proxy {url} refused the tunnel: {told}");
        assert_eq!(
            (run.code, &error["kind"]),
            (code, &"Proxy".into()),
            "{error}"
        );
        assert_eq!(error["message"], text);
        assert_hidden(&run);
        let request = proxy.requests().remove(0);
        assert!(
            request.starts_with("CONNECT server.test:443 HTTP/1.1\r\n"),
            "{request}"
        );
    }
}

#[test]
fn a_dead_proxy_is_told_from_a_dead_server() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{free}");
    for target in ["http://server.test/", "https://server.test/"] {
        let run = through(&url, "basic", &["GET", target]);
        assert_eq!(run.code, 7, "{}", run.printed());
        let text = format!("the proxy {url} cannot be reached");
        assert!(run.stderr.contains(&text), "{}", run.stderr);
    }
}

#[test]
fn a_tunnel_has_what_is_for_the_server_alone_in_it() {
    let site = Site::start();
    let relay = Relay::start(&[DIGEST], &site.serve.url(""));
    let url = relay.url();
    let cacert = site.certificate();
    let password = format!("password={PASSWORD}");
    let run = site.send(&[
        "--cacert",
        cacert.to_str().unwrap(),
        "--proxy",
        &url,
        "--proxy-auth",
        "digest",
        "--proxy-set",
        "username=proxy",
        "--proxy-set",
        &password,
    ]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_hidden(&run);
    for leg in run.json()["legs"].as_array().unwrap() {
        assert!(header(&leg["request"], "proxy-authorization").is_empty());
    }
    let authority = site.serve.url("").replace("https://", "");
    let asked = relay.requests();
    let head = format!("CONNECT {authority} HTTP/1.1\r\nhost: {authority}\r\n");
    assert_eq!(asked[0], format!("{head}\r\n"));
    let credentials = asked[1].strip_prefix(&head).unwrap();
    assert!(
        credentials.starts_with("proxy-authorization: Digest "),
        "{credentials}"
    );
    assert_eq!(credentials.matches("\r\n").count(), 2, "{credentials}");
}

#[test]
fn a_password_from_a_pipe_is_read_once() {
    let proxy = RawServer::start(&["200 OK"]);
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let from = pipe.clone();
    std::thread::spawn(move || std::fs::write(from, format!("{PASSWORD}\n")));
    let (url, password) = (proxy.url(""), format!("password=@file:{}", pipe.display()));
    let run = send(&[
        "GET",
        "http://server.test/",
        "--proxy",
        &url,
        "--proxy-auth",
        "basic",
        "--proxy-set",
        "username=proxy",
        "--proxy-set",
        &password,
    ]);
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(proxy.requests()[0].contains(BASIC));
}

#[test]
fn offline_reaches_no_proxy() {
    let proxy = RawServer::start(&["200 OK"]);
    let run = through(
        &proxy.url(""),
        "basic",
        &["GET", "http://server.test/", "--offline"],
    );
    assert_eq!(run.code, 0, "{}", run.printed());
    assert_eq!(proxy.requests(), [""; 0]);
}

#[test]
fn curl_is_told_the_way() {
    let proxy = RawServer::start(&["200 OK"]);
    let url = proxy.url("");
    let run = through(&url, "basic", &["GET", "http://server.test/", "--to-curl"]);
    assert!(
        run.text().contains(&format!(" --proxy '{url}' ")),
        "{}",
        run.text()
    );
    assert_hidden(&run);
    let secure = ["GET", "https://server.test/", "--to-curl", "--offline"];
    let run = through(&url, "digest", &secure);
    let way = format!(" --proxy '{url}' --proxy-digest --proxy-user 'proxy:[redacted]'");
    assert!(run.text().contains(&way), "{}", run.text());
}

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    let here = "http://127.0.0.1:1";
    let rows: [(&[&str], &str); 8] = [
        (&["--proxy-auth", "basic"], "--proxy <URL>"),
        (
            &["--proxy", here, "--proxy-set", "username=x"],
            "--proxy-auth <SCHEME>",
        ),
        (
            &["--proxy", here, "--proxy-auth", "hawk"],
            "basic, digest, ntlm or bearer",
        ),
        (
            &[
                "--proxy",
                here,
                "--proxy-auth",
                "basic",
                "--proxy-set",
                "user=x",
            ],
            "--proxy-set user: the parameters of basic",
        ),
        (
            &[
                "--proxy",
                here,
                "--proxy-auth",
                "bearer",
                "--proxy-set",
                "can4ry",
            ],
            "--proxy-set needs KEY=VALUE",
        ),
        (
            &["--proxy", "http://a:can4ry@127.0.0.1:1"],
            "--proxy-auth basic",
        ),
        (&["--proxy", "socks5://127.0.0.1:1"], "SOCKS is not spoken"),
        (
            &["--proxy", here, "-H", "Proxy-Authorization: can4ry"],
            "use --proxy-auth",
        ),
    ];
    for (args, told) in rows {
        let run = send(&[&["GET", "http://127.0.0.1:1/"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.printed());
        assert!(run.stderr.contains(told), "{args:?}: {}", run.stderr);
        assert!(!run.stderr.contains("can4ry"), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn what_is_not_sent_says_that_the_proxys_credentials_are_not_shown() {
    let offline = ["GET", "http://127.0.0.1:1/", "--offline"];
    let proxy = ["--proxy", "http://127.0.0.1:2", "--proxy-auth", "basic"];
    let login = ["--proxy-set", "username=u", "--proxy-set", "password=p"];
    let told = "note: --offline does not show what --proxy-auth adds";
    let run = send(&[&offline[..], &proxy, &login].concat());
    assert_eq!(run.code, 0, "{}", run.printed());
    assert!(run.stderr.contains(told), "{}", run.stderr);
    let run = send(&[&offline[..], &proxy[..2]].concat());
    assert!(!run.stderr.contains(told), "{}", run.stderr);
}
