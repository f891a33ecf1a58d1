//! The query: its pairs as they stand, changes that leave every other byte alone, sorted writing.

use std::borrow::Cow;

use http::Uri;
use smallvec::SmallVec;

use super::Sink;
use super::percent::{self, DecodeError, Plus, QUERY_COMPONENT, UNRESERVED};
use super::uri::{UriError, with_query};

/// A name and its value: decoded bytes (`Pair<[u8]>`) or encoded text (`Pair<str>`).
pub type Pair<'a, T> = (Cow<'a, T>, Cow<'a, T>);

/// One piece of a query between `&`, as it stands on the wire. It may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawPair<'a>(&'a str);

impl<'a> RawPair<'a> {
    /// The whole piece.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// What stands before the first `=`, or all of it, still encoded.
    pub fn name(self) -> &'a str {
        split(self.0, b'=').map_or(self.0, |(name, _)| name)
    }

    /// What stands behind the first `=`, still encoded; `None` if there is none.
    pub fn value(self) -> Option<&'a str> {
        split(self.0, b'=').map(|(_, value)| value)
    }

    /// Name and value as they stand; a missing value is empty.
    pub fn split(self) -> (&'a str, &'a str) {
        split(self.0, b'=').unwrap_or((self.0, ""))
    }

    /// Name and value decoded; a missing value is empty.
    ///
    /// # Errors
    ///
    /// A broken percent-escape; its place is counted in the name or in the value.
    pub fn decoded(self, plus: Plus) -> Result<Pair<'a, [u8]>, DecodeError> {
        let decode = |text: &'a str| percent::decode(text.as_bytes(), plus);
        let (name, value) = self.split();
        Ok((decode(name)?, decode(value)?))
    }

    /// Name and value decoded and encoded anew as [`UNRESERVED`]. Borrowed where that is what
    /// stands there already.
    ///
    /// # Errors
    ///
    /// Those of [`RawPair::decoded`].
    pub fn canonical(self, plus: Plus) -> Result<Pair<'a, str>, DecodeError> {
        let canonical = |text: &'a str| match percent::is_canonical(text) {
            true => Ok(text.into()),
            false => percent::decode(text.as_bytes(), plus).map(reencode),
        };
        let (name, value) = self.split();
        Ok((canonical(name)?, canonical(value)?))
    }

    /// Whether the decoded name is exactly `name`. A name that cannot be decoded is compared as it
    /// stands.
    pub fn is_named(self, name: &str) -> bool {
        let raw = self.name().as_bytes();
        percent::decode(raw, Plus::Space).unwrap_or(raw.into()) == name.as_bytes()
    }
}

fn reencode(decoded: Cow<'_, [u8]>) -> Cow<'_, str> {
    match decoded {
        Cow::Borrowed(bytes) => percent::encoded(bytes, UNRESERVED),
        Cow::Owned(bytes) => percent::encoded(&bytes, UNRESERVED).into_owned().into(),
    }
}

/// The pieces of a query in order, with empty ones and duplicates; none if it is empty.
pub fn pairs(query: &str) -> impl Iterator<Item = RawPair<'_>> + Clone {
    let mut rest = Some(query).filter(|query| !query.is_empty());
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((piece, after)) = split(text, b'&') else {
            return Some(RawPair(text));
        };
        rest = Some(after);
        Some(RawPair(piece))
    })
}

/// What stands before and behind the first `at`, an ASCII character. Pieces are short, which a loop over bytes is best at.
fn split(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((&text[..place], &text[place + 1..]))
}

/// The pairs of a query in [`RawPair::canonical`] form, in their order.
///
/// # Errors
///
/// A broken percent-escape anywhere, before a pair is given out.
pub fn canonical_pairs(
    query: &str,
    plus: Plus,
) -> Result<impl Iterator<Item = Pair<'_, str>> + Clone, DecodeError> {
    // No escape can stand across `&` or `=`.
    percent::check(query.as_bytes())?;
    Ok(pairs(query).filter_map(move |pair| pair.canonical(plus).ok()))
}

/// A whole query, or a form, whose pairs are all in [`RawPair::canonical`] form, in their order. Borrowed if they are that
/// already; else each has its `=`.
///
/// # Errors
///
/// A broken percent-escape.
pub fn canonical(query: &str, plus: Plus) -> Result<Cow<'_, str>, DecodeError> {
    if percent::is_canonical_query(query) {
        return Ok(query.into());
    }
    let mut canonical = String::with_capacity(query.len() + 16);
    for (name, value) in canonical_pairs(query, plus)? {
        let first = canonical.is_empty();
        push(&mut canonical, &name, first);
        canonical.extend(["=", &value]);
    }
    Ok(canonical.into())
}

/// Writes encoded pairs as `name=value` joined by `&`, sorted by name, then by value, byte by byte. Up to 32 take no
/// heap allocation.
pub fn write_sorted<N: AsRef<str>, V: AsRef<str>>(
    pairs: impl IntoIterator<Item = (N, V)>,
    sink: &mut impl Sink,
) {
    // Filled where they are: to collect into them would move them.
    let (mut list, mut order) = (SmallVec::<[_; 32]>::new(), SmallVec::<[_; 32]>::new());
    pairs.into_iter().for_each(|pair| list.push(pair));
    order.extend(
        list.iter()
            .map(|(name, _)| start(name.as_ref()))
            .zip(0_usize..),
    );
    let whole = |place: usize| (list[place].0.as_ref(), list[place].1.as_ref());
    order.sort_unstable_by(|(a, first), (b, second)| {
        a.cmp(b).then_with(|| whole(*first).cmp(&whole(*second)))
    });
    for (index, (_, place)) in order.iter().enumerate() {
        let (name, value): (&str, &str) = whole(*place);
        if index > 0 {
            sink.put(b"&");
        }
        sink.put(name.as_bytes());
        sink.put(b"=");
        sink.put(value.as_bytes());
    }
}

/// The first eight bytes, which compare as the name does; what is shorter comes first.
fn start(name: &str) -> u64 {
    let mut start = [0; 8];
    let len = name.len().min(start.len());
    start[..len].copy_from_slice(&name.as_bytes()[..len]);
    u64::from_be_bytes(start)
}

/// Adds a pair at the end, both parts encoded as [`QUERY_COMPONENT`].
///
/// # Errors
///
/// [`UriError`] if the URI has no place for a query, or becomes too long.
pub fn append(uri: &Uri, name: &str, value: &str) -> Result<Uri, UriError> {
    let mut query = String::from(uri.query().unwrap_or_default());
    push(
        &mut query,
        &encoded_pair(name, value),
        uri.query().is_none_or(str::is_empty),
    );
    with_query(uri, Some(&query))
}

/// Puts `value` in place of the first pair of this name (exact case, compared decoded) and takes
/// out every other; adds the pair at the end if there was none.
///
/// # Errors
///
/// Those of [`append`].
pub fn replace(uri: &Uri, name: &str, value: &str) -> Result<Uri, UriError> {
    let pair = encoded_pair(name, value);
    let mut replacement = Some(pair.as_str());
    let old = pairs(uri.query().unwrap_or_default());
    let kept = old.filter_map(|old| match old.is_named(name) {
        true => replacement.take(),
        false => Some(old.as_str()),
    });
    let mut query = join(kept);
    if let Some(pair) = replacement {
        let first = query.is_none();
        push(query.get_or_insert_default(), pair, first);
    }
    with_query(uri, query.as_deref())
}

/// Keeps the pairs that `keep` says yes to, each as it stands. A query of which nothing is left
/// goes with its `?`; a URI of which everything is kept does not change.
///
/// # Errors
///
/// Those of [`append`].
pub fn retain(uri: &Uri, mut keep: impl FnMut(RawPair<'_>) -> bool) -> Result<Uri, UriError> {
    let old = uri.query().unwrap_or_default();
    let kept = join(pairs(old).filter(|pair| keep(*pair)).map(RawPair::as_str));
    match kept.as_deref() {
        Some(kept) if kept == old => Ok(uri.clone()),
        None if old.is_empty() => Ok(uri.clone()),
        kept => with_query(uri, kept),
    }
}

fn encoded_pair(name: &str, value: &str) -> String {
    let encoded = |text: &'_ str| percent::encoded(text.as_bytes(), QUERY_COMPONENT).into_owned();
    encoded(name) + "=" + &encoded(value)
}

fn push(query: &mut String, pair: &str, first: bool) {
    if !first {
        query.push('&');
    }
    query.push_str(pair);
}

/// `None` if there is no piece, which is not the same as one empty piece.
fn join<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut joined: Option<String> = None;
    for piece in pieces {
        let first = joined.is_none();
        push(joined.get_or_insert_default(), piece, first);
    }
    joined
}
