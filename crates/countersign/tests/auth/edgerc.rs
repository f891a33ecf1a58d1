//! `edgegrid` from an `.edgerc` file.

use countersign::{AuthType, ErrorKind};

use super::{auth, signed};

/// An `.edgerc` file with two sections, of which the second acts for an account.
const EDGERC: &str = "
[default]
client_token = one
access_token = access
client_secret = hunter2
[other]
client_token = two
access_token = access
client_secret = hunter2
account_key = acc:1
";

#[test]
fn edgegrid_reads_its_values_from_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), EDGERC).unwrap();
    let path = file.path().to_str().unwrap();
    let sent = |more: &[(&str, &str)]| {
        let set = [&[("edgerc", path)], more].concat();
        let request = signed(&auth(AuthType::EdgeGrid, &set, false).unwrap()).request;
        let line = request.headers()["authorization"].to_str().unwrap();
        let token = line.split(['=', ';']).nth(1).unwrap().to_owned();
        (token, request.uri().query().unwrap().to_owned())
    };
    assert_eq!(sent(&[]), ("one".to_owned(), "x=1".to_owned()));
    let other = ("section", "other");
    let (token, query) = sent(&[other]);
    assert_eq!(token, "two");
    assert!(query.starts_with("x=1&accountSwitchKey=acc"), "{query}");
    let (_, query) = sent(&[other, ("accountSwitchKey", "mine")]);
    assert_eq!(query, "x=1&accountSwitchKey=mine");
    let bad: [&[(&str, &str)]; 4] = [
        &[("section", "other")],
        &[("edgerc", path), ("section", "none")],
        &[("edgerc", path), ("clientSecret", "hunter2")],
        &[("edgerc", "/no/such/file")],
    ];
    for set in bad {
        let error = auth(AuthType::EdgeGrid, set, false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{set:?}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}
