//! [`Chain`], the signatures of chunks.

use sha2::{Digest, Sha256};

use crate::hex::Hex;
use crate::key::SigningKey;
use crate::payload::EMPTY;
use crate::scope::Scope;
use crate::time::Timestamp;

const CHUNK: &[u8] = b"AWS4-HMAC-SHA256-PAYLOAD";
const TRAILER: &[u8] = b"AWS4-HMAC-SHA256-TRAILER";

/// Signs chunk after chunk, each over the signature before it; the first over that of the head.
pub(crate) struct Chain {
    key: SigningKey,
    /// Time and scope, as every string to sign has them.
    moment: Vec<u8>,
    last: Hex,
}

impl Chain {
    pub(crate) fn new(key: SigningKey, time: Timestamp, scope: &Scope, seed: Hex) -> Self {
        let mut moment = [b"\n", time.text().as_bytes(), b"\n"].concat();
        scope.write(time.day(), &mut moment);
        moment.push(b'\n');
        Self {
            key,
            moment,
            last: seed,
        }
    }

    /// The signature of the next chunk.
    pub(super) fn chunk(&mut self, chunk: &[u8]) -> Hex {
        let hash = sha256(chunk);
        self.sign(&[CHUNK], &[b"\n", EMPTY.as_bytes(), b"\n", hash.as_bytes()])
    }

    /// The signature of the trailers, each a line of its own.
    pub(super) fn trailer(&mut self, lines: &[u8]) -> Hex {
        let hash = sha256(lines);
        self.sign(&[TRAILER], &[b"\n", hash.as_bytes()])
    }

    fn sign(&mut self, algorithm: &[&[u8]], hashes: &[&[u8]]) -> Hex {
        let before = [self.moment.as_slice(), self.last.as_bytes()];
        self.last = self.key.sign_parts(&[algorithm, &before, hashes].concat());
        self.last
    }
}

fn sha256(bytes: &[u8]) -> Hex {
    Hex::of(&Sha256::digest(bytes).into())
}
