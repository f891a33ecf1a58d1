//! Our reader of challenges beside http-auth's, over lists that are well-formed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use countersign_core::challenge::parse;
use http::HeaderValue;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

type Pairs = Vec<(String, String)>;

const TOKEN: &str = "[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}";
/// http-auth knows no token68 and no obs-text, and takes one space behind a scheme, not several.
const TEXT: &str = "[ -~\t]{0,24}";
/// What may stand between two elements of a list: empty elements too.
const COMMAS: [&str; 7] = [",", ", ", " ,", " , ", ",\t", ",,", ", ,\t, "];

/// A parameter as it is written, and as it is read.
fn param() -> impl Strategy<Value = (String, (String, String))> {
    let equals = select(vec!["=", "=", "=", " = ", "\t=", "= "]);
    let value = prop_oneof![
        TOKEN.prop_map(|token| (token.clone(), token)),
        (TEXT, any::<bool>()).prop_map(|(text, all)| (quoted(&text, all), text)),
    ];
    (TOKEN, equals, value).prop_map(|(name, equals, (written, value))| {
        (format!("{name}{equals}{written}"), (name, value))
    })
}

/// A quoted string; any character may be escaped, `"` and `\` must be.
fn quoted(text: &str, all: bool) -> String {
    let escape = |character| all || matches!(character, '"' | '\\');
    let characters = text.chars();
    let escaped = characters.flat_map(|one| [escape(one).then_some('\\'), Some(one)]);
    format!("\"{}\"", escaped.flatten().collect::<String>())
}

/// A challenge as it is written, and as it is read. A name that occurs twice is left out: http-auth keeps both, where
/// RFC 9110, section 11.2, allows one.
fn challenge() -> impl Strategy<Value = (String, (String, Pairs))> {
    let params = vec((param(), select(&COMMAS[..])), 0..6);
    (TOKEN, params).prop_map(|(scheme, mut params)| {
        let mut seen: Vec<String> = Vec::new();
        params.retain(|((_, (name, _)), _)| {
            let name = name.to_ascii_lowercase();
            let is_new = !seen.contains(&name);
            seen.push(name);
            is_new
        });
        let mut written = scheme.clone();
        for (index, ((param, _), comma)) in params.iter().enumerate() {
            written.push_str(if index == 0 { " " } else { comma });
            written.push_str(param);
        }
        let pairs = params.into_iter().map(|((_, pair), _)| pair);
        (written, (scheme, pairs.collect()))
    })
}

fn ours(line: &str) -> Vec<(String, Pairs)> {
    let line = HeaderValue::from_str(line).unwrap();
    let challenges = parse([&line]);
    let read = challenges.iter().map(|challenge| {
        let params = challenge.params().iter();
        let pair = params.map(|param| (param.name().into(), param.text().unwrap().into()));
        (challenge.scheme().into(), pair.collect())
    });
    read.collect()
}

fn theirs(line: &str) -> Vec<(String, Pairs)> {
    let challenges = http_auth::parse_challenges(line).unwrap();
    let read = challenges.iter().map(|challenge| {
        let params = challenge.params.iter();
        let pair = params.map(|(name, value)| ((*name).into(), value.to_unescaped()));
        (challenge.scheme.into(), pair.collect())
    });
    read.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn both_read_what_was_written(list in vec((challenge(), select(&COMMAS[..])), 1..5)) {
        let mut line = String::new();
        let mut expected = Vec::new();
        for ((written, challenge), comma) in list {
            line.push_str(if line.is_empty() { "" } else { comma });
            line.push_str(&written);
            expected.push(challenge);
        }
        prop_assert_eq!(&ours(&line), &expected, "{}", line);
        prop_assert_eq!(&theirs(&line), &expected, "{}", line);
    }
}
