//! A row of a data file is an iteration.

use serde_json::json;

use super::{Files, collection, get};
use crate::support::RawServer;

fn rows(data: &str) -> (Vec<String>, Files) {
    let server = RawServer::start(&["200 OK", "200 OK", "200 OK", "200 OK"]);
    let host = format!("host={}", server.url(""));
    let items = [
        get("one", "{{host}}/1/{{user}}"),
        get("two", "{{host}}/2/{{id}}"),
    ];
    let files = Files::with(&collection(&items, &json!({})));
    let data = files.write("data", data);
    let (code, report) = files.report(&["--data", &data, "--var", &host]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["iterations"], 2);
    let iterations = report["requests"].as_array().unwrap().iter();
    let iterations: Vec<_> = iterations
        .map(|one| one["iteration"].as_u64().unwrap())
        .collect();
    assert_eq!(iterations, [1, 1, 2, 2]);
    let requests = server.requests().into_iter();
    let targets = requests.map(|request| request.split(' ').nth(1).unwrap().to_owned());
    (targets.collect(), files)
}

#[test]
fn csv_and_json_are_the_same() {
    let expected = ["/1/Ada", "/2/7", "/1/Bo,b", "/2/8"];
    assert_eq!(rows("\u{feff}user, id\nAda , 7\n\"Bo,b\",8\n").0, expected);
    let json = json!([{"user": "Ada", "id": 7}, {"user": "Bo,b", "id": "8"}]);
    assert_eq!(rows(&json.to_string()).0, expected);
}

#[test]
fn what_is_no_data_is_told_before_anything_is_sent() {
    let files = Files::with(&collection(
        &[get("one", "http://127.0.0.1:1/")],
        &json!({}),
    ));
    for (data, why) in [
        (
            "user,id\nAda\n",
            "line 2 has 1 fields, and there are 2 names",
        ),
        (
            "[{\"user\": }]",
            "no JSON: it is wrong at line 1, column 11",
        ),
        ("[7]", "row 1 is no JSON object"),
        ("[]", "there is no row in it"),
        ("", "there is no row in it"),
    ] {
        let path = files.write("data", data);
        let run = files.run(&["--data", &path]);
        assert_eq!(run.code, 2, "{data}: {}", run.printed());
        assert!(run.stderr.contains(why), "{data}: {}", run.stderr);
        assert!(run.stdout.is_empty());
    }
}
