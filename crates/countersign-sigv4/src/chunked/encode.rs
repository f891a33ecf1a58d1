//! [`Encoder`], the chunks of a client.

use countersign_core::Encode;

use super::checksum::Sum;
use super::{CHUNK_SIGNATURE, Chain, Chunked, TRAILER_SIGNATURE};

/// The length of a signature, in characters.
const SIGNATURE: u64 = 64;

/// Writes chunks, and the trailers behind the last one.
pub(crate) struct Encoder {
    chunked: Chunked,
    /// `None` where chunks are not signed.
    chain: Option<Chain>,
    sum: Option<Sum>,
}

impl Encoder {
    /// The chunks of a request whose signature is in `chain`.
    pub(crate) fn new(chunked: Chunked, chain: Chain) -> Self {
        Self {
            chunked,
            chain: Some(chain).filter(|_| chunked.form().is_signed()),
            sum: chunked.trailer().map(|checksum| checksum.begin()),
        }
    }

    fn write_trailers(&mut self, out: &mut Vec<u8>) {
        let (Some(checksum), Some(sum)) = (self.chunked.trailer(), self.sum.take()) else {
            return;
        };
        let line = format!("{}:{}", checksum.trailer(), sum.value());
        put(out, &[line.as_bytes(), b"\r\n"]);
        if let Some(chain) = &mut self.chain {
            let signature = chain.trailer(format!("{line}\n").as_bytes());
            put(
                out,
                &[TRAILER_SIGNATURE.as_bytes(), signature.as_bytes(), b"\r\n"],
            );
        }
    }
}

/// How long the whole is when `length` bytes are sent.
pub(crate) fn encoded_len(chunked: Chunked, length: u64) -> u64 {
    let size = chunked.chunk_size() as u64;
    let (whole, rest) = (length / size, length % size);
    let rest = if rest > 0 { framed(chunked, rest) } else { 0 };
    let chunks = (framed(chunked, size)).saturating_mul(whole);
    chunks
        .saturating_add(rest)
        .saturating_add(framed(chunked, 0) + trailers_len(chunked))
}

/// A chunk of so many bytes with what stands round it; for none, the two line ends stand round the trailers.
fn framed(chunked: Chunked, length: u64) -> u64 {
    let digits = u64::from(length.checked_ilog(16).unwrap_or_default()) + 1;
    let signature = match chunked.form().is_signed() {
        true => CHUNK_SIGNATURE.len() as u64 + SIGNATURE,
        false => 0,
    };
    digits + signature + 2 + length + 2
}

fn trailers_len(chunked: Chunked) -> u64 {
    let Some(checksum) = chunked.trailer() else {
        return 0;
    };
    let line = (checksum.trailer().len() + 1 + checksum.value_len() + 2) as u64;
    match chunked.form().is_signed() {
        true => line + TRAILER_SIGNATURE.len() as u64 + SIGNATURE + 2,
        false => line,
    }
}

impl Encode for Encoder {
    fn chunk_size(&self) -> usize {
        self.chunked.chunk_size()
    }

    fn encoded_len(&self, length: u64) -> u64 {
        encoded_len(self.chunked, length)
    }

    fn chunk(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        out.reserve(chunk.len() + 256);
        put(out, &[format!("{:x}", chunk.len()).as_bytes()]);
        if let Some(chain) = &mut self.chain {
            let signature = chain.chunk(chunk);
            put(out, &[CHUNK_SIGNATURE.as_bytes(), signature.as_bytes()]);
        }
        put(out, &[b"\r\n", chunk]);
        match (chunk, &mut self.sum) {
            ([], _) => self.write_trailers(out),
            (chunk, Some(sum)) => sum.update(chunk),
            (_, None) => {}
        }
        put(out, &[b"\r\n"]);
    }
}

fn put(out: &mut Vec<u8>, parts: &[&[u8]]) {
    parts.iter().for_each(|part| out.extend_from_slice(part));
}
