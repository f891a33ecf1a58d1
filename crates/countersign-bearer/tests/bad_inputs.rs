//! Rows of the catalogue of bad inputs that belong to Bearer.
#![allow(clippy::unwrap_used, clippy::panic)]

countersign_testkit::watched!();

use countersign_bearer::{Bearer, BearerVerifier, Grant, MemoryTokens, Tokens};
use countersign_core::verify::{Reason, Verdict, Verify};
use countersign_core::{Begin, ErrorKind, Payload, Secret};
use http::{Request, request};
use serde_json::Value;

const VALID: &str = "mF_9.B5f-4.1JqM";

/// Rows about what is inside a token, which is judged where JSON Web Tokens are verified.
const OF_WEB_TOKENS: [&str; 3] = ["B150", "B153", "B154"];

fn tokens() -> MemoryTokens<&'static str> {
    MemoryTokens::new([(VALID, Grant::new("alice").scope("a"))])
}

/// Tokens that must not be asked for.
struct Unasked;

impl Tokens for Unasked {
    type Principal = ();

    fn find(&self, _: Secret) -> Begin<Option<Grant<()>>> {
        panic!("this token must be refused before it is looked up");
    }
}

async fn refused<T: Tokens>(verifier: BearerVerifier<T>, head: request::Parts) -> (Reason, String) {
    match verifier.verify(&head, &Payload::default()).await.unwrap() {
        Verdict::Refuse(refusal) => {
            let [challenge] = refusal.challenges.as_slice() else {
                panic!("one challenge")
            };
            (refusal.reason, challenge.to_str().unwrap().to_owned())
        }
        Verdict::Accept(_) => panic!("accepted"),
    }
}

fn request(authorization: &str) -> request::Parts {
    let request = Request::get("/").header("authorization", authorization);
    request.body(()).unwrap().into_parts().0
}

fn input(row: &Value) -> String {
    let Some(runs) = row["input"].as_array() else {
        return row["input"].as_str().unwrap().replace("{valid}", VALID);
    };
    let run = |run: &Value| {
        run[0]
            .as_str()
            .unwrap()
            .repeat(run[1].as_u64().unwrap() as usize)
    };
    runs.iter().map(run).collect()
}

async fn server(id: &str, line: &str) {
    let unasked = || BearerVerifier::new("r", Unasked).unwrap();
    let challenge = |rest: &str| format!(r#"Bearer realm="r"{rest}"#);
    let invalid_request = challenge(r#", error="invalid_request""#);
    match id {
        "B140" => {
            let expected = (Reason::Missing, challenge(""));
            assert_eq!(refused(unasked(), request(line)).await, expected);
        }
        "B142" | "B144" => {
            let expected = (Reason::Malformed, invalid_request);
            assert_eq!(refused(unasked(), request(line)).await, expected);
        }
        "B148" => {
            let expected = (Reason::TooLarge, invalid_request);
            assert_eq!(refused(unasked(), request(line)).await, expected);
        }
        "B155" => {
            let verifier = BearerVerifier::new("r", tokens())
                .unwrap()
                .require_scope("a b")
                .unwrap();
            let answer = refused(verifier, request(&format!("Bearer {VALID}"))).await;
            let rest = r#", error="insufficient_scope", scope="a b""#;
            assert_eq!(answer, (Reason::Forbidden, challenge(rest)));
        }
        "B156" => {
            let query = line.split(' ').next().unwrap();
            let (head, ()) = Request::get(format!("/?{query}"))
                .body(())
                .unwrap()
                .into_parts();
            let expected = (Reason::Missing, challenge(""));
            assert_eq!(refused(unasked(), head).await, expected);
        }
        _ => panic!("{id}: a row that nothing here expects"),
    }
}

fn client(id: &str, token: &str) {
    assert!(
        ["B157", "B158", "B159", "B160"].contains(&id),
        "{id}: nothing here expects it"
    );
    for result in [Bearer::new(token), Bearer::any_token(token)] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{id}");
        assert!(!format!("{error:?} {error}").contains("X-Evil"), "{id}");
    }
}

#[tokio::test]
async fn every_row_ends_as_it_says() {
    let rows = include_str!("data/bad-inputs-bearer.json");
    let rows: Vec<Value> = serde_json::from_str(rows).unwrap();
    assert_eq!(rows.len(), 13);
    for row in rows {
        let (id, input) = (row["id"].as_str().unwrap(), input(&row));
        match row["side"].as_str().unwrap() {
            _ if OF_WEB_TOKENS.contains(&id) => {}
            "server" => server(id, &input).await,
            _ => client(id, &input),
        }
    }
}
