use std::sync::Arc;

use bytes::Bytes;
use countersign_core::{ErrorKind, Settings, Target};
use countersign_digest::{Algorithm, Digest};
use http::{HeaderValue, Request, Response};
use http_body_util::Full;

use crate::support::{Wire, alice, challenged, get, informed, param, parsed, refusal, status};

/// The answer to a first challenge that the input follows.
const FIRST: &str = r#"Digest realm="r", nonce="n0", qop="auth""#;

pub(crate) async fn check(id: &str, line: &[u8]) {
    match id {
        "B004" | "B007" | "B012" | "B013" | "B029" | "B032" | "B040" | "B042" | "B051" | "B056"
        | "B057" => ignored(id, alice(), refusal(401, &[line])).await,
        "B035" => ignored(id, alice(), status(401)).await,
        "B036" => ignored(id, alice(), proxy_challenge()).await,
        "B045" => legacy(id, line).await,
        "B059" => {
            storm(
                |n| format!(r#"Digest realm="r", nonce="n{n}", stale=true, qop="auth""#),
                3,
            )
            .await
        }
        "B060" => {
            storm(
                |_| r#"Digest realm="r", nonce="same", stale=true, qop="auth""#.into(),
                2,
            )
            .await
        }
        "B061" => {
            storm(
                |n| format!(r#"Digest realm="r", nonce="n{n}", qop="auth""#),
                2,
            )
            .await
        }
        "B062" => assert_eq!(followed_by(line).await.hits(), 2, "{id}"),
        "B063" => assert_eq!(followed_by(line).await.hits(), 3, "{id}"),
        "B068" => stays_at_home(line).await,
        "B071" => wrong_rspauth(line).await,
        "B072" => long_nextnonce().await,
        "B073" => control_character().await,
        "B076" => connect().await,
        _ => answered(id, line).await,
    }
}

async fn ignored(id: &str, digest: Arc<Digest>, refused: Response<Bytes>) {
    let wire = Wire::new(move |_, _| refused.clone());
    let response = wire.get(&digest).await.unwrap();
    assert_eq!((response.status().as_u16(), wire.hits()), (401, 1), "{id}");
    assert!(wire.credentials(0).is_none());
}

fn proxy_challenge() -> Response<Bytes> {
    let mut response = status(401);
    let challenge = r#"Digest realm="p", nonce="n", qop="auth""#;
    response
        .headers_mut()
        .insert("proxy-authenticate", challenge.parse().unwrap());
    response
}

/// What the client answers to this challenge.
async fn answer(line: &[u8]) -> HeaderValue {
    let line = line.to_vec();
    let wire = Wire::new(move |n, _| {
        if n == 0 {
            refusal(401, &[&line])
        } else {
            status(200)
        }
    });
    assert_eq!(wire.get(&alice()).await.unwrap().status(), 200);
    wire.credentials(1).unwrap()
}

async fn answered(id: &str, line: &[u8]) {
    let header = answer(line).await;
    let given = parsed(&header);
    let has = |name, value: &[u8]| assert_eq!(given.param(name), Some(value), "{id}: {name}");
    let text = header.to_str();
    match id {
        "B008" => {
            has("realm", br#"a"b\c"#);
            assert!(text.unwrap().contains(r#"realm="a\"b\\c""#));
        }
        "B009" | "B014" => {
            has("realm", b"a");
            has("nonce", b"n");
        }
        "B016" => has("realm", b"d"),
        "B025" => has("realm", b"h\xe9"),
        "B026" => has("realm", "h\u{e9}\u{202e}".as_bytes()),
        "B044" => {
            has("algorithm", b"SHA-256");
            has("nonce", b"m");
        }
        "B047" | "B048" | "B049" => has("qop", b"auth"),
        "B053" => {
            has("realm", br#"r", uri="/admin"#);
            has("uri", b"/a?b=c");
        }
        "B054" => {
            has("nonce", br#"n", nc=ffffffff, x=""#);
            has("nc", b"00000001");
        }
        "B055" => assert!(text.unwrap().contains(r#"opaque="o\"o""#)),
        "B065" => {
            has("username", Algorithm::Md5.userhash("alice", "r").as_bytes());
            assert!(!text.unwrap().contains("alice"));
        }
        "B066" => {
            has("username", b"alice");
            assert!(given.param("userhash").is_none());
        }
        "B067" => has("username", b"alice"),
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

async fn legacy(id: &str, line: &[u8]) {
    let header = answer(line).await;
    assert!(
        ["qop", "nc", "cnonce"]
            .iter()
            .all(|name| parsed(&header).param(name).is_none())
    );
    let digest = || Digest::new("alice", "sesame").unwrap();
    let pinned = Arc::new(digest().min_algorithm(Algorithm::Sha256));
    ignored(id, pinned, refusal(401, &[line])).await;
    ignored(
        id,
        Arc::new(digest().require_qop(true)),
        refusal(401, &[line]),
    )
    .await;
}

async fn storm(line: impl Fn(usize) -> String + Send + Sync + 'static, hits: usize) {
    let wire = Wire::new(move |n, _| challenged(&line(n)));
    let settings = Settings::default().max_legs(200);
    let response = wire
        .send_with(&alice(), settings, get("http://api.example/"))
        .await
        .unwrap();
    assert_eq!((response.status().as_u16(), wire.hits()), (401, hits));
}

/// A good first challenge, then the input, then success.
async fn followed_by(line: &[u8]) -> Wire {
    let line = line.to_vec();
    let wire = Wire::new(move |n, _| match n {
        0 => challenged(FIRST),
        1 => refusal(401, &[&line]),
        _ => status(200),
    });
    wire.get(&alice()).await.unwrap();
    wire
}

async fn stays_at_home(line: &[u8]) {
    let line = line.to_vec();
    let wire = Wire::new(move |n, _| {
        if n == 0 {
            refusal(401, &[&line])
        } else {
            status(200)
        }
    });
    let digest = alice();
    wire.get(&digest).await.unwrap();
    assert!(wire.credentials(1).is_some());
    wire.send(&digest, get("http://evil.example/"))
        .await
        .unwrap();
    assert!(wire.credentials(2).is_none());
}

/// The input is a whole line, with the name of the field.
async fn wrong_rspauth(line: &[u8]) {
    let info = str::from_utf8(line)
        .unwrap()
        .split_once(": ")
        .unwrap()
        .1
        .to_owned();
    for verify in [true, false] {
        let info = info.clone();
        let wire = Wire::new(move |n, _| {
            if n == 0 {
                challenged(FIRST)
            } else {
                informed(&info)
            }
        });
        let digest = Digest::new("alice", "sesame")
            .unwrap()
            .verify_rspauth(verify);
        let warnings = crate::support::log::warnings();
        let outcome = wire.get(&Arc::new(digest)).await;
        match verify {
            true => assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ServerAuthentication),
            false => assert_eq!(outcome.unwrap().status(), 200),
        }
        assert_eq!(warnings.count(), 1);
    }
}

async fn long_nextnonce() {
    let info = format!("nextnonce=\"{}\"", "n".repeat(4097));
    let wire = Wire::new(move |n, _| {
        if n == 0 {
            challenged(FIRST)
        } else {
            informed(&info)
        }
    });
    let digest = alice();
    wire.get(&digest).await.unwrap();
    wire.get(&digest).await.unwrap();
    let second = wire.credentials(2).unwrap();
    assert_eq!(param(&second, "nonce").unwrap(), "n0");
    assert_eq!(param(&second, "nc").unwrap(), "00000002");
}

async fn control_character() {
    let error = Digest::new("al\"ice\r\nX: y", "sesame").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("ice") && !shown.contains("sesame"));
    assert!(Digest::new("alice", "sesame\n").is_err());
}

async fn connect() {
    let wire = Wire::new(|n, _| match n {
        0 => {
            let mut response = status(407);
            response
                .headers_mut()
                .insert("proxy-authenticate", FIRST.parse().unwrap());
            response
        }
        _ => status(200),
    });
    let request = Request::connect("api.test:443")
        .body(Full::default())
        .unwrap();
    let settings = Settings::default().target(Target::Proxy);
    assert_eq!(
        wire.send_with(&alice(), settings, request)
            .await
            .unwrap()
            .status(),
        200
    );
    let sent = &wire.seen()[1];
    assert_eq!(
        param(&sent.headers()["proxy-authorization"], "uri").unwrap(),
        "api.test:443"
    );
    assert!(!sent.headers().contains_key("authorization"));
}
