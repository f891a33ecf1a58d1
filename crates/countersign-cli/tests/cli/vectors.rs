//! Published vectors, signed offline: the whole header, or the signature where its place is free.

use std::path::Path;

use countersign::canonical::percent::{Plus, decode};
use serde_json::Value;

use crate::support::{header, send, set};

/// A file of another crate's tests.
fn file(path: &str) -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    std::fs::read_to_string(crates.join(path)).unwrap()
}

fn rows(path: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(&file(path)).unwrap();
    match file.get_mut("cases") {
        Some(cases) => cases.take(),
        None => file,
    }
    .as_array()
    .unwrap()
    .clone()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap_or_default()
}

/// The `Authorization` of a request that is signed as of `time`.
fn authorization(args: &[&str], time: &str, auth: &[String]) -> String {
    let auth = auth.iter().map(String::as_str);
    let shown = ["--offline", "--json", "--raw", "--at", time];
    let all: Vec<_> = args.iter().copied().chain(shown).chain(auth).collect();
    let run = send(&all);
    assert_eq!(run.code, 0, "{}", run.printed());
    let json = run.json();
    header(&json["legs"][0]["request"], "authorization")[0].to_owned()
}

fn filled(body: &Value) -> Option<String> {
    match (body.as_str(), body["fill"].as_str()) {
        (Some(text), _) => Some(text.to_owned()),
        (None, Some(fill)) => Some(fill.repeat(usize::try_from(body["len"].as_u64()?).ok()?)),
        (None, None) => None,
    }
}

#[test]
fn hawk() {
    let key = "authKey=werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn";
    for row in rows("countersign-hawk/tests/vectors/published.json") {
        let auth = [
            "authId=dh37fgj492je",
            key,
            "algorithm=sha256",
            "nonce=j4h3g2",
            "extraData=some-app-ext-data",
            "includePayloadHash=true",
        ];
        let kind = format!("Content-Type: {}", text(&row, "content_type"));
        let mut args = vec![text(&row, "method"), text(&row, "url")];
        if let Some(payload) = row["payload"].as_str() {
            args.extend(["-d", payload, "-H", &kind]);
        }
        let line = authorization(&args, "1353832234", &set("hawk", &auth));
        assert_eq!(line, text(&row, "authorization"));
    }
}

#[test]
fn edgegrid() {
    let path = "countersign-edgegrid/tests/vectors/akamai.json";
    let all: Value = serde_json::from_str(&file(path)).unwrap();
    let auth = [
        format!("clientToken={}", text(&all, "client_token")),
        format!("accessToken={}", text(&all, "access_token")),
        format!("clientSecret={}", text(&all, "client_secret")),
        format!("nonce={}", text(&all, "nonce")),
        format!("maxBodySize={}", all["max_body"]),
        "headersToSign=X-Test1,X-Test2,X-Test3".to_owned(),
    ];
    let auth = set("edgegrid", &auth.each_ref().map(String::as_str));
    let rows = rows(path);
    assert_eq!(rows.len(), 15);
    for row in rows {
        let url = format!("https://{}{}", text(&all, "host"), text(&row, "path"));
        let body = filled(&row["body"]);
        let headers = row["headers"].as_array().unwrap().iter();
        let headers: Vec<_> = headers
            .map(|pair| {
                format!(
                    "{}: {}",
                    pair[0].as_str().unwrap(),
                    pair[1].as_str().unwrap()
                )
            })
            .collect();
        let mut args = vec![text(&row, "method"), &url];
        args.extend(headers.iter().flat_map(|header| ["-H", header.as_str()]));
        args.extend(body.iter().flat_map(|body| ["-d", body.as_str()]));
        let expected = format!(
            "EG1-HMAC-SHA256 client_token={};access_token={};timestamp={};nonce={};signature={}",
            text(&all, "client_token"),
            text(&all, "access_token"),
            text(&all, "timestamp"),
            text(&all, "nonce"),
            text(&row, "signature")
        );
        let line = authorization(&args, "2014-03-21T19:34:21Z", &auth);
        assert_eq!(line, expected, "{}", text(&row, "name"));
    }
}

#[test]
fn oauth1() {
    let rows = rows("countersign-oauth1/tests/vectors/published.json");
    assert_eq!(rows.len(), 7);
    for row in rows {
        let named = [
            ("consumerKey", "consumer_key"),
            ("consumerSecret", "consumer_secret"),
            ("token", "token"),
            ("tokenSecret", "token_secret"),
            ("signatureMethod", "signature_method"),
            ("nonce", "nonce"),
            ("realm", "realm"),
            ("callback", "callback"),
            ("verifier", "verifier"),
        ];
        let mut auth: Vec<_> = named
            .iter()
            .map(|(key, name)| format!("{key}={}", text(&row, name)))
            .collect();
        auth.push("addParamsToHeader=true".to_owned());
        if row["version"] == true {
            auth.push("version=1.0".to_owned());
        }
        if let Some(name) = row["key"].as_str() {
            let keys = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../countersign-oauth1/tests/vectors/keys"
            );
            auth.push(format!("privateKey=@file:{keys}/{name}"));
        }
        let auth: Vec<_> = auth.iter().map(String::as_str).collect();
        let mut auth = set("oauth1", &auth);
        auth.push("--allow-weak-key".to_owned());
        let mut args = vec![text(&row, "method"), text(&row, "url")];
        if let Some(form) = row["form"].as_str() {
            let kind = "Content-Type: application/x-www-form-urlencoded";
            args.extend(["-d", form, "-H", kind]);
        }
        let line = authorization(&args, &row["timestamp"].to_string(), &auth);
        let (_, rest) = line.split_once("oauth_signature=\"").unwrap();
        let signature = decode(rest.trim_end_matches('"').as_bytes(), Plus::Literal).unwrap();
        assert_eq!(
            signature,
            text(&row, "signature").as_bytes(),
            "{}",
            text(&row, "name")
        );
    }
}

#[test]
fn the_whole_header_of_the_photos_example() {
    let auth = [
        "consumerKey=dpf43f3p2l4k3l03",
        "consumerSecret=kd94hf93k423kf44",
        "token=nnch734d00sl2jdk",
        "tokenSecret=pfkkdhi9sl3r4s00",
        "nonce=kllo9940pd9333jh",
        "version=1.0",
        "realm=http://photos.example.net/",
        "addParamsToHeader=true",
    ];
    let args = [
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
    ];
    assert_eq!(
        authorization(&args, "1191242096", &set("oauth1", &auth)),
        "OAuth realm=\"http://photos.example.net/\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
         oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\", \
         oauth_timestamp=\"1191242096\", oauth_nonce=\"kllo9940pd9333jh\", oauth_version=\"1.0\", \
         oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\""
    );
}

#[test]
fn jwt() {
    let auth = [
        "algorithm=HS256",
        "secret=your-256-bit-secret",
        r#"header={"alg": "HS256", "typ": "JWT"}"#,
        r#"payload={"sub": "1234567890", "name": "John Doe", "iat": 1516239022}"#,
    ];
    let claims = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ";
    assert_eq!(
        authorization(&["GET", "https://h/"], "0", &set("jwt", &auth)),
        format!(
            "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{claims}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
        )
    );
}
