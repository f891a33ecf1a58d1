//! Comments in JSON, which Postman allows in raw bodies of that language.

/// The text without `//` and `/* */` outside of strings; the white space around them stays.
pub(super) fn stripped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '/']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        rest = if found.starts_with("//") {
            found.find(['\n', '\r']).map_or("", |end| &found[end..])
        } else if let Some(inside) = found.strip_prefix("/*") {
            inside.find("*/").map_or("", |end| &inside[end + 2..])
        } else {
            let end = if found.starts_with('"') {
                string(found)
            } else {
                1
            };
            out.push_str(&found[..end]);
            &found[end..]
        };
    }
    out + rest
}

/// The length of the string that begins here, with its quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::stripped;

    #[test]
    fn comments_go_and_what_is_around_them_stays() {
        assert_eq!(stripped("{// a\n\"a\": 1\n}"), "{\n\"a\": 1\n}");
        assert_eq!(stripped("{/* \na\n*/\n\"a\": 1}"), "{\n\"a\": 1}");
        assert_eq!(stripped("{}//"), "{}");
        assert_eq!(stripped("[1/* no end"), "[1");
        assert_eq!(stripped("1 // a\r\n2"), "1 \r\n2");
    }

    #[test]
    fn strings_keep_what_looks_like_one() {
        let text = r#"{"a": "http://h/*x*/", "b\"//": "\\", "c": 1/2}"#;
        assert_eq!(stripped(text), text);
        assert_eq!(stripped(r#""no end // x"#), r#""no end // x"#);
    }
}
