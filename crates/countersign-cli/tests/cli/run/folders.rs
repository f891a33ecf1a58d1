//! A part of a collection.

use serde_json::{Value, json};

use super::{Files, collection, get, outcomes};
use crate::support::Serve;

fn folder(name: &str, items: &[Value]) -> Value {
    json!({"name": name, "item": items})
}

fn files(serve: &Serve) -> Files {
    let one = |name: &str| get(name, &serve.url("/"));
    let inner = folder("inner", &[one("b"), one("c")]);
    let items = [
        folder("outer", &[one("a"), inner]),
        folder("other", &[folder("inner", &[one("d")])]),
        one("e"),
    ];
    Files::with(&collection(&items, &json!({})))
}

fn names(files: &Files, args: &[&str]) -> Vec<String> {
    let (code, report) = files.report(args);
    assert_eq!(code, 0, "{report}");
    outcomes(&report)
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[test]
fn a_folder_is_told_by_its_name_or_the_names_on_the_way() {
    let serve = Serve::start(&["--auth", "noauth"]);
    let files = files(&serve);
    let all = [
        "outer/a",
        "outer/inner/b",
        "outer/inner/c",
        "other/inner/d",
        "e",
    ];
    assert_eq!(names(&files, &[]), all);
    assert_eq!(names(&files, &["--folder", "outer"]), all[..3]);
    assert_eq!(names(&files, &["--folder", "other/inner"]), all[3..4]);
    assert_eq!(
        names(&files, &["--folder", "e", "--folder", "outer/inner"]),
        [all[1], all[2], all[4]]
    );
    assert_eq!(
        names(&files, &["--folder", "outer", "--folder", "b"]),
        all[..3]
    );
}

#[test]
fn one_that_is_not_there_or_there_twice_is_an_error() {
    let serve = Serve::start(&["--auth", "noauth"]);
    for (name, why) in [("inner", "there are several"), ("nowhere", "there is none")] {
        let run = files(&serve).run(&["--folder", name]);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(why), "{}", run.stderr);
    }
}
