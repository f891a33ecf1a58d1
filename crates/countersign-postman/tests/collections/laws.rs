//! What holds for all input.

use countersign_postman::{Collection, Environment, Variables};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::block_on;

/// Words that mean something here, so that chance meets them.
fn word() -> impl Strategy<Value = String> {
    let words = [
        "",
        "{{a}}",
        "{{b",
        "}}",
        "{{$guid}}",
        "{{vault:x}}",
        "basic",
        "token",
        "raw",
        "file",
        "https://h.test/:id?a=b#c",
        "//",
        "/* ",
        "\"",
        "\r\n",
        "é",
        "noauth",
        "bearer",
        "formdata",
        "{{a{{b}}}}",
    ];
    prop_oneof![
        proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        ".{0,8}"
    ]
}

fn name() -> impl Strategy<Value = String> {
    let names = [
        "item",
        "request",
        "auth",
        "type",
        "basic",
        "bearer",
        "url",
        "raw",
        "host",
        "path",
        "query",
        "variable",
        "key",
        "value",
        "body",
        "mode",
        "formdata",
        "urlencoded",
        "src",
        "header",
        "event",
        "script",
        "exec",
        "disabled",
        "helperAttributes",
        "currentHelper",
        "graphql",
        "file",
        "options",
        "response",
    ];
    proptest::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), tree()), 0..8)
        .prop_map(|members| Value::Object(Map::from_iter(members)))
}

/// Does all there is to do with a collection.
fn exercise(text: &str) {
    let Ok(collection) = Collection::parse(text) else {
        return;
    };
    let variables = Variables::new().set("a", "{{b}}").set("b", "x");
    for item in collection.requests() {
        let _ = (
            item.name(),
            item.folders(),
            item.effective_auth().is_ok(),
            collection.unresolved(item, &variables),
        );
        let _ = block_on(collection.prepare(item, &variables));
    }
    let (moved, secrets) = collection.split_secrets("s");
    assert!(Collection::parse(collection.without_secrets().to_json()).is_ok());
    assert!(Collection::parse(moved.to_json()).is_ok());
    assert!(Environment::parse(secrets.to_json()).is_ok());
    assert!(collection.scripts().len() <= text.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_makes_it_panic(text in ".{0,64}") {
        exercise(&text);
    }

    #[test]
    fn no_tree_makes_it_panic(root in tree(), request in object(), auth in object()) {
        exercise(&json!({"item": root, "auth": auth}).to_string());
        let mut request = request;
        request["auth"] = auth;
        exercise(&json!({"item": [{"request": request}]}).to_string());
    }

    #[test]
    fn every_tree_comes_back_as_it_was(mut root in object()) {
        root["item"] = json!([]);
        let collection = Collection::parse(root.to_string()).unwrap();
        let again: Value = serde_json::from_str(&collection.to_json()).unwrap();
        prop_assert_eq!(again.to_string(), root.to_string());
    }

    #[test]
    fn no_name_is_left_in_what_is_sent(text in prop::collection::vec(word(), 0..6)) {
        let request = json!({"method": "POST", "url": "https://h.test/", "body": {"mode": "raw", "raw": text.concat()}});
        let collection = crate::support::of(request);
        let variables = Variables::new().set("a", "1").set("b", "2");
        if let Ok(prepared) = crate::support::try_prepare(&collection, &variables) {
            let sent = crate::support::text(prepared);
            let names = sent.match_indices("{{").filter(|(at, _)| {
                let rest = &sent[at + 2..];
                rest.find(['{', '}']).is_some_and(|end| rest[end..].starts_with("}}"))
            });
            prop_assert_eq!(names.count(), 0);
        }
    }
}
