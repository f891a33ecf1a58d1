//! No cookie is sent to whom it is not for, by a second implementation that knows no shortcut.

use countersign_cookies::Jar;
use http::Uri;
use proptest::prelude::*;

use crate::{jar, sent};

const HOSTS: &[&str] = &[
    "example.com",
    "www.example.com",
    "a.b.example.com",
    "badexample.com",
    "com",
    "co.uk",
    "example.co.uk",
    "shop.example.co.uk",
    "github.io",
    "a.github.io",
    "b.a.github.io",
    "127.0.0.1",
    "10.0.0.1",
    "localhost",
];
const PATHS: &[&str] = &["/", "/a", "/a/", "/ab", "/a/b", "/a//b", "/A"];
const SUFFIXES: &[&str] = &["com", "co.uk", "uk", "io", "github.io", "localhost"];

fn any_of(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(list)
}

prop_compose! {
    fn place()(secure: bool, host in any_of(HOSTS), path in any_of(PATHS)) -> (bool, &'static str, &'static str) {
        (secure, host, path)
    }
}

type Place = (bool, &'static str, &'static str);

fn url((secure, host, path): Place) -> String {
    format!("{}://{host}{path}", if secure { "https" } else { "http" })
}

#[derive(Clone, Debug)]
struct Written {
    from: Place,
    domain: Option<&'static str>,
    path: Option<&'static str>,
    secure: bool,
}

prop_compose! {
    fn written()(
        from in place(),
        domain in prop::option::of(any_of(HOSTS)),
        path in prop::option::of(any_of(PATHS)),
        secure: bool,
    ) -> Written {
        Written { from, domain, path, secure }
    }
}

fn field(written: &Written, number: usize) -> String {
    let mut field = format!("n{number}=v");
    if let Some(domain) = written.domain {
        field += &format!("; Domain={domain}");
    }
    if let Some(path) = written.path {
        field += &format!("; Path={path}");
    }
    field + if written.secure { "; Secure" } else { "" }
}

/// Labels from the right; an address is one label.
fn labels(host: &str) -> Vec<&str> {
    match host.ends_with(|char: char| char.is_ascii_digit()) {
        true => vec![host],
        false => host.split('.').rev().collect(),
    }
}

fn is_private(place: Place) -> bool {
    place.0 || ["127.0.0.1", "localhost"].contains(&place.1)
}

fn folder(path: &str) -> &str {
    let end = path.rfind('/').unwrap_or(0);
    if end == 0 { "/" } else { &path[..end] }
}

/// Whether a cookie may go to `to`, said as slowly as it can be.
fn may_go(written: &Written, to: Place) -> bool {
    let from = written.from;
    let is_suffix = |domain: &str| SUFFIXES.contains(&domain);
    let host_fits = match written.domain {
        None => to.1 == from.1,
        Some(domain) if is_suffix(domain) => domain == from.1 && to.1 == from.1,
        Some(domain) => {
            labels(from.1).starts_with(&labels(domain)) && labels(to.1).starts_with(&labels(domain))
        }
    };
    let folder = written.path.unwrap_or_else(|| folder(from.2));
    let with_slash = format!("{}/", folder.strip_suffix('/').unwrap_or(folder));
    let path_fits = to.2 == folder || to.2.starts_with(&with_slash);
    let secure_fits = !written.secure || is_private(from) && is_private(to);
    host_fits && path_fits && secure_fits
}

fn names(field: &str) -> Vec<String> {
    let pairs = field.split("; ").filter(|pair| !pair.is_empty());
    let mut names: Vec<_> = pairs.map(|pair| pair.replace("=v", "")).collect();
    names.sort();
    names
}

fn filled(all: &[Written]) -> Jar {
    let jar = jar();
    for (number, written) in all.iter().enumerate() {
        let from: Uri = url(written.from).parse().unwrap();
        let _ = jar.set(&from, &field(written, number));
    }
    jar
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn cookies_go_where_they_are_for_and_nowhere_else(
        all in prop::collection::vec(written(), 1..8),
        to in place(),
    ) {
        let goes = all.iter().enumerate().filter(|(_, written)| may_go(written, to));
        let mut expected: Vec<_> = goes.map(|(number, _)| format!("n{number}")).collect();
        expected.sort();
        prop_assert_eq!(names(&sent(&filled(&all), &url(to))), expected);
    }

    #[test]
    fn no_field_makes_it_fail(text in "\\PC{0,40}(; ?(domain|path|expires|max-age|samesite)=\\PC{0,20}){0,4}", to in place()) {
        let jar = jar();
        let _ = jar.set(&url(to).parse().unwrap(), &text);
        let field = sent(&jar, &url(to));
        prop_assert!(field.is_empty() || text.contains(field.split('=').next().unwrap_or_default()));
    }
}
