//! What a server says, made fit to be shown.

/// How many characters of it are shown.
const SHOWN: usize = 300;

/// Text from a server without what moves a terminal's cursor or turns its direction, and not too long.
pub(crate) fn clean(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(SHOWN) {
        match letter {
            letter if moves(letter) => shown.extend(letter.escape_unicode()),
            letter => shown.push(letter),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

fn moves(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_and_direction_are_escaped_and_the_rest_stands() {
        assert_eq!(clean("a\u{1b}[31m\u{202e}ä"), "a\\u{1b}[31m\\u{202e}ä");
        assert_eq!(clean(&"x".repeat(301)).chars().count(), 301);
        assert!(clean(&"x".repeat(301)).ends_with('…'));
    }
}
