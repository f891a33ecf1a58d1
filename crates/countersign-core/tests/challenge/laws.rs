//! What holds for any bytes whatever. The fuzz target runs the same laws.

use countersign_core::challenge::{
    Challenge, Challenges, MAX_CHALLENGES, MAX_PARAMS, MAX_TOTAL, MAX_VALUE, Param, parse,
    parse_credentials, parse_params, write, write_token68,
};
use http::HeaderValue;

/// Takes `bytes` for header lines, one a line, and checks every law on them.
pub(crate) fn hold(bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n');
    let values: Vec<_> = lines
        .filter_map(|line| HeaderValue::from_bytes(line).ok())
        .collect();
    within_limits(&parse(&values));
    for value in &values {
        parse([value]).iter().for_each(reads_back);
        strict_is_part_of_lenient(value);
        params_are_a_challenge_without_scheme(value);
    }
}

fn within_limits(challenges: &Challenges<'_>) {
    assert!(challenges.len() <= MAX_CHALLENGES);
    for challenge in challenges {
        assert!(challenge.params().len() <= MAX_PARAMS);
        assert!(
            challenge
                .token68()
                .is_none_or(|token| token.len() <= MAX_VALUE)
        );
        assert!(challenge.token68().is_none() || challenge.params().is_empty());
        assert!(
            challenge
                .params()
                .iter()
                .all(|param| param.value().len() <= MAX_VALUE)
        );
    }
}

/// What was read can be written, and is then read as the same.
fn reads_back(challenge: &Challenge<'_>) {
    let params: Vec<_> = challenge
        .params()
        .iter()
        .map(|param| Param::quoted(param.name(), param.value()))
        .collect();
    let written = match challenge.token68() {
        Some(token) => write_token68(challenge.scheme(), token),
        None => write(challenge.scheme(), &params),
    };
    let written = written.unwrap();
    if written.len() <= MAX_TOTAL {
        assert!(same(challenge, &parse_credentials(&written).unwrap()));
    }
}

fn same(a: &Challenge<'_>, b: &Challenge<'_>) -> bool {
    let pairs = |c: &Challenge<'_>| -> Vec<(String, Vec<u8>)> {
        let pair = |param: &Param<'_>| (param.name().to_owned(), param.value().to_vec());
        c.params().iter().map(pair).collect()
    };
    a.scheme() == b.scheme() && a.token68() == b.token68() && pairs(a) == pairs(b)
}

fn strict_is_part_of_lenient(value: &HeaderValue) {
    if let Ok(credentials) = parse_credentials(value) {
        let challenges = parse([value]);
        let read: Vec<_> = challenges.iter().collect();
        assert_eq!(read, [&credentials]);
    }
}

fn params_are_a_challenge_without_scheme(value: &HeaderValue) {
    let Ok(params) = parse_params(value) else {
        return;
    };
    let line = HeaderValue::from_bytes(&[b"X ", value.as_bytes()].concat()).unwrap();
    if line.len() <= MAX_TOTAL {
        let challenges = parse([&line]);
        let read: Vec<_> = challenges.iter().map(Challenge::params).collect();
        assert_eq!(read, [&params]);
    }
}
