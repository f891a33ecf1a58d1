//! Hexadecimal in lower case, as hashes and signatures have it.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The two digits of a byte.
const fn digits(byte: u8) -> [u8; 2] {
    [DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]
}

/// Writes two digits for each byte into `array`, as far as it reaches; the rest of it stays.
///
/// ```
/// use countersign_core::canonical::hex;
///
/// let mut text = [0; 8];
/// hex::fill(&1_000_u32.to_be_bytes(), &mut text);
/// assert_eq!(&text, b"000003e8");
/// ```
pub fn fill(bytes: &[u8], array: &mut [u8]) {
    for (pair, byte) in array.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&digits(*byte));
    }
}

/// The digits as text.
pub fn text(bytes: &[u8]) -> String {
    let pairs = bytes.iter().flat_map(|byte| digits(*byte));
    pairs.map(char::from).collect()
}
