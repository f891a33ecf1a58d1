//! Header values as signing schemes want them.

use super::Sink;

fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The value without spaces and tabs at both ends.
pub fn trim(value: &[u8]) -> &[u8] {
    let start = value
        .iter()
        .position(|byte| !is_space(byte))
        .unwrap_or(value.len());
    let end = value
        .iter()
        .rposition(|byte| !is_space(byte))
        .map_or(start, |last| last + 1);
    &value[start..end]
}

/// Writes the value trimmed, each run of spaces and tabs inside it as one space.
pub fn write_collapsed(value: &[u8], sink: &mut impl Sink) {
    if is_collapsed(value) {
        return sink.put(value);
    }
    let words = value.split(is_space).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            sink.put(b" ");
        }
        sink.put(word);
    }
}

/// Whether it is written as it stands, as nearly every value is.
fn is_collapsed(value: &[u8]) -> bool {
    let mut after_space = true;
    for byte in value {
        if is_space(byte) && (after_space || *byte == b'\t') {
            return false;
        }
        after_space = is_space(byte);
    }
    !after_space
}

/// Writes the values of a repeated header [collapsed](write_collapsed), in order, joined by one
/// comma.
pub fn write_joined<'a>(values: impl IntoIterator<Item = &'a [u8]>, sink: &mut impl Sink) {
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            sink.put(b",");
        }
        write_collapsed(value, sink);
    }
}
