//! Postman's `auth` object.

use countersign::{Auth, AuthObject, AuthType};

use super::header;

fn read(json: &str) -> Result<AuthObject, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

#[test]
fn both_forms_are_read() {
    let array = r#"{"type": "basic", "basic": [
        {"key": "username", "value": "Aladdin", "type": "string"}, {"key": "password", "value": "open sesame"}]}"#;
    let map = r#"{"type": "basic", "basic": {"username": "Aladdin", "password": "open sesame"}}"#;
    for json in [array, map] {
        let auth: Auth = serde_json::from_str(json).unwrap();
        assert_eq!(
            header(&auth, "authorization"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }
}

#[test]
fn values_need_not_be_texts() {
    let object = read(
        r#"{"type": "digest", "digest": [{"key": "nonceCount", "value": 7}, {"key": "disableRetryRequest", "value": true},
            {"key": "realm", "value": null}, {"key": "opaque"}, {"key": "other", "value": [{"a": 1}]}]}"#,
    );
    let parameters = object.unwrap().parameters;
    assert_eq!(parameters.get("nonceCount"), Some("7"));
    assert_eq!(parameters.get("disableRetryRequest"), Some("true"));
    assert_eq!(parameters.get("realm"), None);
    assert_eq!(parameters.get("opaque"), None);
    assert_eq!(parameters.get("other"), Some(r#"[{"a":1}]"#));
}

#[test]
fn the_last_of_a_key_that_is_enabled_counts() {
    let object = read(
        r#"{"type": "bearer", "bearer": [{"key": "token", "value": "1"}, {"key": "token", "value": "2"},
            {"key": "token", "value": "3", "disabled": true}, {"key": "off", "value": "x", "disabled": true}]}"#,
    );
    let parameters = object.unwrap().parameters;
    assert_eq!(parameters.keys().collect::<Vec<_>>(), ["token"]);
    assert_eq!(parameters.get("token"), Some("2"));
}

#[test]
fn only_the_named_types_list_counts() {
    let object =
        read(r#"{"basic": {"username": "u"}, "type": "bearer", "bearer": {"token": "t"}}"#)
            .unwrap();
    assert_eq!(object.kind, AuthType::Bearer);
    assert_eq!(object.parameters.keys().collect::<Vec<_>>(), ["token"]);
    let none =
        read(r#"{"type": "noauth", "noauth": [{"key": "any", "value": "thing"}], "basic": 7}"#)
            .unwrap();
    assert_eq!(none.kind, AuthType::NoAuth);
    assert!(read(r#"{"type": "basic"}"#).unwrap().parameters.is_empty());
}

#[test]
fn what_inherits_is_told_apart() {
    assert_eq!(
        serde_json::from_str::<Option<AuthObject>>("null").unwrap(),
        None
    );
    for json in ["{}", r#"{"type": null}"#, r#"{"basic": []}"#] {
        assert!(read(json).unwrap_err().contains("inherit"), "{json}");
    }
}

#[test]
fn what_is_no_auth_object_is_an_error_that_shows_no_value() {
    let broken = [
        "null",
        "[]",
        r#""hunter2""#,
        r#"{"type": 7}"#,
        r#"{"type": "Basic"}"#,
        r#"{"type": "hunter2"}"#,
        r#"{"type": "basic", "basic": "hunter2"}"#,
        r#"{"type": "basic", "basic": ["hunter2"]}"#,
        r#"{"type": "basic", "basic": [{"value": "hunter2"}]}"#,
        r#"{"type": "basic", "basic": [{"key": 7, "value": "hunter2"}]}"#,
    ];
    for json in broken {
        let error = read(json).unwrap_err();
        assert!(!error.contains("hunter2"), "{json}: {error}");
    }
}

#[test]
fn what_lacks_a_parameter_is_an_error_when_it_is_to_sign() {
    let json = r#"{"type": "ntlm", "ntlm": {"password": "hunter2"}}"#;
    assert_eq!(read(json).unwrap().kind, AuthType::Ntlm);
    let error = serde_json::from_str::<Auth>(json).unwrap_err().to_string();
    assert!(
        error.contains("ntlm needs username") && !error.contains("hunter2"),
        "{error}"
    );
}
