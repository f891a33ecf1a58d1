//! The query parameters that a scheme added, which a redirect must not lead away.

use http::{Uri, response};
use url::Url;

use crate::drive::SentUri;

type Pair = (String, String);

/// The decoded query parameters that were sent on some hop and are not the caller's own.
#[derive(Default)]
pub(super) struct Added(Vec<Pair>);

impl Added {
    /// Notes what was added on one more hop, whose own target was `own`.
    pub(super) fn learn(&mut self, own: &Uri, response: &response::Parts) {
        let Some(SentUri(sent)) = response.extensions.get() else {
            return;
        };
        let own = decoded(own.query());
        let added = decoded(sent.query())
            .into_iter()
            .filter(|pair| !own.contains(pair));
        self.0.extend(added);
    }

    /// Servers echo the query in `Location`.
    pub(super) fn remove_from(&self, target: &mut Url) {
        let Some(query) = target.query().map(str::to_owned) else {
            return;
        };
        let is_kept = |pair: &&str| !decoded(Some(pair)).iter().any(|pair| self.0.contains(pair));
        let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
        if kept.len() != query.split('&').count() {
            let kept = kept.join("&");
            target.set_query(Some(&*kept).filter(|kept| !kept.is_empty()));
        }
    }

    /// Whether the server put one of the values elsewhere into the target, also if it escaped it again.
    pub(super) fn is_echoed_in(&self, target: &Url) -> bool {
        let mut text = target.as_str().to_owned();
        for _ in 0..3 {
            if self.0.iter().any(|(_, value)| holds(&text, value)) {
                return true;
            }
            let bytes: Vec<u8> = percent_encoding::percent_decode_str(&text).collect();
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
        false
    }
}

/// Whether `text` holds `value`; a short one, which stands in other words by chance, only as a word of its own.
fn holds(text: &str, value: &str) -> bool {
    const SHORT: usize = 8;
    let is_inner = |char: Option<char>| char.is_some_and(char::is_alphanumeric);
    let stands_alone = |(at, found): (usize, &str)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        !is_inner(before.chars().next_back()) && !is_inner(after.chars().next())
    };
    match value.len() {
        0 => false,
        1..SHORT => text.match_indices(value).any(stands_alone),
        _ => text.contains(value),
    }
}

fn decoded(query: Option<&str>) -> Vec<Pair> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_short_value_counts_as_a_word_of_its_own() {
        assert!(!holds("http://localhost:43600/", "host"));
        assert!(!holds("http://a.test:43600/", "360"));
        assert!(holds("http://a.test/key/360/", "360"));
        assert!(holds("http://a.test/?next=host", "host"));
        assert!(holds("http://a.test/xsecret-valuex", "secret-value"));
        assert!(!holds("http://a.test/", ""));
    }
}
