//! Requests that Hawk, EdgeGrid and AWS Signature sign for a whole collection: forms of parts too, each with a nonce of its own
//! where there is one.

use serde_json::{Value, json};

use crate::run::{Files, auth, collection, get};
use crate::support::{Serve, set};

/// A POST of a form of parts.
fn parts(name: &str, url: &str, value: &str) -> Value {
    let fields = json!([{"key": "a", "value": value, "type": "text"}]);
    let body = json!({"mode": "formdata", "formdata": fields});
    json!({"name": name, "request": {"method": "POST", "url": url, "body": body}})
}

type Keys = &'static [(&'static str, &'static str)];

/// A scheme, what both sides are set to, what another server has in place of one of them, and how that one refuses.
const KEYS: [(&str, Keys, &str, u16); 4] = [
    (
        "hawk",
        &[
            ("authId", "me"),
            ("authKey", "secret"),
            ("includePayloadHash", "true"),
            ("user", "nobody"),
        ],
        "authKey=other",
        401,
    ),
    (
        "edgegrid",
        &[
            ("clientToken", "me"),
            ("clientSecret", "secret"),
            ("accessToken", "a"),
        ],
        "clientSecret=other",
        401,
    ),
    (
        "awsv4",
        &[("accessKey", "me"), ("secretKey", "secret")],
        "secretKey=other",
        403,
    ),
    (
        "awsv4",
        &[
            ("accessKey", "me"),
            ("secretKey", "secret"),
            ("service", "s3"),
            ("chunked", "true"),
        ],
        "secretKey=other",
        403,
    ),
];

fn started(kind: &str, keys: Keys, last: Option<&str>) -> Serve {
    let keys = keys.iter().map(|(key, value)| format!("{key}={value}"));
    let all: Vec<_> = keys.chain(last.map(str::to_owned)).collect();
    let all: Vec<_> = all.iter().map(String::as_str).collect();
    let args = set(kind, &all);
    Serve::start(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn ran(kind: &str, keys: Keys, serve: &Serve) -> (i32, Vec<Value>) {
    let set: serde_json::Map<_, _> = keys
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).into()))
        .collect();
    let items = [
        get("read", &serve.url("/a?b=c")),
        parts("write", &serve.url("/a"), "x"),
        parts("write more", &serve.url("/a"), &"y".repeat(200_000)),
    ];
    let files = Files::with(&collection(
        &items,
        &json!({"auth": auth(kind, &set.into())}),
    ));
    let (code, report) = files.report(&[
        "--data",
        &files.write("twice.json", r#"[{"n": 1}, {"n": 2}]"#),
    ]);
    let requests = report["requests"].as_array().unwrap();
    let statuses = requests.iter().map(|request| request["status"].clone());
    (code, statuses.collect())
}

#[test]
fn each_request_of_a_collection_is_let_in_once() {
    for (kind, keys, other, refusal) in KEYS {
        let (code, statuses) = ran(kind, keys, &started(kind, keys, None));
        assert_eq!((code, statuses), (0, vec![json!(200); 6]), "{kind}");
        let (_, statuses) = ran(kind, keys, &started(kind, keys, Some(other)));
        assert_eq!(statuses, vec![json!(refusal); 6], "{kind}");
    }
}
