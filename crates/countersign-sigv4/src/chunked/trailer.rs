//! [`Trailers`], what a server expects behind the last chunk.

use countersign_core::verify::Reason;
use subtle::ConstantTimeEq;

use super::checksum::Sum;
use super::{Chain, Checksum, TRAILER_SIGNATURE};

/// How long the trailers may be together, in bytes.
const MAX_LENGTH: usize = 4 << 10;

/// The checksums that were announced, and the trailers that came.
#[derive(Default)]
pub(crate) struct Trailers {
    expected: Vec<(Checksum, Sum)>,
    /// Each line that came, as it is signed.
    lines: Vec<u8>,
    signature: Option<Vec<u8>>,
}

impl Trailers {
    /// Those that `x-amz-trailer` announces; `None` if nothing here could check one of them.
    pub(crate) fn announced(value: &str) -> Option<Self> {
        let mut expected: Vec<(Checksum, Sum)> = Vec::new();
        for name in value.split(',') {
            let checksum = Checksum::of_trailer(name.trim_ascii().as_bytes())?;
            if expected.iter().any(|(known, _)| *known == checksum) {
                return None;
            }
            expected.push((checksum, checksum.begin()));
        }
        Some(Self {
            expected,
            ..Self::default()
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.expected
            .iter_mut()
            .for_each(|(_, sum)| sum.update(bytes));
    }

    /// Takes a line without its end. The signature comes last.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), Reason> {
        let length = self.lines.len() + line.len();
        if self.signature.is_some() || self.expected.is_empty() || length > MAX_LENGTH {
            return Err(Reason::Malformed);
        }
        match line.strip_prefix(TRAILER_SIGNATURE.as_bytes()) {
            Some(signature) => self.signature = Some(signature.to_vec()),
            None => {
                self.lines.extend_from_slice(line);
                self.lines.push(b'\n');
            }
        }
        Ok(())
    }

    /// Judges all that came: each checksum that was announced, once, and their signature.
    pub(super) fn judge(&mut self, chain: Option<&mut Chain>) -> Result<(), Reason> {
        match (self.expected.is_empty(), chain, &self.signature) {
            (true, ..) => return Ok(()),
            (_, None, None) => {}
            (_, Some(chain), Some(signature)) => {
                let right = chain.trailer(&self.lines);
                equal(right.as_bytes(), signature)?;
            }
            _ => return Err(Reason::Forbidden),
        }
        self.judge_checksums()
    }

    fn judge_checksums(&mut self) -> Result<(), Reason> {
        let lines: Vec<_> = self.lines.split(|byte| *byte == b'\n').collect();
        let [lines @ .., _] = lines.as_slice() else {
            return Err(Reason::Malformed);
        };
        if lines.len() != self.expected.len() {
            return Err(Reason::Forbidden);
        }
        for (checksum, sum) in self.expected.drain(..) {
            let name = checksum.trailer().as_bytes();
            let value = lines.iter().find_map(|line| value(line, name));
            let value = value.ok_or(Reason::Forbidden)?;
            equal(sum.value().as_bytes(), value)?;
        }
        Ok(())
    }
}

/// The value of a line of this name.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (found, value) = line.split_at_checked(name.len())?;
    let value = value.strip_prefix(b":")?;
    found
        .eq_ignore_ascii_case(name)
        .then_some(value.trim_ascii())
}

pub(super) fn equal(right: &[u8], said: &[u8]) -> Result<(), Reason> {
    match bool::from(right.ct_eq(said)) {
        true => Ok(()),
        false => Err(Reason::Forbidden),
    }
}
