//! Hexadecimal in lower case, as hashes and signatures have it.

/// The two digits of a byte. They are computed, so that many bytes are done at once.
const fn digits(byte: u8) -> [u8; 2] {
    [digit(byte >> 4), digit(byte & 15)]
}

const fn digit(value: u8) -> u8 {
    let past_nine = (value > 9) as u8 * (b'a' - b'0' - 10);
    b'0' + value + past_nine
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
    let (pairs, _) = array.as_chunks_mut();
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = digits(*byte);
    }
}

/// The digits as text.
pub fn text(bytes: &[u8]) -> String {
    let pairs = bytes.iter().flat_map(|byte| digits(*byte));
    pairs.map(char::from).collect()
}
