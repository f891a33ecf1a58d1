//! Where two texts part, line by line.

use super::Parting;

/// How many characters of a line are shown.
const MAX_SHOWN: usize = 200;

/// The lines of a canonical request before its headers.
const BEFORE_HEADERS: [&str; 3] = ["method", "path", "query"];

/// The lines of a string to sign.
const STRING_TO_SIGN: [&str; 4] = [
    "algorithm",
    "time",
    "scope",
    "hash of the canonical request",
];

/// The parts whose lines hold no secret; the queries, paths and other headers of callers may.
const SHOWN: [&str; 13] = [
    "method",
    "host",
    "content-length",
    "content-type",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "signed headers",
    "hash of the body",
    "algorithm",
    "time",
    "scope",
    "hash of the canonical request",
];

pub(super) fn canonical_requests(ours: &str, theirs: &str) -> Option<Parting> {
    parting(ours, theirs, |line| part_of_request(ours, line))
}

pub(super) fn strings_to_sign(ours: &str, theirs: &str) -> Option<Parting> {
    parting(ours, theirs, |line| {
        let part = STRING_TO_SIGN.get(line).copied();
        part.unwrap_or("end").to_owned()
    })
}

fn parting(ours: &str, theirs: &str, part: impl Fn(usize) -> String) -> Option<Parting> {
    let (mut mine, mut other) = (ours.split('\n'), theirs.split('\n'));
    let mut line = 0;
    let (left, right) = loop {
        match (mine.next(), other.next()) {
            (None, None) => return None,
            (left, right) if left == right => line += 1,
            (left, right) => break (left.unwrap_or_default(), right.unwrap_or_default()),
        }
    };
    let part = part(line);
    let same = left.bytes().zip(right.bytes());
    let column = same.take_while(|(left, right)| left == right).count() + 1;
    // Where one has a line more, the other's is of another part.
    let shown = SHOWN.contains(&part.as_str()) && name(left) == name(right);
    Some(Parting {
        line: line + 1,
        column,
        lines: shown.then(|| (start(left), start(right))),
        part,
    })
}

/// As much of a line as is shown.
fn start(line: &str) -> String {
    line.chars().take(MAX_SHOWN).collect()
}

/// The name of a header's line; all others have none.
fn name(line: &str) -> Option<&str> {
    line.split_once(':').map(|(name, _)| name)
}

/// What stands in a line of our canonical request: after the headers come an empty line, their names and a hash.
fn part_of_request(request: &str, line: usize) -> String {
    let lines: Vec<_> = request.split('\n').collect();
    let part = match (BEFORE_HEADERS.get(line), lines.len().checked_sub(line)) {
        (Some(part), _) => part,
        (_, Some(1)) => "hash of the body",
        (_, Some(2)) => "signed headers",
        (_, Some(3)) => "end of the headers",
        (_, Some(4..)) => lines.get(line).copied().and_then(name).unwrap_or("header"),
        _ => "end",
    };
    part.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const OURS: &str =
        "GET\n/a\nb=c\nhost:h\nx-api-key:SECRET\nx-amz-date:1\n\nhost;x-api-key;x-amz-date\nhash";

    fn told(from: &str, to: &str) -> (usize, usize, String, bool) {
        let theirs = OURS.replacen(from, to, 1);
        let parting = canonical_requests(OURS, &theirs).unwrap();
        assert!(!format!("{parting:?}").contains("SECRET"));
        (
            parting.line,
            parting.column,
            parting.part,
            parting.lines.is_some(),
        )
    }

    #[test]
    fn each_line_has_its_name() {
        let expect = |line, column, part: &str, shown| (line, column, part.to_owned(), shown);
        assert_eq!(told("GET", "get"), expect(1, 1, "method", true));
        assert_eq!(told("/a", "/b"), expect(2, 2, "path", false));
        assert_eq!(told("b=c", "b=c&d="), expect(3, 4, "query", false));
        assert_eq!(told("host:h", "host:i"), expect(4, 6, "host", true));
        assert_eq!(told("SECRET", "OTHER"), expect(5, 11, "x-api-key", false));
        assert_eq!(told("host:h\n", ""), expect(4, 1, "host", false));
        assert_eq!(told("date:1", "date:2"), expect(6, 12, "x-amz-date", true));
        assert_eq!(
            told("\n\nhost", "\nx\n\nhost"),
            expect(7, 1, "end of the headers", false)
        );
        assert_eq!(
            told("host;", "a;host;"),
            expect(8, 1, "signed headers", true)
        );
        assert_eq!(told("hash", "hush"), expect(9, 2, "hash of the body", true));
        assert_eq!(told("hash", "hash\nmore"), expect(10, 1, "end", false));
        assert_eq!(canonical_requests(OURS, OURS), None);
    }
}
