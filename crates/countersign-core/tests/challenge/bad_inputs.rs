//! Rows of the catalogue of bad inputs, as far as reading the header settles them.

use super::{show, value};
use countersign_core::challenge::{ParseError, parse, parse_credentials};
use serde_json::Value;

/// What the lenient reader makes of a row, by its id.
fn challenges(id: &str) -> Option<&'static str> {
    Some(match id {
        "B004" => "Digest",
        "B005" | "B007" | "B012" | "B013" | "B021" | "B029" | "B031" | "B032" => "",
        "B008" => r#"Digest realm=a\"b\\c nonce=n qop=auth"#,
        "B009" => "Digest realm=a nonce=n",
        "B014" => "Digest REALM=a NoNcE=n",
        "B016" => "Basic realm=b; Digest realm=d nonce=n qop=auth",
        "B017" => r#"Newauth realm=apps type=1 title=Login to \"apps\"; Basic realm=simple"#,
        "B025" => r"Digest realm=h\xe9 nonce=n",
        "B026" => r"Digest realm=h\xc3\xa9\xe2\x80\xae nonce=n charset=UTF-8",
        "B044" => {
            "Digest realm=r nonce=n algorithm=MD5 qop=auth; \
             Digest realm=r nonce=m algorithm=SHA-256 qop=auth"
        }
        "B053" => r#"Digest realm=r\", uri=\"/admin nonce=n"#,
        "B054" => r#"Digest realm=r nonce=n\", nc=ffffffff, x=\" qop=auth"#,
        "B055" => r#"Digest realm=r nonce=n opaque=o\"o qop=auth"#,
        _ => return None,
    })
}

/// What the strict reader makes of a row, by its id: the number of parameters or the error.
fn credentials(id: &str) -> Option<Result<usize, ParseError>> {
    Some(match id {
        "B077" | "B115" | "B121" | "B123" | "B140" => Ok(0),
        "B125" => Err(ParseError::Scheme),
        "B126" | "B142" => Err(ParseError::Malformed),
        "B481" => Err(ParseError::LimitExceeded),
        _ => return None,
    })
}

fn input(row: &Value) -> Vec<u8> {
    let text = row["input"].as_str().unwrap_or_default();
    match (row["id"].as_str().unwrap(), row["enc"].as_str().unwrap()) {
        (_, "text") => text.as_bytes().to_vec(),
        (_, "base64") => decode(text),
        (_, "rle") => runs(&row["input"]),
        ("B028", _) => b"Si a=b".to_vec(),
        ("B029", _) => numbered(100_000),
        (id, enc) => panic!("{id}: unknown encoding {enc}"),
    }
}

fn decode(text: &str) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.decode(text).unwrap()
}

fn runs(runs: &Value) -> Vec<u8> {
    let runs = runs.as_array().unwrap().iter();
    let bytes = runs.flat_map(|run| {
        let times = run[1].as_u64().unwrap() as usize;
        run[0].as_str().unwrap().repeat(times).into_bytes()
    });
    let bytes: Vec<u8> = bytes.collect();
    bytes
        .strip_prefix(b"Authorization: ")
        .unwrap_or(&bytes)
        .to_vec()
}

fn numbered(count: usize) -> Vec<u8> {
    let all: Vec<_> = (0..count).map(|n| format!("S{n} a=b")).collect();
    all.join(", ").into_bytes()
}

/// `show` for bytes that need not be UTF-8.
fn shown(line: &[u8]) -> String {
    match str::from_utf8(line) {
        Ok(line) => show(&[line]),
        Err(_) => {
            let line = value(line);
            let challenges = parse([&line]);
            let challenge = challenges.iter().next().unwrap();
            let params = challenge.params().iter();
            params.fold(challenge.scheme().to_owned(), |shown, param| {
                format!("{shown} {}={}", param.name(), param.value().escape_ascii())
            })
        }
    }
}

#[test]
fn every_row_reads_as_it_says() {
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../data/bad-inputs-core.json")).unwrap();
    assert!(rows.len() > 25);
    for row in rows {
        let (id, line) = (row["id"].as_str().unwrap(), input(&row));
        match (id, challenges(id), credentials(id)) {
            ("B028", ..) => first_32(&line),
            (_, Some(expected), None) => assert_eq!(shown(&line), expected, "{id}"),
            (_, None, Some(expected)) => {
                let read = parse_credentials(&value(&line)).map(|read| read.params().len());
                assert_eq!(read, expected, "{id}");
            }
            _ => panic!("{id}: a row that nothing here expects"),
        }
    }
}

fn first_32(line: &[u8]) {
    let lines = vec![value(line); 99];
    assert_eq!(parse(&lines).len(), 32);
}

#[test]
fn what_went_past_a_limit_is_reported() {
    let line = value(numbered(100_000));
    assert!(parse([&line]).limit_exceeded());
    let short = value(numbered(1_000));
    let challenges = parse([&short]);
    assert_eq!(challenges.len(), 32);
    assert!(challenges.limit_exceeded());
}
