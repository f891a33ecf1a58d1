//! Texts in the messages: UTF-16, little-endian.

use super::{Flags, MessageError};

/// Appends `text`.
pub(crate) fn utf16(text: &str, out: &mut Vec<u8>) {
    out.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
}

/// Appends `text` in upper case, by Unicode's full mapping as other clients do it too.
pub(crate) fn utf16_upper(text: &str, out: &mut Vec<u8>) {
    utf16(&text.to_uppercase(), out);
}

/// Appends `text` as the flags have it.
pub(super) fn write(text: &str, flags: Flags, out: &mut Vec<u8>) -> Result<(), MessageError> {
    match flags.contains(Flags::UNICODE) {
        true => utf16(text, out),
        false if text.is_ascii() => out.extend_from_slice(text.as_bytes()),
        false => return Err(MessageError::Malformed("only ASCII names fit into it")),
    }
    Ok(())
}

/// Reads a text as the flags have it.
pub(super) fn read(bytes: &[u8], flags: Flags) -> Result<String, MessageError> {
    let text = match flags.contains(Flags::UNICODE) {
        true => from_utf16(bytes),
        false => str::from_utf8(bytes)
            .ok()
            .filter(|text| text.is_ascii())
            .map(str::to_owned),
    };
    text.ok_or(MessageError::Malformed("a name is not text"))
}

/// UTF-16 without half a character.
pub(super) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().filter(|_| rest.is_empty())
}
