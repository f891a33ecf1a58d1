//! NTLM, from `send` to `serve`: a handshake on a connection of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Run, Serve, decoded, header, send, set};

const USER: &str = "username=LAB\\user";
const PASSWORD: &str = "password=can4ry of Pride";

fn serve(more: &[&str]) -> Serve {
    let login = ["--auth", "ntlm", "--set", USER, "--set", PASSWORD];
    Serve::start(&[&login, more].concat())
}

fn login(request: &[&str], parameters: &[&str]) -> Run {
    let auth = set("ntlm", parameters);
    let auth: Vec<_> = auth.iter().map(String::as_str).collect();
    send(&[request, &auth].concat())
}

fn legs(run: &Run) -> Vec<Value> {
    run.json()["legs"].as_array().unwrap().clone()
}

fn statuses(run: &Run) -> Vec<u64> {
    let legs = legs(run);
    let status = |leg: &Value| leg["response"]["status"].as_u64().unwrap();
    legs.iter().map(status).collect()
}

/// The kind of a leg's message: 1 to 3, or 0 where there is none.
fn kind(leg: &Value) -> u8 {
    let field = header(&leg["request"], "authorization");
    let Some(token) = field.first().and_then(|field| field.strip_prefix("NTLM ")) else {
        return 0;
    };
    STANDARD.decode(token).unwrap()[8]
}

#[test]
fn the_body_crosses_once() {
    let serve = serve(&[]);
    let request = ["PUT", &serve.url("/a?b"), "-d", "hello", "--json", "--raw"];
    let run = login(&request, &[USER, PASSWORD]);
    assert_eq!(run.code, 0, "{}", run.printed());
    let legs = legs(&run);
    let sent = |leg: &Value| (kind(leg), decoded(&leg["request"]["body"]));
    let sent: Vec<_> = legs.iter().map(sent).collect();
    assert_eq!(sent, [(1, b"".to_vec()), (3, b"hello".to_vec())]);
    let seen: Value = serde_json::from_slice(&decoded(&legs[1]["response"]["body"])).unwrap();
    assert_eq!(
        (&seen["scheme"], &seen["principal"]),
        (&"ntlm".into(), &"user".into())
    );
}

#[test]
fn a_request_without_a_body_asks_first() {
    let serve = serve(&[]);
    let request = ["GET", &serve.url("/"), "--json", "--raw"];
    let run = login(&request, &["username=user", "domain=lab", PASSWORD]);
    assert_eq!((run.code, statuses(&run)), (0, vec![401, 401, 200]));
    let kinds: Vec<_> = legs(&run).iter().map(kind).collect();
    assert_eq!(kinds, [0, 1, 3]);
}

#[test]
fn another_password_is_refused() {
    let serve = serve(&[]);
    let request = ["POST", &serve.url("/"), "-d", "a", "--json"];
    for parameters in [
        [USER, "password=wrong"],
        [USER, "ntHash=00000000000000000000000000000000"],
        ["username=user", PASSWORD],
    ] {
        let run = login(&request, &parameters);
        assert_eq!(
            (run.code, statuses(&run)),
            (4, vec![401, 401]),
            "{}",
            run.printed()
        );
    }
}

#[test]
fn a_switched_off_retry_sends_once() {
    let serve = serve(&[]);
    let once = [USER, PASSWORD, "disableRetryRequest=true"];
    for (request, target) in [
        (&["GET"][..], Value::Null),
        (&["POST", "-d", "a"], json!("countersign")),
    ] {
        let url = serve.url("/");
        let run = login(&[request, &[&url, "--json"]].concat(), &once);
        assert_eq!(
            (run.code, statuses(&run)),
            (4, vec![401]),
            "{}",
            run.printed()
        );
        let offered = header(&legs(&run)[0]["response"], "www-authenticate")[0].to_owned();
        assert!(offered.starts_with("NTLM"), "{offered}");
        let challenge = &run.json()["challenges"][0];
        assert_eq!(challenge["scheme"], "NTLM");
        assert_eq!(challenge["parameters"]["target"], target, "{challenge}");
    }
}

#[test]
fn no_proof_shows() {
    let serve = serve(&[]);
    let request = ["POST", &serve.url("/"), "-d", "a"];
    let parameters = [USER, PASSWORD];
    let shown = login(&request, &parameters);
    assert_eq!(shown.code, 0, "{}", shown.printed());
    assert!(shown.stderr.contains("+ authorization: NTLM [redacted]"));
    let json = login(&[&request[..], &["--json"]].concat(), &parameters);
    // The base64 of the signature and of the number of the third message.
    let proof = "TlRMTVNTUAADAAAA";
    for text in [shown.printed(), json.printed()] {
        assert!(!text.contains(proof) && !text.contains("can4ry"), "{text}");
    }
    let raw = login(&[&request[..], &["--raw"]].concat(), &parameters);
    assert!(raw.stderr.contains(proof), "{}", raw.stderr);
}

#[test]
fn the_proof_is_bound_to_the_servers_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in ["ours", "other"] {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        std::fs::write(path(name), made.cert.pem()).unwrap();
        std::fs::write(
            path(&format!("{name}.key")),
            made.signing_key.serialize_pem(),
        )
        .unwrap();
    }
    let (ours, key) = (path("ours"), path("ours.key"));
    for (demanded, code) in [("ours", 0), ("other", 4)] {
        let demanded = format!("certificate=@file:{}", path(demanded));
        let tls = ["--tls-cert", &ours, "--tls-key", &key, "--set", &demanded];
        let serve = serve(&tls);
        for more in [&[][..], &["-d", "a", "--http1.1"]] {
            let url = serve.url("/");
            let request = [&["GET", &url, "--cacert", &ours][..], more].concat();
            let run = login(&request, &[USER, PASSWORD]);
            assert_eq!(run.code, code, "{}", run.printed());
        }
    }
}

#[test]
fn a_server_demands_what_it_is_set_to() {
    let certificate = || {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        format!("certificate={}", made.cert.pem())
    };
    let (ours, other) = (&*certificate(), &*certificate());
    let (meant, elsewhere) = ("serviceName=HTTP/127.0.0.1", "serviceName=HTTP/cave.test");
    for (server, client, code) in [
        ("requireMic=true", None, 0),
        (meant, None, 0),
        (elsewhere, None, 4),
        (elsewhere, Some(elsewhere), 0),
        (meant, Some(elsewhere), 4),
        (ours, Some(ours), 0),
        (ours, Some(other), 4),
        (ours, None, 4),
    ] {
        let serve = serve(&["--set", server]);
        let parameters: Vec<_> = [USER, PASSWORD].into_iter().chain(client).collect();
        let run = login(&["POST", &serve.url("/"), "-d", "a"], &parameters);
        assert_eq!(run.code, code, "{server} {client:?} {}", run.printed());
    }
}
