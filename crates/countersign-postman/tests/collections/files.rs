//! Files are kept as they are, and within limits.

use countersign_postman::{Collection, Environment, ErrorKind, Limits};
use serde_json::{Value, json};

use crate::support::collection;

/// A request in this many folders.
fn nested(folders: usize) -> String {
    let (open, close) = (r#"{"item":["#.repeat(folders + 1), "]}".repeat(folders + 1));
    format!(r#"{open}{{"request":"https://h.test/"}}{close}"#)
}

#[test]
fn what_is_not_known_is_kept_in_its_order() {
    let text = r#"{
	"zeta": 1,
	"info": {
		"name": "n",
		"_x": [
			null,
			1.5,
			18446744073709551615
		]
	},
	"item": [
		{
			"request": {
				"url": "u",
				"auth": {
					"type": "quantum",
					"quantum": [
						{
							"spin": "up",
							"key": "k"
						}
					]
				},
				"alpha": {}
			},
			"later": true
		}
	],
	"alpha": "ü"
}"#;
    assert_eq!(Collection::parse(text).unwrap().to_json(), text);
    let environment = "{\n\t\"values\": [],\n\t\"a\": 0\n}";
    assert_eq!(
        Environment::parse(environment).unwrap().to_json(),
        environment
    );
}

#[test]
fn a_wrapped_file_is_unwrapped_and_stays_wrapped() {
    let text = json!({"collection": {"info": {"name": "n"}, "item": [{"name": "r", "request": "h.test"}]}});
    let wrapped = collection(&text);
    assert_eq!((wrapped.name(), wrapped.requests().len()), ("n", 1));
    assert_eq!(wrapped.as_value(), &text);
    let text = json!({"environment": {"name": "e", "values": []}}).to_string();
    assert_eq!(Environment::parse(text).unwrap().name(), "e");
}

#[test]
fn requests_are_found_by_name_or_path() {
    let item = |name: &str| json!({"name": name, "request": "h.test"});
    let folder =
        |name: &str| json!({"name": name, "item": [item("same"), item(&format!("only {name}"))]});
    let collection = collection(&json!({"item": [folder("a"), folder("b")]}));
    let path = |name: &str| collection.request(name).map(|item| item.path());
    assert_eq!(path("only b").unwrap(), "item[1].item[1]");
    assert_eq!(path("b/same").unwrap(), "item[1].item[0]");
    assert_eq!(path("same").unwrap_err().kind(), ErrorKind::Item);
    assert_eq!(path("none").unwrap_err().kind(), ErrorKind::Item);
    assert_eq!(collection.request("a/same").unwrap().folders(), ["a"]);
}

#[test]
fn scripts_are_named() {
    let event = |listen: &str, exec: Value| json!({"listen": listen, "script": {"exec": exec}});
    let item = json!({
        "name": "r", "request": "h.test",
        "event": [event("test", json!([" ", ""])), event("test", json!(["", "run()"]))],
    });
    let folder = json!({"name": "f", "item": [item], "event": [event("prerequest", "x".into())]});
    let collection = collection(&json!({"item": [folder]}));
    let scripts = collection.scripts();
    let named: Vec<_> = scripts
        .iter()
        .map(|script| (&*script.path, &*script.of, &*script.listen))
        .collect();
    let expected = [
        ("item[0].event[0]", "f", "prerequest"),
        ("item[0].item[0].event[1]", "r", "test"),
    ];
    assert_eq!(named, expected);
}

#[test]
fn a_hundred_folders_are_not_too_deep_and_a_thousand_are() {
    let deep = Collection::parse(nested(100)).unwrap();
    let item = deep.requests().next().unwrap();
    assert_eq!(item.folders().len(), 100);
    assert_eq!(item.effective_auth().unwrap().level(), None);
    assert_eq!(Collection::parse(nested(128)).unwrap().requests().len(), 1);
    for folders in [129, 1_000, 100_000] {
        assert_eq!(
            Collection::parse(nested(folders)).unwrap_err().kind(),
            ErrorKind::TooDeep
        );
    }
    let deepest = Limits::default().depth(1_000);
    assert_eq!(
        Collection::parse_within(nested(256), deepest)
            .unwrap()
            .requests()
            .len(),
        1
    );
    let deeper = Collection::parse_within(nested(1_000), deepest);
    assert_eq!(deeper.unwrap_err().kind(), ErrorKind::TooDeep);
    let brackets = "[".repeat(1_000_000);
    assert_eq!(
        Collection::parse(brackets).unwrap_err().kind(),
        ErrorKind::TooDeep
    );
}

#[test]
fn size_and_number_are_limited() {
    let items = json!({"item": vec![json!({"request": "h.test"}); 11]}).to_string();
    let parse = |limits| Collection::parse_within(&items, limits);
    assert_eq!(parse(Limits::default()).unwrap().requests().len(), 11);
    assert_eq!(
        parse(Limits::default().items(10)).unwrap_err().kind(),
        ErrorKind::TooMany
    );
    let size = items.len();
    assert!(parse(Limits::default().bytes(size)).is_ok());
    assert_eq!(
        parse(Limits::default().bytes(size - 1)).unwrap_err().kind(),
        ErrorKind::TooLarge
    );
}

#[test]
fn a_file_too_large_is_not_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse.json");
    std::fs::File::create(&path)
        .unwrap()
        .set_len(200 << 20)
        .unwrap();
    assert_eq!(
        Collection::open(&path).unwrap_err().kind(),
        ErrorKind::TooLarge
    );
    assert_eq!(
        Environment::open(&path).unwrap_err().kind(),
        ErrorKind::TooLarge
    );
    assert_eq!(
        Collection::open(folder.path().join("none"))
            .unwrap_err()
            .kind(),
        ErrorKind::Io
    );
    std::fs::write(&path, "\u{feff}{\"item\": []}").unwrap();
    assert_eq!(Collection::open(&path).unwrap().requests().len(), 0);
}

#[test]
fn other_files_are_refused_with_their_place() {
    let table = [
        ("", ErrorKind::Json, ""),
        ("{\"item\": []} x", ErrorKind::Json, ""),
        ("[]", ErrorKind::Shape, ""),
        ("{}", ErrorKind::Shape, ""),
        ("{\"requests\": {}}", ErrorKind::Shape, "requests"),
        ("{\"item\": {}}", ErrorKind::Shape, "item"),
        (
            "{\"item\": [{\"item\": [{}, 1]}]}",
            ErrorKind::Shape,
            "item[0].item[1]",
        ),
        (
            "{\"item\": [{\"item\": null}]}",
            ErrorKind::Shape,
            "item[0].item",
        ),
    ];
    for (text, kind, path) in table {
        let error = Collection::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.path()), (kind, path), "{text}");
    }
    for text in ["[]", "{}", "{\"values\": {}}", "{\"values\": [1]}"] {
        assert_eq!(
            Environment::parse(text).unwrap_err().kind(),
            ErrorKind::Shape,
            "{text}"
        );
    }
    let secret = countersign_testkit::Canary::new();
    let error = Collection::parse(format!("{{\"item\": [\"{}", secret.as_str())).unwrap_err();
    countersign_testkit::assert_clean("an error", format!("{error} {error:?}").as_bytes());
}

#[test]
fn a_preparation_may_move_between_threads() {
    fn moves<T: Send>(value: T) -> T {
        value
    }
    let collection = crate::support::of(json!({"url": "https://h.test/"}));
    let variables = countersign_postman::Variables::new();
    let item = collection.requests().next().unwrap();
    let prepared = crate::support::block_on(moves(collection.prepare(item, &variables))).unwrap();
    assert_eq!(moves(prepared).request.uri(), "https://h.test/");
}

#[test]
fn ten_thousand_requests_are_prepared() {
    let request = json!({"name": "r", "request": {"url": "{{h}}/", "auth": {"type": "bearer", "bearer": {"token": "{{t}}"}}}});
    let mut item = json!({"item": vec![request; 10_000]});
    for _ in 0..4 {
        item = json!({"item": [item]});
    }
    let collection = collection(&json!({"item": [item]}));
    let variables = countersign_postman::Variables::new()
        .set("h", "https://h.test")
        .set("t", "t");
    let prepare = async {
        for item in collection.requests() {
            collection.prepare(item, &variables).await.unwrap();
        }
    };
    crate::support::block_on(prepare);
    assert_eq!(collection.requests().len(), 10_000);
}
