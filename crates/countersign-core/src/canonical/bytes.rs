//! Sets of bytes as tables, since they are asked for every byte of every request.

/// Whether a byte is in the set.
pub(crate) type Bytes = [bool; 256];

/// These bytes.
pub(crate) const fn set(bytes: &[u8]) -> Bytes {
    with([false; 256], bytes, true)
}

/// The letters and digits of ASCII, and these bytes.
pub(crate) const fn alphanumeric_and(bytes: &[u8]) -> Bytes {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    with(with(set(LETTERS), b"0123456789", true), bytes, true)
}

/// The visible characters of ASCII (RFC 5234, `VCHAR`), without these bytes.
pub(crate) const fn visible_but(bytes: &[u8]) -> Bytes {
    let mut table = [false; 256];
    let mut byte = 0x21;
    while byte < 0x7f {
        table[byte] = true;
        byte += 1;
    }
    with(table, bytes, false)
}

const fn with(mut table: Bytes, bytes: &[u8], is_in: bool) -> Bytes {
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = is_in;
        at += 1;
    }
    table
}
