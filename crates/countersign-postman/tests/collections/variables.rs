//! What a name stands for.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use countersign::{FixedClock, Sources};
use countersign_postman::{Collection, Environment, ErrorKind, Scope, Seeded, Variables};
use serde_json::{Value, json};

use crate::support::{collection, failure, first, prepare, sent, text, try_prepare};

fn environment(values: Value) -> Environment {
    Environment::parse(json!({ "values": values }).to_string()).unwrap()
}

/// A raw body with this text.
fn raw(text: &str) -> Value {
    json!({"method": "POST", "url": "https://h.test/", "body": {"mode": "raw", "raw": text}})
}

fn expand(text: &str, variables: &Variables) -> String {
    self::text(prepare(raw(text), variables))
}

#[test]
fn scopes_come_in_order_in_the_url_the_body_and_the_credential() {
    let names = [
        "local",
        "data",
        "env",
        "inner",
        "outer",
        "collection",
        "globals",
    ];
    // The n-th name is in the n-th scope and all after it.
    let up_to = |scope: usize| {
        names[..=scope]
            .iter()
            .map(move |name| (*name, names[scope]))
    };
    let entries = |scope: usize| -> Vec<Value> {
        up_to(scope)
            .map(|(key, value)| json!({"key": key, "value": value}))
            .collect()
    };
    let all: String = names
        .iter()
        .map(|name| format!("{{{{{name}}}}}-"))
        .collect();
    let auth = json!({"type": "bearer", "bearer": [{"key": "token", "value": all}]});
    let mut request = raw(&all);
    request["auth"] = auth;
    request["url"] = format!("https://h.test/{all}").into();
    let item = json!({"request": request});
    let inner = json!({"item": [item], "variable": entries(3)});
    let outer = json!({"item": [inner], "variable": entries(4)});
    let collection = collection(&json!({"item": [outer], "variable": entries(5)}));
    let variables = Variables::new()
        .set("local", "local")
        .data(Scope::from_iter(up_to(1)))
        .environment(environment(entries(2).into()))
        .globals(environment(entries(6).into()));
    let expected: String = names.iter().map(|name| format!("{name}-")).collect();
    let bearer = sent(&collection, first(&collection), &variables);
    assert_eq!(bearer.unwrap(), format!("Bearer {expected}"));
    let prepared = try_prepare(&collection, &variables).unwrap();
    assert_eq!(prepared.request.uri().path(), format!("/{expected}"));
    assert_eq!(text(prepared), expected);
}

#[test]
fn the_last_enabled_duplicate_counts() {
    let values = json!([
        {"key": "a", "value": "1"},
        {"key": "a", "value": "2", "enabled": true},
        {"key": "a", "value": "3", "enabled": false},
        {"key": "a", "value": "4", "disabled": true},
        {"id": "old", "value": 5},
        {"key": "none", "value": null},
    ]);
    let variables = Variables::new().environment(environment(values));
    assert_eq!(expand("{{a}}{{old}}[{{none}}]", &variables), "25[]");
}

#[test]
fn names_nest() {
    let variables = Variables::new()
        .set("a", "{{b}}")
        .set("b", "x")
        .set("ax", "deep")
        .set("c", "b}}");
    assert_eq!(
        expand("{{a}} {{a{{b}}}} {{{b}}} {{{{c}}", &variables),
        "x deep {x} x"
    );
}

#[test]
fn white_space_is_part_of_a_name() {
    let error = failure(raw("{{ a }}"), &Variables::new().set("a", "x"));
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::Unresolved, Some(" a "))
    );
}

fn chain(length: usize) -> Variables {
    let link = |all: Variables, n: usize| all.set(format!("v{n}"), format!("{{{{v{}}}}}", n + 1));
    (1..length)
        .fold(Variables::new(), link)
        .set(format!("v{length}"), "end")
}

#[test]
fn nineteen_passes_are_made() {
    assert_eq!(expand("{{v1}}", &chain(19)), "end");
    let error = failure(raw("{{v1}}"), &chain(20));
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::Cyclic, Some("v20"))
    );
}

#[test]
fn circles_and_growth_end() {
    let circle = Variables::new().set("a", "{{b}}").set("b", "{{a}}");
    assert_eq!(failure(raw("{{a}}"), &circle).kind(), ErrorKind::Cyclic);
    let growth = Variables::new().set("a", "{{a}}{{a}}");
    assert_eq!(failure(raw("{{a}}"), &growth).kind(), ErrorKind::TooLarge);
    let wide = Variables::new().set("a", "{{a}}".repeat(100));
    assert_eq!(failure(raw("{{a}}"), &wide).kind(), ErrorKind::TooLarge);
}

#[test]
fn a_credential_is_never_sent_with_a_name_in_it() {
    let request = json!({
        "url": "https://h.test/{{missing}}",
        "auth": {"type": "basic", "basic": [{"key": "password", "value": "p{{missing}}"}]},
    });
    let kept = Variables::new().keep_unresolved(true);
    let error = failure(request, &kept);
    assert_eq!(
        (error.kind(), error.variable()),
        (ErrorKind::Unresolved, Some("missing"))
    );
    assert_eq!(error.path(), "item[0].request.auth.basic[0].value");
    assert_eq!(expand("{{missing}}", &kept), "{{missing}}");
}

#[test]
fn all_that_has_no_value_is_listed() {
    let request = json!({
        "url": "https://{{host}}/{{a}}",
        "header": [{"key": "x", "value": "{{a}}{{known}}"}, {"key": "y", "value": "{{$nothing}}"}],
    });
    let collection = collection(&json!({
        "item": [{
            "request": request, "response": [{"body": "{{example}}"}],
            "event": [{"script": {"exec": ["replaceIn('{{script}}')"]}}],
        }],
        "auth": {"type": "bearer", "bearer": {"token": "{{token}}"}, "basic": {"password": "{{unused}}"}},
    }));
    let variables = Variables::new().set("known", "k").set("a", "x");
    let names = collection.unresolved(first(&collection), &variables);
    assert_eq!(names, ["token", "host", "$nothing"]);
}

fn seeded(seed: u64) -> Sources {
    Sources {
        clock: Arc::new(FixedClock(Duration::from_millis(1_700_000_000_623))),
        random: Arc::new(Seeded::new(seed)),
    }
}

#[test]
fn dynamic_variables_have_their_form() {
    let variables = Variables::new().sources(seeded(1));
    let one = |name: &str| expand(&format!("{{{{{name}}}}}"), &variables);
    assert_eq!(one("$timestamp"), "1700000001");
    assert_eq!(one("$isoTimestamp"), "2023-11-14T22:13:20.623Z");
    for name in ["$guid", "$randomUUID"] {
        let uuid = one(name);
        assert_eq!(uuid.len(), 36);
        assert_eq!(
            uuid.match_indices('-')
                .map(|(at, _)| at)
                .collect::<Vec<_>>(),
            [8, 13, 18, 23]
        );
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&uuid.as_bytes()[19]));
    }
    for _ in 0..50 {
        assert!(one("$randomInt").parse::<u32>().unwrap() <= 1000);
    }
    let shapes = [
        ("$randomHexColor", "#xxxxxx"),
        ("$randomMACAddress", "xx:xx:xx:xx:xx:xx"),
        ("$randomSemver", "9.9.9"),
        ("$randomPhoneNumber", "999-999-9999"),
        ("$randomPhoneNumberExt", "99-999-999-9999"),
        ("$randomBankAccount", "99999999"),
        ("$randomCreditCardMask", "9999"),
        ("$randomPrice", "999.99"),
    ];
    for (name, shape) in shapes {
        let value = one(name);
        let fits = |(letter, shape): (char, char)| match shape {
            '9' => letter.is_ascii_digit(),
            'x' => letter.is_ascii_hexdigit(),
            other => letter == other,
        };
        assert_eq!(value.len(), shape.len(), "{name}");
        assert!(
            value.chars().zip(shape.chars()).all(fits),
            "{name}: {value}"
        );
    }
    for name in ["$randomEmail", "$randomExampleEmail"] {
        let email = one(name);
        assert!(
            email.len() == 24 && email.ends_with("@example.com"),
            "{email}"
        );
    }
    for _ in 0..50 {
        assert!(one("$randomLatitude").parse::<f64>().unwrap().abs() <= 90.0);
        assert!(one("$randomLongitude").parse::<f64>().unwrap().abs() <= 180.0);
    }
    assert!(["http", "https"].contains(&&*one("$randomProtocol")));
    assert!(one("$randomWeekday").ends_with("day") && !one("$randomMonth").is_empty());
    assert!(one("$randomIP").parse::<std::net::Ipv4Addr>().is_ok());
    assert!(one("$randomIPV6").parse::<std::net::Ipv6Addr>().is_ok());
    assert!(one("$randomBoolean").parse::<bool>().is_ok());
    assert_eq!(
        (
            one("$randomPassword").len(),
            one("$randomAlphaNumeric").len()
        ),
        (15, 1)
    );
}

#[test]
fn each_use_is_fresh_and_a_seed_gives_the_same_again() {
    let text = "{{$guid}} ".repeat(20);
    let first = expand(&text, &Variables::new().sources(seeded(7)));
    let distinct: HashSet<_> = first.split_whitespace().collect();
    assert_eq!(distinct.len(), 20);
    assert_eq!(expand(&text, &Variables::new().sources(seeded(7))), first);
    assert_ne!(expand(&text, &Variables::new().sources(seeded(8))), first);
    assert_ne!(
        expand(&text, &Variables::new()),
        expand(&text, &Variables::new())
    );
}

#[test]
fn an_unknown_dynamic_variable_is_told_unless_it_is_set() {
    let error = failure(
        raw("{{$randomCatName}}"),
        &Variables::new().keep_unresolved(true),
    );
    assert_eq!(error.kind(), ErrorKind::UnknownDynamic);
    assert_eq!(error.variable(), Some("$randomCatName"));
    let own = Variables::new().set("$guid", "mine");
    assert_eq!(expand("{{$guid}}", &own), "mine");
}

#[test]
fn claims_are_resolved_text_by_text() {
    let auth = json!({"type": "jwt", "jwt": {
        "algorithm": "HS256", "secret": "{{key}}", "payload": {"name": "{{name}}", "list": ["{{name}}"]},
    }});
    let collection = crate::support::of(json!({"url": "https://h.test/", "auth": auth}));
    let variables = Variables::new()
        .set("name", "a \"b\"")
        .set("key", "k".repeat(32));
    assert!(
        sent(&collection, first(&collection), &variables)
            .unwrap()
            .starts_with("Bearer eyJ")
    );
}

#[test]
fn no_debug_shows_a_value() {
    let secret = countersign_testkit::Canary::new();
    let values = json!([{"key": "a", "value": secret.as_str()}]);
    let document = json!({"item": [{"name": "r", "request": secret.as_str()}], "variable": values});
    let collection: Collection = collection(&document);
    let variables = Variables::new()
        .set("x", secret.as_str())
        .environment(environment(values.clone()));
    let shown = format!("{collection:?} {variables:#?} {:?}", first(&collection));
    countersign_testkit::assert_clean("Debug", shown.as_bytes());
}

#[test]
fn a_send_resolves_once() {
    let auth = json!({"type": "apikey", "apikey": {"key": "X-Key", "value": "{{$guid}}"}});
    let collection = crate::support::of(json!({"url": "https://h.test/", "auth": auth}));
    let prepared = || try_prepare(&collection, &Variables::new()).unwrap();
    let key = |auth: &countersign::Auth| {
        let request = http::Request::get("https://h.test/")
            .body(bytes::Bytes::new())
            .unwrap();
        let settings = countersign::Settings::default();
        let preview = crate::support::block_on(countersign::preview(auth, &settings, request));
        preview.unwrap().request.headers()["x-key"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let (first, second) = (prepared(), prepared());
    assert_eq!(key(&first.auth), key(&first.auth));
    assert_ne!(key(&first.auth), key(&second.auth));
}

#[test]
fn a_circle_in_a_credential_is_told_with_its_name_and_place() {
    let bearer = json!({"type": "bearer", "bearer": [{"key": "token", "value": "{{a}}"}]});
    let collection = collection(&json!({
        "item": [{"name": "f", "auth": bearer, "item": [{"request": "https://h.test/"}]}],
        "variable": [{"key": "a", "value": "{{b}}"}, {"key": "b", "value": "{{a}}"}],
    }));
    let kept = Variables::new().keep_unresolved(true);
    let error = try_prepare(&collection, &kept).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cyclic);
    assert!(["a", "b"].map(Some).contains(&error.variable()), "{error}");
    assert_eq!(error.path(), "item[0].auth.bearer[0].value");
}
