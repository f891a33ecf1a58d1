//! One changed byte.
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use proptest::sample::Index;

/// The head with one byte of one part changed: of the `method`, the `target`, or the field of that name. `None` if that part
/// has no byte that may be changed.
pub fn tampered(head: &Parts, part: &str, at: Index) -> Option<Parts> {
    let mut head = head.clone();
    let change = |text: &[u8]| changed(text, at.index(text.len().max(1)));
    match part {
        "method" => {
            head.method = if head.method == "GET" { "PUT" } else { "GET" }
                .parse()
                .unwrap()
        }
        "target" => {
            let target = head.uri.path_and_query().unwrap().as_str();
            let rest = String::from_utf8(change(&target.as_bytes()[1..])?).unwrap();
            head.uri = format!("/{rest}").parse().ok()?;
        }
        name => {
            let value = HeaderValue::from_bytes(&change(head.headers.get(name)?.as_bytes())?);
            head.headers
                .insert(HeaderName::try_from(name).unwrap(), value.unwrap());
        }
    }
    Some(head)
}

/// Another letter or digit in place of the first one from `at` on.
pub fn changed(text: &[u8], at: usize) -> Option<Vec<u8>> {
    let at = (at..text.len()).find(|at| text[*at].is_ascii_alphanumeric())?;
    let mut text = text.to_vec();
    text[at] = if text[at] == b'0' { b'1' } else { b'0' };
    Some(text)
}
