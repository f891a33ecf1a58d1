//! What has no effect is named.

use serde_json::json;

use super::{Files, collection, get};
use crate::support::Serve;

#[test]
fn scripts_and_settings_are_told_with_whose_they_are() {
    let serve = Serve::start(&["--auth", "noauth"]);
    let event = |listen: &str| json!({"listen": listen, "script": {"exec": ["pm.test()"]}});
    let mut inner = get("Inner", &serve.url("/"));
    inner["event"] = json!([event("test"), {"listen": "prerequest", "script": {"exec": [""]}}]);
    inner["protocolProfileBehavior"] =
        json!({"strictSSL": false, "maxRedirects": 3, "disableUrlEncoding": false});
    inner["request"]["proxy"] = json!({"host": "proxy.example"});
    let folder = json!({"name": "Folder", "item": [inner], "event": [event("prerequest")]});
    let other =
        json!({"name": "Other", "item": [get("o", &serve.url("/"))], "event": [event("test")]});
    let files = Files::with(&collection(
        &[folder, other],
        &json!({"event": [event("test")]}),
    ));
    let run = files.run(&[]);
    assert_eq!(run.code, 0, "{}", run.printed());
    let text = run.text();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("not "))
        .collect();
    let expected = [
        "not run: the test script of Pride",
        "not run: the prerequest script of Folder",
        "not run: the test script of Folder/Inner",
        "not run: the test script of Other",
        "not obeyed: strictSSL of Folder/Inner",
        "not obeyed: proxy of Folder/Inner",
    ];
    assert_eq!(lines, expected);
    let (_, report) = files.report(&["--folder", "Folder"]);
    let not_run = report["notRun"].as_array().unwrap().iter();
    let of: Vec<_> = not_run.map(|one| one["of"].as_str().unwrap()).collect();
    assert_eq!(of, ["Pride", "Folder", "Folder/Inner"]);
    assert_eq!(
        report["notObeyed"][0],
        json!({"what": "strictSSL", "of": "Folder/Inner"})
    );
}
