//! Rows of the catalogue of bad inputs that belong to collections.

use countersign_postman::{Collection, ErrorKind, Variables};
use countersign_testkit::{Canary, assert_clean};
use serde_json::{Value, json};

use crate::support::{failure, first, of, sent, try_prepare};

fn with(auth: Value) -> Value {
    json!({"url": "https://h.test/", "auth": auth})
}

/// B463.
#[test]
fn inheriting_from_nobody_is_no_auth() {
    let document = json!({"item": [{"request": "https://h.test/"}], "auth": {"type": "inherit"}});
    let collection = Collection::parse(document.to_string()).unwrap();
    assert_eq!(first(&collection).effective_auth().unwrap().level(), None);
    assert_eq!(
        sent(&collection, first(&collection), &Variables::new()),
        None
    );
}

/// B466.
#[test]
fn a_parameter_that_is_an_object_is_told_with_its_place() {
    let auth = json!({"type": "basic", "basic": [{"key": "username", "value": {"x": 1}}]});
    let error = failure(with(auth), &Variables::new());
    assert_eq!(
        (error.kind(), error.path()),
        (ErrorKind::Shape, "item[0].request.auth.basic[0].value")
    );
}

#[test]
fn other_shapes_of_auth_are_told_with_their_place() {
    let table = [
        (json!("basic"), "auth"),
        (json!({"type": 1}), "auth.type"),
        (json!({"type": "basic", "basic": "x"}), "auth.basic"),
        (json!({"type": "basic", "basic": ["x"]}), "auth.basic[0]"),
        (
            json!({"type": "basic", "basic": [{"value": "x"}]}),
            "auth.basic[0]",
        ),
    ];
    for (auth, path) in table {
        let error = failure(with(auth), &Variables::new());
        assert_eq!(error.kind(), ErrorKind::Shape);
        assert_eq!(error.path(), format!("item[0].request.{path}"));
    }
}

/// As in Postman: a prefix that is `null` was not given, an empty one leaves the token bare.
#[test]
fn a_parameter_that_is_null_is_as_if_it_were_not_there() {
    for (prefix, line) in [(Value::Null, "Bearer t"), (json!(""), "t")] {
        let token = json!({"key": "accessToken", "value": "t"});
        let prefix = json!({"key": "headerPrefix", "value": prefix});
        let request = with(json!({"type": "oauth2", "oauth2": [token, prefix]}));
        let collection = of(request);
        let found = sent(&collection, first(&collection), &Variables::new());
        assert_eq!(found.as_deref(), Some(line));
    }
}

/// B469.
#[test]
fn a_line_break_through_a_variable_is_an_error_without_the_secret() {
    let canary = Canary::token();
    let variables = Variables::new().set("v", format!("{}\r\nX-Evil: 1", canary.as_str()));
    let bearer = json!({"type": "bearer", "bearer": {"token": "{{v}}"}});
    let key = json!({"type": "apikey", "apikey": {"key": "X-Key", "value": "{{v}}"}});
    for auth in [bearer, key] {
        let error = failure(with(auth), &variables);
        assert_eq!(error.kind(), ErrorKind::Auth);
        assert_clean("an error", format!("{error} {error:?}").as_bytes());
    }
}

/// B470.
#[test]
fn escapes_in_a_credential_are_not_decoded() {
    let auth = json!({"type": "basic", "basic": {"username": "{{v}}", "password": ""}});
    let collection = of(with(auth));
    let header = sent(
        &collection,
        first(&collection),
        &Variables::new().set("v", "%0d%0a"),
    );
    assert_eq!(header.unwrap(), "Basic JTBkJTBhOg==");
}

/// B473, B474.
#[test]
fn what_would_break_a_scope_is_refused() {
    for (key, value) in [("region", "us-east-1/../../iam"), ("service", "s3\n")] {
        let auth = json!({"type": "awsv4", "awsv4": [
            {"key": "accessKey", "value": "a"}, {"key": "secretKey", "value": "s"}, {"key": key, "value": value}]});
        let error = try_prepare(&of(with(auth)), &Variables::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth);
    }
}
