//! The challenge parser and printer: tables, limits, the catalogue of bad inputs, and laws over
//! random lines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

countersign_testkit::watched!();

#[path = "challenge/bad_inputs.rs"]
mod bad_inputs;
#[path = "challenge/laws.rs"]
mod laws;
#[path = "challenge/naive.rs"]
mod naive;
#[path = "challenge/random.rs"]
mod random;
#[path = "challenge/writing.rs"]
mod writing;

use countersign_core::challenge::{
    MAX_CHALLENGES, MAX_PARAMS, MAX_TOTAL, MAX_VALUE, ParseError, parse, parse_credentials,
    parse_params,
};
use http::HeaderValue;

fn value(line: impl AsRef<[u8]>) -> HeaderValue {
    HeaderValue::from_bytes(line.as_ref()).unwrap()
}

/// Prints what was read: `scheme token68 name=value …` with `; ` between challenges.
fn show(lines: &[&str]) -> String {
    let values: Vec<_> = lines.iter().map(value).collect();
    let shown = parse(&values).into_iter().map(|challenge| {
        let mut words = vec![challenge.scheme().to_owned()];
        words.extend(challenge.token68().map(str::to_owned));
        for param in challenge.params() {
            words.push(format!("{}={}", param.name(), param.value().escape_ascii()));
        }
        words.join(" ")
    });
    shown.collect::<Vec<_>>().join("; ")
}

#[test]
fn challenges_are_read_leniently_and_never_by_half() {
    let table: &[(&str, &str)] = &[
        ("", ""),
        (" , ,", ""),
        ("Basic", "Basic"),
        ("Negotiate, NTLM", "Negotiate; NTLM"),
        (
            "Negotiate oRQwEqADCgEB==, Basic realm=x",
            "Negotiate oRQwEqADCgEB==; Basic realm=x",
        ),
        ("Basic realm=", "Basic realm="),
        ("NTLM TlRM , Basic realm=\"a\"", "NTLM TlRM; Basic realm=a"),
        ("Basic realm=\"\"", "Basic realm="),
        ("basic\tREALM\t=\t\"a, b\"", "basic REALM=a, b"),
        ("Digest ,, a=b,\t, c=d , ,", "Digest a=b c=d"),
        ("Digest, a=b", "Digest a=b"),
        (
            "Digest nonce=YWJj/+d==, qop=auth",
            "Digest nonce=YWJj/+d== qop=auth",
        ),
        (
            "Digest domain=http://h:80/p?a=b, n=1",
            "Digest domain=http://h:80/p?a=b n=1",
        ),
        ("A x=\"1\", B y=\"2\", C z=3", "A x=1; B y=2; C z=3"),
        // An element without a challenge has no owner.
        ("a=b, Basic realm=x", "Basic realm=x"),
        // A broken element costs its challenge, whatever follows up to the next one.
        ("A x=, y=1, B z=2", "B z=2"),
        ("A x=1 y=2, z=3, B z=2", "B z=2"),
        ("A x=1, @, y=2, B z=2", "B z=2"),
        ("A x=1, x=2, B z=2", "B z=2"),
        ("A x=1, X=\"2\", B z=2", "B z=2"),
        ("A x==1, B z=2", "B z=2"),
        ("A x=a;b, B z=2", "B z=2"),
        ("A abc==, x=1, B z=2", "B z=2"),
        ("A x y, B z=2", "B z=2"),
        ("A x=1, B @, C z=2", "A x=1; C z=2"),
        // A quote out of place makes every later comma a guess.
        ("A x=1, B \"y\", C z=2", "A x=1"),
        ("A x=1, B y=\"z, C z=2", "A x=1"),
        ("A x=1, B y=\"a\"b, C z=2", "A x=1"),
        ("A x=1, B y=a\"b\", C z=2", "A x=1"),
        ("A x=1, B y=\"z\\", "A x=1"),
        ("A x=1, B y=\"z\\\"", "A x=1"),
        ("A x=1, \"B\", C z=2", ""),
    ];
    for (line, expected) in table {
        assert_eq!(show(&[line]), *expected, "{line:?}");
    }
}

#[test]
fn one_broken_line_leaves_the_others_alone() {
    let lines = [
        "Basic realm=\"",
        "Digest nonce=n",
        "realm=\"stray\"",
        "",
        "Bearer \"",
        "NTLM",
    ];
    assert_eq!(show(&lines), "Digest nonce=n; NTLM");
}

#[test]
fn values_are_bytes_and_copied_only_to_unescape() {
    let line = value(b"X a=\"h\xe9\", b=\"q\\\"\\\\\", c=\"caf\xc3\xa9\"");
    let challenges = parse([&line]);
    let challenge = challenges.iter().next().unwrap();
    assert_eq!(challenge.param("A"), Some(&b"h\xe9"[..]));
    assert_eq!(challenge.text("a"), None);
    assert_eq!(challenge.text("b"), Some("q\"\\"));
    assert_eq!(challenge.text("c"), Some("caf\u{e9}"));
    let inside = |name: &str| {
        line.as_bytes()
            .as_ptr_range()
            .contains(&challenge.param(name).unwrap().as_ptr())
    };
    assert!(inside("a") && inside("c") && !inside("b"));
}

#[test]
fn credentials_are_read_strictly() {
    let good = [
        "Basic YTpi",
        "Basic   YTpi==",
        "Digest",
        "Digest a=b",
        "Digest a = \"b\" ,c=d",
    ];
    for line in good {
        assert!(parse_credentials(&value(line)).is_ok(), "{line:?}");
    }
    use ParseError::{Duplicate, Malformed, Scheme, UnterminatedQuote};
    let bad: &[(&[u8], ParseError)] = &[
        (b"", Scheme),
        (b"=", Scheme),
        (b"\"Basic\" x", Scheme),
        (b"Basic\tYTpi", Scheme),
        (b"Basic,", Scheme),
        (b"BasicYTpi==", Scheme),
        (b"Basic YTpi,", Malformed),
        (b"Basic YTpi, Digest x=y", Malformed),
        (b"Basic YT pi", Malformed),
        (b"Basic ,", Malformed),
        (b"Digest a=b,", Malformed),
        (b"Digest ,a=b", Malformed),
        (b"Digest a=b,,c=d", Malformed),
        (b"Digest a=b, Basic YTpi", Malformed),
        (b"Digest a=b, c", Malformed),
        (b"Digest a=b c=d", Malformed),
        (b"Digest a=/b", Malformed),
        (b"Digest a=\xe9", Malformed),
        (b"Digest a=\"b\"c", Malformed),
        (b"Digest \"a\"", Malformed),
        (b"Digest a=\"b", UnterminatedQuote),
        (b"Digest a=b, A=\"c\"", Duplicate),
    ];
    for (line, error) in bad {
        let read = parse_credentials(&value(line)).unwrap_err();
        assert_eq!(read, *error, "{}", line.escape_ascii());
    }
}

#[test]
fn a_bare_list_is_read_whole_or_not_at_all() {
    let line = value("nextnonce=\"a,b\" ,, qop=auth,");
    let params = parse_params(&line).unwrap();
    assert_eq!(params.len(), 2);
    assert_eq!(params.text("NextNonce"), Some("a,b"));
    assert!(!params.iter().nth(1).unwrap().is_quoted());
    for line in ["Digest a=b", "a", "a=b c", "a=b, a=c", "a=\"b", "@"] {
        assert!(parse_params(&value(line)).is_err(), "{line:?}");
    }
    assert!(parse_params(&value("")).unwrap().is_empty());
}

#[test]
fn challenges_stop_at_their_number() {
    let lines: Vec<_> = (0..99).map(|n| value(format!("S{n} a=\"b\""))).collect();
    let challenges = parse(&lines);
    assert_eq!(challenges.len(), MAX_CHALLENGES);
    assert!(challenges.limit_exceeded());
    assert!(
        challenges
            .iter()
            .enumerate()
            .all(|(n, c)| c.is(&format!("s{n}")))
    );
    assert!(!parse(&lines[..MAX_CHALLENGES]).limit_exceeded());
}

#[test]
fn a_challenge_over_a_limit_is_left_out() {
    let many = |n: usize| {
        (0..n)
            .map(|n| format!("p{n}=v"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let long = |n: usize| "v".repeat(n);
    let cases = [
        (
            format!("D {}", many(MAX_PARAMS)),
            format!("D {}", many(MAX_PARAMS + 1)),
        ),
        (
            format!("D a={}", long(MAX_VALUE)),
            format!("D a={}", long(MAX_VALUE + 1)),
        ),
        (
            format!("D a=\"{}\"", long(MAX_VALUE)),
            format!("D a=\"{}\"", long(MAX_VALUE + 1)),
        ),
        (
            format!("D {}", long(MAX_VALUE)),
            format!("D {}", long(MAX_VALUE + 1)),
        ),
    ];
    for (fits, over) in cases {
        let (fits, over, other) = (value(fits), value(over), value("B realm=x"));
        let (kept, cut) = (parse([&fits, &other]), parse([&over, &other]));
        assert_eq!((kept.len(), kept.limit_exceeded()), (2, false));
        assert_eq!((cut.len(), cut.limit_exceeded()), (1, true));
        assert!(cut.iter().all(|challenge| challenge.is("b")));
        assert!(parse_credentials(&fits).is_ok());
        assert_eq!(parse_credentials(&over), Err(ParseError::LimitExceeded));
    }
}

#[test]
fn lines_past_the_total_are_not_read() {
    let padded = |len: usize| value(format!("{:len$}", "B realm=x"));
    let (whole, over, other) = (padded(MAX_TOTAL), padded(MAX_TOTAL + 1), value("C a=b"));
    assert_eq!(parse([&whole]).len(), 1);
    assert_eq!(parse([&other, &whole]).len(), 1);
    assert!(parse([&other, &whole]).limit_exceeded());
    assert!(parse([&over]).is_empty());
    assert_eq!(parse_params(&over), Err(ParseError::LimitExceeded));
    assert_eq!(
        parse_credentials(&value("x".repeat(MAX_TOTAL + 1))),
        Err(ParseError::LimitExceeded)
    );
}

#[test]
fn debug_shows_no_value() {
    let line = value("Digest username=\"canary\", response=canary");
    let token = value("Bearer canary");
    let shown = format!(
        "{:?} {:?}",
        parse_credentials(&line),
        parse_credentials(&token)
    );
    assert!(
        shown.contains("username") && !shown.contains("canary"),
        "{shown}"
    );
}
