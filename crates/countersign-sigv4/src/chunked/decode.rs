//! [`Decoder`], the chunks as a server reads them.

use countersign_core::verify::{Decode, Reason};
use http::header::{CONTENT_ENCODING, HeaderValue};
use http::request;

use super::trailer::equal;
use super::{AWS_CHUNKED, CHUNK_SIGNATURE, Chain, Trailers};

/// How long the line before a chunk, or one behind the last, may be, in bytes.
const MAX_LINE: usize = 1 << 10;

/// Verifies chunk after chunk. A signed chunk is kept until its signature is judged.
pub(crate) struct Decoder {
    /// `None` where chunks are not signed.
    chain: Option<Chain>,
    trailers: Trailers,
    max_chunk: usize,
    /// The length of the body, and how much of it is still to come.
    length: u64,
    left: u64,
    state: State,
    line: Vec<u8>,
    chunk: Vec<u8>,
}

enum State {
    /// Before a chunk.
    Line,
    /// In one, of which so many bytes are still to come.
    Data {
        left: usize,
        signature: Vec<u8>,
    },
    /// Behind its bytes.
    DataEnd,
    /// Behind the last one.
    Trailers,
    Over,
}

impl Decoder {
    /// The body that a head announced: its `length`, and the chunks' signatures where they have some.
    pub(crate) fn new(
        chain: Option<Chain>,
        trailers: Trailers,
        length: u64,
        max_chunk: usize,
    ) -> Self {
        Self {
            chain,
            trailers,
            max_chunk,
            length,
            left: length,
            state: State::Line,
            line: Vec::new(),
            chunk: Vec::new(),
        }
    }

    /// Takes bytes up to the end of a line; the line, once it is whole.
    fn take_line(&mut self, data: &mut &[u8]) -> Result<Option<Vec<u8>>, Reason> {
        let end = data.iter().position(|byte| *byte == b'\n');
        let (piece, rest) = data.split_at(end.map_or(data.len(), |end| end + 1));
        *data = rest;
        self.line.extend_from_slice(piece);
        if self.line.len() > MAX_LINE {
            return Err(Reason::Malformed);
        }
        if end.is_none() {
            return Ok(None);
        }
        let line = std::mem::take(&mut self.line);
        match line.strip_suffix(b"\r\n") {
            Some(line) => Ok(Some(line.to_vec())),
            None => Err(Reason::Malformed),
        }
    }

    /// Reads the line before a chunk.
    fn begin(&mut self, line: &[u8]) -> Result<(), Reason> {
        let (size, signature) = match &self.chain {
            None => (line, Vec::new()),
            Some(_) => split(line).ok_or(Reason::Malformed)?,
        };
        let size = size_of(size).ok_or(Reason::Malformed)?;
        let too_large = self.chain.is_some() && size > self.max_chunk as u64;
        if size > self.left || too_large {
            return Err(Reason::Malformed);
        }
        self.left -= size;
        self.state = match size {
            0 => {
                self.judge_chunk(&signature)?;
                State::Trailers
            }
            size => State::Data {
                left: usize::try_from(size).map_err(|_| Reason::Malformed)?,
                signature,
            },
        };
        Ok(())
    }

    /// Takes what there is of a chunk.
    fn data(&mut self, data: &mut &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
        let State::Data { left, signature } = &mut self.state else {
            return Err(Reason::Malformed);
        };
        let (piece, rest) = data.split_at((*left).min(data.len()));
        *data = rest;
        *left -= piece.len();
        self.trailers.update(piece);
        match self.chain {
            Some(_) => self.chunk.extend_from_slice(piece),
            None => out.extend_from_slice(piece),
        }
        if *left == 0 {
            let signature = std::mem::take(signature);
            self.state = State::DataEnd;
            self.judge_chunk(&signature)?;
            out.append(&mut self.chunk);
        }
        Ok(())
    }

    fn judge_chunk(&mut self, signature: &[u8]) -> Result<(), Reason> {
        match &mut self.chain {
            None => Ok(()),
            Some(chain) => equal(chain.chunk(&self.chunk).as_bytes(), signature),
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Reason> {
        match (&self.state, line) {
            (State::Line, line) => self.begin(line)?,
            (State::DataEnd, []) => self.state = State::Line,
            (State::Trailers, []) => {
                self.trailers.judge(self.chain.as_mut())?;
                self.state = State::Over;
            }
            (State::Trailers, line) => self.trailers.line(line)?,
            _ => return Err(Reason::Malformed),
        }
        Ok(())
    }
}

impl Decode for Decoder {
    fn correct(&self, request: &mut request::Parts) {
        let codings = request.headers.get_all(CONTENT_ENCODING).iter();
        let codings = codings.filter_map(|value| value.to_str().ok());
        let kept: Vec<_> = codings
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(AWS_CHUNKED))
            .collect();
        let kept = HeaderValue::try_from(kept.join(", "));
        match kept {
            Ok(kept) if !kept.is_empty() => {
                request.headers.insert(CONTENT_ENCODING, kept);
            }
            _ => drop(request.headers.remove(CONTENT_ENCODING)),
        }
    }

    fn decoded_len(&self) -> Option<u64> {
        Some(self.length)
    }

    fn decode(&mut self, mut data: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
        while !data.is_empty() {
            match self.state {
                State::Data { .. } => self.data(&mut data, out)?,
                State::Over => return Err(Reason::Malformed),
                _ => {
                    if let Some(line) = self.take_line(&mut data)? {
                        self.line(&line)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Reason> {
        match (&self.state, self.left) {
            (State::Over, 0) => Ok(()),
            _ => Err(Reason::Malformed),
        }
    }
}

/// The size and the signature of a chunk.
fn split(line: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let name = CHUNK_SIGNATURE.as_bytes();
    let at = line.iter().position(|byte| *byte == b';')?;
    let (size, signature) = line.split_at(at);
    Some((size, signature.strip_prefix(name)?.to_vec()))
}

/// Hexadecimal digits, and nothing else.
fn size_of(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u64::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}
