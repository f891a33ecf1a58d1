//! `collection`: what is in a file, and files without secrets.

use serde_json::{Value, json};

use crate::run::{Files, auth, collection, get};
use crate::support::{Run, command, run};

fn call(files: &Files, what: &str, args: &[&str]) -> Run {
    let mut call = command(&["collection", what]);
    run(call.arg(files.path("collection.json")).args(args), b"")
}

fn files() -> Files {
    let basic = auth(
        "basic",
        &json!({"username": "{{user}}", "password": "hakuna-matata"}),
    );
    let stop = json!({"type": "noauth"});
    let mut own = get("own", "{{host}}/");
    own["request"]["auth"] = auth("bearer", &json!({"token": "{{token}}"}));
    let folder =
        json!({"name": "Folder", "auth": stop, "item": [get("stopped", "http://a/"), own]});
    let items = [get("inherited", "http://a/"), folder];
    Files::with(&collection(&items, &json!({"auth": basic})))
}

#[test]
fn the_table_shows_scheme_level_and_what_has_no_value() {
    let table = call(&files(), "auth", &["--var", "token=t"]);
    assert_eq!(table.code, 0, "{}", table.printed());
    let expected = "\
request         scheme  from           without a value
inherited       basic   collection     user
Folder/stopped  noauth  folder Folder
Folder/own      bearer  request        host
";
    assert_eq!(table.text(), expected);
}

#[test]
fn the_table_is_json_too() {
    let files = files();
    let environment =
        json!({"values": [{"key": "user", "value": "u"}, {"key": "host", "value": "h"}]});
    let environment = files.write("environment.json", &environment.to_string());
    let table = call(&files, "auth", &["--json", "-e", &environment]).json();
    let rows = table["requests"].as_array().unwrap();
    assert_eq!(
        rows[0]["auth"],
        json!({"type": "basic", "level": "collection", "folder": null})
    );
    assert_eq!(
        rows[1]["auth"],
        json!({"type": "noauth", "level": "folder", "folder": "Folder"})
    );
    assert_eq!(
        (&rows[2]["name"], &rows[2]["unresolved"]),
        (&json!("Folder/own"), &json!(["token"]))
    );
}

#[test]
fn a_level_that_cannot_be_read_is_told() {
    let files = Files::with(&collection(&[get("one", "http://a/")], &json!({"auth": 7})));
    let table = call(&files, "auth", &[]);
    assert_eq!(table.code, 2);
    assert!(
        table.text().contains("error: auth: this is no JSON object"),
        "{}",
        table.text()
    );
}

#[test]
fn redact_takes_the_secrets_out() {
    let files = files();
    let printed = call(&files, "redact", &[]);
    assert_eq!(printed.code, 0);
    assert!(!printed.text().contains("hakuna"));
    assert_eq!(printed.json()["item"].as_array().unwrap().len(), 2);
    let output = files.path("shared.json");
    assert_eq!(
        call(&files, "redact", &["-o", output.to_str().unwrap()]).code,
        0
    );
    assert_eq!(files.read("shared.json"), printed.text());
    let again = call(&files, "redact", &["-o", output.to_str().unwrap()]);
    assert_eq!(again.code, 2, "a file is not replaced");
}

#[test]
fn secrets_go_into_an_environment_with_which_the_collection_works() {
    let files = files();
    let (shared, secrets) = (files.path("shared.json"), files.path("secrets.json"));
    let (shared, secrets) = (shared.to_str().unwrap(), secrets.to_str().unwrap());
    let moved = call(
        &files,
        "secrets",
        &["-e", secrets, "-o", shared, "--name", "mine"],
    );
    assert_eq!(moved.code, 0, "{}", moved.printed());
    assert!(!files.read("shared.json").contains("hakuna"));
    let environment: Value = serde_json::from_str(&files.read("secrets.json")).unwrap();
    assert_eq!(environment["name"], "mine");
    assert_eq!(environment["values"][0]["value"], "hakuna-matata");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(secrets).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let mut table = command(&["collection", "auth", shared, "-e", secrets, "--json"]);
    let table = run(&mut table, b"").json();
    assert_eq!(table["requests"][0]["unresolved"], json!(["user"]));
}

#[test]
fn what_is_no_collection_is_an_error_that_names_the_file() {
    let files = files();
    files.write("collection.json", "{\"item\": [7]}");
    for what in ["auth", "redact"] {
        let run = call(&files, what, &[]);
        assert_eq!(run.code, 2);
        assert!(
            run.stderr
                .contains("collection.json: item[0]: an item is a JSON object"),
            "{}",
            run.stderr
        );
    }
}
