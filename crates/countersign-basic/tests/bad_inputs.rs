//! Rows of the catalogue of bad inputs that belong to Basic.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use countersign_basic::{Accounts, Basic, BasicVerifier, MemoryAccounts};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, ErrorKind, Exchange, Payload, Scheme, Secret};
use http::{HeaderValue, Request, request};
use serde_json::Value;

fn request(authorization: &[u8]) -> request::Parts {
    let value = HeaderValue::from_bytes(authorization).unwrap();
    let (head, ()) = Request::get("/")
        .header("authorization", value)
        .body(())
        .unwrap()
        .into_parts();
    head
}

async fn judge<A: Accounts>(accounts: A, authorization: &[u8]) -> Result<String, Reason> {
    let verifier = BasicVerifier::new("r", accounts).unwrap();
    match verifier
        .verify(&request(authorization), &Payload::default())
        .await
        .unwrap()
    {
        Verdict::Accept(accepted) => Ok(accepted.principal),
        Verdict::Refuse(refusal) => {
            assert_eq!(refusal.challenges, [r#"Basic realm="r", charset="UTF-8""#]);
            Err(refusal.reason)
        }
    }
}

fn alice(password: &str) -> MemoryAccounts {
    MemoryAccounts::new([("alice", password)])
}

/// Accounts that must not be asked.
struct Unasked;

impl Accounts for Unasked {
    fn check(&self, _: &str, _: Secret) -> Begin<bool> {
        panic!("these credentials must be refused before a hash runs");
    }
}

fn input(row: &Value) -> Vec<u8> {
    let Some(runs) = row["input"].as_array() else {
        return row["input"].as_str().unwrap().as_bytes().to_vec();
    };
    let run = |run: &Value| {
        run[0]
            .as_str()
            .unwrap()
            .repeat(run[1].as_u64().unwrap() as usize)
    };
    runs.iter().map(run).collect::<String>().into_bytes()
}

async fn server(id: &str, line: &[u8]) {
    let accepted = Ok("alice".to_owned());
    match id {
        "B115" | "B121" | "B122" => assert_eq!(judge(Unasked, line).await, Err(Reason::Rejected)),
        "B127" | "B129" => assert_eq!(judge(Unasked, line).await, Err(Reason::Rejected)),
        "B118" | "B131" => assert_eq!(
            judge(alice("wonderland"), line).await,
            Err(Reason::Rejected)
        ),
        "B119" => {
            assert_eq!(
                judge(alice("wonderland"), line).await,
                Err(Reason::Rejected)
            );
            assert_eq!(judge(alice(""), line).await, accepted);
        }
        "B120" => assert_eq!(judge(alice("won:der:land"), line).await, accepted),
        "B123" => assert_eq!(judge(alice("wonderland"), line).await, accepted),
        "B125" => assert_eq!(judge(Unasked, line).await, Err(Reason::Missing)),
        "B126" => assert_eq!(judge(Unasked, line).await, Err(Reason::Malformed)),
        "B132" => assert_eq!(judge(Unasked, line).await, Err(Reason::TooLarge)),
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

/// What is sent after a refusal with this challenge.
async fn answer(basic: Basic, challenge: &'static str) -> HeaderValue {
    let (mut head, ()) = Request::get("https://h/").body(()).unwrap().into_parts();
    let refused = http::Response::builder()
        .status(401)
        .header("www-authenticate", challenge);
    let (refused, ()) = refused.body(()).unwrap().into_parts();
    let cx = countersign_core::Cx::new(&head, None).refused(&refused);
    let mut exchange = basic.reactive().begin(cx).await.unwrap();
    exchange
        .prepare(&mut head, &mut Payload::default())
        .unwrap();
    head.headers["authorization"].clone()
}

async fn client(id: &str, text: &str) {
    match id {
        "B133" => {
            let error = Basic::new("a:b", "c").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!format!("{error:?}{error}").contains("a:b"));
        }
        "B135" => {
            let jurgen = Basic::new("J\u{fc}rgen", "x").unwrap();
            assert_eq!(answer(jurgen, "Basic realm=r").await, "Basic SsO8cmdlbjp4");
        }
        "B136" => {
            let basic = Basic::latin1("u", "\u{e9}").unwrap();
            let utf8 = Basic::new("u", "\u{e9}").unwrap();
            let challenge = r#"Basic realm="r", charset="utf-8""#;
            assert_eq!(answer(basic, challenge).await, "Basic dTrDqQ==");
            assert_eq!(answer(utf8, challenge).await, "Basic dTrDqQ==");
            let cyrillic = Basic::new("u", "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c}").unwrap();
            assert_eq!(
                answer(cyrillic, challenge).await,
                "Basic dTrQv9Cw0YDQvtC70Yw="
            );
        }
        "B137" => {
            let error = Basic::from_url(&mut text.parse().unwrap()).unwrap_err();
            assert!(error.to_string().contains("control character"));
            assert!(
                !["pa%73", "passX", "\\r"]
                    .iter()
                    .any(|part| format!("{error:?}").contains(part))
            );
        }
        "B138" => {
            assert_eq!(
                Basic::split_url(text).unwrap_err().kind(),
                ErrorKind::Configuration
            );
            let mut url = text.parse().unwrap();
            Basic::from_url(&mut url).unwrap();
            assert!(!url.to_string().contains('@') && !url.to_string().contains("alice"));
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

#[tokio::test]
async fn every_row_ends_as_it_says() {
    let rows = include_str!("data/bad-inputs-basic.json");
    let rows: Vec<Value> = serde_json::from_str(rows).unwrap();
    assert_eq!(rows.len(), 18);
    for row in rows {
        let (id, line) = (row["id"].as_str().unwrap(), input(&row));
        match row["side"].as_str().unwrap() {
            "server" => server(id, &line).await,
            _ => client(id, str::from_utf8(&line).unwrap()).await,
        }
    }
}

#[tokio::test]
async fn a_password_over_one_kibibyte_runs_no_hash() {
    let basic = |length| {
        let (mut head, ()) = Request::new(()).into_parts();
        let basic = Basic::new("alice", &"x".repeat(length)).unwrap();
        countersign_core::Sign::sign(&basic, &mut head, &mut Payload::default()).unwrap();
        head.headers["authorization"].as_bytes().to_vec()
    };
    assert_eq!(judge(Unasked, &basic(1025)).await, Err(Reason::Rejected));
    assert_eq!(
        judge(alice(&"x".repeat(1024)), &basic(1024)).await,
        Ok("alice".into())
    );
}

#[tokio::test]
async fn two_fields_are_one_too_many() {
    let mut head = request(b"Basic YWxpY2U6eA==");
    head.headers.append(
        "authorization",
        HeaderValue::from_static("Basic YWxpY2U6eA=="),
    );
    let verifier = BasicVerifier::new("r", Unasked).unwrap();
    let verdict = verifier.verify(&head, &Payload::default()).await.unwrap();
    assert!(matches!(verdict, Verdict::Refuse(refusal) if refusal.reason == Reason::Malformed));
}
