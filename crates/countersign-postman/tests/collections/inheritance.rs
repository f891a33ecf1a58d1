//! Which level authenticates a request.

use countersign::Override;
use countersign_postman::{Collection, ErrorKind, Level, Variables};
use serde_json::{Value, json};

use crate::support::{block_on, collection, first, sent, try_prepare};

fn bearer(token: &str) -> Value {
    json!({"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]})
}

/// A request in an inner folder in an outer one; what is `None` is absent.
fn levels(
    own: Option<Value>,
    inner: Option<Value>,
    outer: Option<Value>,
    root: Option<Value>,
) -> Collection {
    let with = |mut object: Value, auth: Option<Value>| {
        if let Some(auth) = auth {
            object["auth"] = auth;
        }
        object
    };
    let request = with(json!({"url": "https://h.test/"}), own);
    let item = json!({"name": "r", "request": request});
    let inner = with(json!({"name": "inner", "item": [item]}), inner);
    let outer = with(json!({"name": "outer", "item": [inner]}), outer);
    collection(&with(json!({"item": [outer]}), root))
}

fn token(collection: &Collection) -> Option<String> {
    sent(collection, first(collection), &Variables::new())
}

#[test]
fn the_nearest_level_counts_and_is_named() {
    let four = |own, inner, outer| levels(own, inner, outer, Some(bearer("c")));
    let table = [
        (
            four(Some(bearer("r")), Some(bearer("i")), None),
            "r",
            Level::Request,
            "item[0].item[0].item[0].request.auth",
        ),
        (
            four(None, Some(bearer("i")), Some(bearer("o"))),
            "i",
            Level::Folder("inner"),
            "item[0].item[0].auth",
        ),
        (
            four(None, None, Some(bearer("o"))),
            "o",
            Level::Folder("outer"),
            "item[0].auth",
        ),
        (four(None, None, None), "c", Level::Collection, "auth"),
    ];
    for (collection, expected, level, path) in table {
        let auth = first(&collection).effective_auth().unwrap();
        assert_eq!((auth.level(), auth.path()), (Some(level), path));
        assert_eq!(token(&collection).unwrap(), format!("Bearer {expected}"));
    }
}

#[test]
fn nothing_null_empty_and_a_null_type_look_further_up() {
    for auth in [
        Value::Null,
        json!({}),
        json!({"type": null}),
        json!({"type": "inherit"}),
        json!({"bearer": []}),
    ] {
        let collection = levels(Some(auth.clone()), Some(auth), None, Some(bearer("c")));
        assert_eq!(token(&collection).unwrap(), "Bearer c");
    }
}

#[test]
fn noauth_stops_at_each_level() {
    let none = || Some(json!({"type": "noauth", "noauth": [{"key": "any", "value": "thing"}]}));
    let at_request = levels(none(), Some(bearer("i")), None, Some(bearer("c")));
    let at_folder = levels(Some(Value::Null), None, none(), Some(bearer("c")));
    for (collection, level) in [
        (at_request, Level::Request),
        (at_folder, Level::Folder("outer")),
    ] {
        let auth = first(&collection).effective_auth().unwrap();
        assert_eq!(
            (auth.type_name(), auth.level()),
            (Some("noauth"), Some(level))
        );
        assert_eq!(token(&collection), None);
        let prepared = try_prepare(&collection, &Variables::new()).unwrap();
        let extension = prepared.request.extensions().get::<Override>();
        assert_eq!(
            format!("{extension:?}"),
            format!("{:?}", Some(Override::none()))
        );
    }
}

#[test]
fn where_no_level_speaks_the_client_decides() {
    let collection = levels(None, None, None, Some(Value::Null));
    assert_eq!(first(&collection).effective_auth().unwrap().level(), None);
    let prepared = try_prepare(&collection, &Variables::new()).unwrap();
    assert!(prepared.request.extensions().get::<Override>().is_none());
}

#[test]
fn what_cannot_be_signed_does_not_fall_through() {
    let unknown = json!({"type": "telepathy"});
    let unusable = json!({"type": "bearer", "bearer": [{"key": "token", "value": ""}]});
    for (auth, path) in [(unknown, "request.auth.type"), (unusable, "request.auth")] {
        let collection = levels(Some(auth), None, None, Some(bearer("c")));
        let error = try_prepare(&collection, &Variables::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert!(error.path().ends_with(path), "{error}");
    }
}

#[test]
fn parameters_are_a_list_or_a_map_and_the_last_enabled_one_counts() {
    let list = json!([
        {"key": "username", "value": "a"},
        {"key": "username", "value": "b"},
        {"key": "username", "value": "c", "disabled": true},
        {"key": "password", "value": 1},
    ]);
    for parameters in [list, json!({"username": "b", "password": "1"})] {
        let auth = json!({"type": "basic", "basic": parameters, "bearer": [{"key": "token", "value": "x"}]});
        assert_eq!(
            token(&levels(Some(auth), None, None, None)).unwrap(),
            "Basic Yjox"
        );
    }
}

#[test]
fn helper_attributes_are_read() {
    let request = json!({
        "url": "https://h.test/", "currentHelper": "basicAuth",
        "helperAttributes": {"id": "basic", "username": "u", "password": "p"},
    });
    let collection = collection(&json!({"item": [{"request": request}]}));
    assert_eq!(token(&collection).unwrap(), "Basic dTpw");
    let hawk = json!({
        "url": "https://h.test/", "auth": null, "currentHelper": "hawkAuth",
        "helperAttributes": {"hawk_id": "i", "hawk_key": "k", "algorithm": "sha256", "ext": "some"},
    });
    let collection = crate::support::of(hawk);
    let value = token(&collection).unwrap();
    assert!(
        value.contains("id=\"i\"") && value.contains("ext=\"some\""),
        "{value}"
    );
}

#[test]
fn equal_parameters_share_a_state() {
    let digest =
        |name: &str| json!({"type": "digest", "digest": {"username": name, "password": "p"}});
    let item = |name: &str| json!({"name": name, "request": {"url": "https://h.test/", "auth": digest("{{user}}")}});
    let collection = collection(&json!({"item": [item("a"), item("b")]}));
    let scheme = |name: &str, user: &str| {
        let variables = Variables::new().set("user", user);
        block_on(collection.auth_for(collection.request(name).unwrap(), &variables)).unwrap()
    };
    let challenged = answer(&scheme("a", "u"));
    assert_eq!(challenged, "the same nonce");
    assert_eq!(nonce(&scheme("b", "u")).as_deref(), Some("n1"));
    assert_eq!(nonce(&scheme("b", "v")), None);
}

/// Challenges an exchange, which teaches its scheme a nonce.
fn answer(auth: &countersign::Auth) -> &'static str {
    use countersign::{Cx, Exchange, Next, Scheme};
    let (head, ()) = http::Request::get("https://h.test/")
        .body(())
        .unwrap()
        .into_parts();
    let mut exchange = block_on(auth.begin(Cx::new(&head, None))).unwrap();
    let mut sent = head.clone();
    exchange
        .prepare(&mut sent, &mut countersign::Payload::default())
        .unwrap();
    let challenge = r#"Digest realm="r", nonce="n1", qop="auth", algorithm=SHA-256"#;
    let response = http::Response::builder()
        .status(401)
        .header("www-authenticate", challenge);
    let (refusal, ()) = response.body(()).unwrap().into_parts();
    match exchange.receive(&refusal).unwrap() {
        Next::Again => "the same nonce",
        _ => "no answer",
    }
}

fn nonce(auth: &countersign::Auth) -> Option<String> {
    let request = http::Request::get("https://h.test/")
        .body(bytes::Bytes::new())
        .unwrap();
    let settings = countersign::Settings::default();
    let preview = block_on(countersign::preview(auth, &settings, request)).unwrap();
    let header = preview
        .request
        .headers()
        .get("authorization")?
        .to_str()
        .unwrap()
        .to_owned();
    let (_, rest) = header.split_once("nonce=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

#[test]
fn credentials_in_the_url_count_if_no_level_speaks() {
    let url = "https://u:p%20q@h.test/";
    let collection = crate::support::of(json!({"url": url}));
    assert_eq!(token(&collection).unwrap(), "Basic dTpwIHE=");
    let prepared = try_prepare(&collection, &Variables::new()).unwrap();
    assert_eq!(prepared.request.uri(), "https://h.test/");
    let collection = crate::support::of(json!({"url": url, "auth": bearer("t")}));
    assert_eq!(token(&collection).unwrap(), "Bearer t");
    let collection = crate::support::of(json!({"url": url, "auth": {"type": "noauth"}}));
    assert_eq!(token(&collection), None);
}

#[test]
fn a_folder_lends_its_authentication() {
    let collection = levels(
        None,
        Some(json!({"type": "noauth"})),
        None,
        Some(bearer("{{vault:key}}")),
    );
    let secret = countersign_postman::VaultSecret::new("c")
        .domain("h.test")
        .unwrap();
    let vault = countersign_postman::Vault::from_iter([("key", secret)]);
    let variables = Variables::new().secrets(vault);
    let group = |folder: &str, target: &str| {
        let target = target.parse().unwrap();
        block_on(collection.group(folder, &target, &variables))
    };
    let choice = |folder| {
        let group = group(folder, "https://h.test/").unwrap();
        group.effective(&countersign::Choice::Inherit)
    };
    for folder in ["", "outer"] {
        assert!(
            matches!(choice(folder), countersign::Choice::Auth(_)),
            "{folder}"
        );
    }
    for folder in ["inner", "outer/inner"] {
        assert!(
            matches!(choice(folder), countersign::Choice::NoAuth),
            "{folder}"
        );
    }
    let kind = |folder, target| group(folder, target).unwrap_err().kind();
    assert_eq!(kind("none", "https://h.test/"), ErrorKind::Item);
    assert_eq!(kind("r", "https://h.test/"), ErrorKind::Item);
    assert_eq!(
        kind("outer", "https://other.test/"),
        ErrorKind::SecretDomain
    );
    let silent = levels(None, None, None, None);
    let target = "https://h.test/".parse().unwrap();
    let group = block_on(silent.group("outer", &target, &Variables::new())).unwrap();
    let own = group.effective(&countersign::Choice::Inherit);
    assert!(matches!(own, countersign::Choice::Inherit));
}
