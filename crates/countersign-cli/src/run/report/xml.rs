//! Text in XML (XML 1.0 section 2.2 and 2.4).

/// `text` as it stands in an attribute in double quotes, or between elements. What XML has no letter for becomes U+FFFD.
pub(super) fn attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push(char::REPLACEMENT_CHARACTER);
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn nothing_ends_the_attribute() {
        assert_eq!(attribute(r#"a"<b>&c'"#), "a&quot;&lt;b&gt;&amp;c'");
    }

    #[test]
    fn what_xml_does_not_have_is_replaced() {
        assert_eq!(
            attribute("a\u{0}\u{1b}[m\nb\u{ffff}"),
            "a\u{fffd}\u{fffd}[m b\u{fffd}"
        );
    }
}
