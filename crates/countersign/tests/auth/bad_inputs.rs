//! The catalogue's headers for Hawk, EdgeGrid and OAuth 1.0a, through `verifier`: as the schemes' own tests, by keys alone.

use countersign::verify::{AnyVerifier, Reason};
use countersign::{AuthType, Parameters, verifier};
use http::{HeaderValue, Request, request};
use serde_json::Value;

use super::{at, file, judged};

type Set = &'static [(&'static str, &'static str)];

const HAWK: Set = &[
    ("authId", "dh37fgj492je"),
    ("authKey", "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"),
    ("allowBewit", "true"),
];

const EDGEGRID: Set = &[
    ("clientToken", "akab-client-token-xxx-xxxxxxxxxxxxxxxx"),
    ("accessToken", "akab-access-token-xxx-xxxxxxxxxxxxxxxx"),
    (
        "clientSecret",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=",
    ),
];

const OAUTH1: Set = &[
    ("consumerKey", "dpf43f3p2l4k3l03"),
    ("consumerSecret", "kd94hf93k423kf44"),
    ("token", "nnch734d00sl2jdk"),
    ("tokenSecret", "pfkkdhi9sl3r4s00"),
];

fn rows(scheme: &str) -> Vec<Value> {
    let path = format!("countersign-{scheme}/tests/data/bad-inputs-{scheme}.json");
    serde_json::from_str(&file(&path)).unwrap()
}

fn server(kind: AuthType, set: Set, unix: u64) -> AnyVerifier<String> {
    let parameters: Parameters = set.iter().copied().collect();
    let options = at(unix).cleartext(kind != AuthType::EdgeGrid);
    verifier(kind, &parameters, "cave", &options).unwrap()
}

fn head(target: &str, host: &str, line: Option<&str>) -> request::Parts {
    let mut request = Request::get(target).header("host", host);
    if let Some(line) = line {
        request = request.header("authorization", HeaderValue::from_str(line).unwrap());
    }
    request.body(()).unwrap().into_parts().0
}

/// The statuses that a row allows; the first number in it, and one behind a slash.
fn allowed(row: &Value) -> Vec<u16> {
    let expect = row["expect"].as_str().unwrap();
    let words = expect.split(|letter: char| !letter.is_ascii_digit());
    let statuses = words.filter_map(|word| word.parse().ok());
    statuses
        .filter(|status| (200..500).contains(status))
        .collect()
}

fn status(verdict: Result<String, Reason>) -> u16 {
    verdict.map_or_else(|reason| reason.status().as_u16(), |_| 200)
}

/// Judges the line of each row that needs nothing but the standard request, and returns how many these were.
fn check(kind: AuthType, set: Set, target: &str, host: &str, own: &[&str]) -> usize {
    let rows = rows(kind.as_str());
    let plain = rows
        .iter()
        .filter(|row| own.contains(&row["id"].as_str().unwrap()));
    plain
        .map(|row| check_row(kind, set, target, host, row))
        .count()
}

fn check_row(kind: AuthType, set: Set, target: &str, host: &str, row: &Value) {
    let (id, clock) = (row["id"].as_str().unwrap(), row["clock"].as_u64().unwrap());
    let input = row["input"].as_str().unwrap();
    let line = input.split(" sent twice").next().unwrap_or_default();
    let line = line.split(" replayed").next().unwrap_or_default();
    let (server, head) = (server(kind, set, clock), head(target, host, Some(line)));
    let mut found = status(judged(&server, &head, b""));
    if line.len() < input.len() {
        assert_eq!(found, 200, "{id}");
        found = status(judged(&server, &head, b""));
    }
    assert!(allowed(row).contains(&found), "{id}: {found}");
}

#[test]
fn hawk_rows_end_as_they_say() {
    let own = [
        "B306", "B307", "B308", "B311", "B312", "B314", "B317", "B318", "B319", "B321", "B322",
        "B327", "B333",
    ];
    let target = "/resource/1?b=1&a=2";
    assert_eq!(
        check(AuthType::Hawk, HAWK, target, "example.com:8000", &own),
        own.len()
    );
    for host in ["example.com:8080", "proxy:1"] {
        assert_eq!(
            check(AuthType::Hawk, HAWK, target, host, &["B328", "B331"]),
            2
        );
    }
    assert_eq!(
        check(
            AuthType::Hawk,
            HAWK,
            target,
            "example.com:something",
            &["B330"]
        ),
        1
    );
    for bewit in [
        "bewit=*",
        "bewit=aWRcNDUxOTMxMTQ1OFxtYWM",
        "bewit=a&bewit=b",
    ] {
        let head = head(&format!("/?{bewit}"), "example.com", None);
        assert_eq!(
            status(judged(&server(AuthType::Hawk, HAWK, 1), &head, b"")),
            400,
            "{bewit}"
        );
    }
}

#[test]
fn edgegrid_rows_end_as_they_say() {
    let own = ["B427", "B428", "B430", "B431", "B432", "B433", "B437"];
    let host = "akaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net";
    assert_eq!(
        check(AuthType::EdgeGrid, EDGEGRID, "/", host, &own),
        own.len()
    );
}

#[test]
fn oauth1_rows_end_as_they_say() {
    let own = [
        "B393", "B394", "B396", "B397", "B398", "B399", "B401", "B403", "B405", "B406", "B413",
        "B416",
    ];
    let target = "/photos?file=vacation.jpg&size=original";
    let host = "photos.example.net";
    let found = own.map(|id| rows("oauth1").iter().find(|row| row["id"] == id).cloned());
    for row in found {
        let mut row = row.unwrap();
        row["clock"] = row["clock"].as_u64().unwrap_or(1_191_242_096).into();
        check_row(AuthType::OAuth1, OAUTH1, target, host, &row);
    }
    let twice = format!("{target}&oauth_nonce=x");
    assert_eq!(check(AuthType::OAuth1, OAUTH1, &twice, host, &["B408"]), 1);
    assert_eq!(
        check(
            AuthType::OAuth1,
            OAUTH1,
            target,
            "PHOTOS.example.net:80",
            &["B412"]
        ),
        1
    );
}
