//! [`Chain`], the signatures of chunks.

use countersign_core::canonical::Sink;
use sha2::{Digest, Sha256};

use crate::hex::Hex;
use crate::key::{SigningKey, write_moment};
use crate::payload::EMPTY;
use crate::scope::Scope;
use crate::sha256::Long;
use crate::time::Timestamp;

const CHUNK: &str = "AWS4-HMAC-SHA256-PAYLOAD";
const TRAILER: &str = "AWS4-HMAC-SHA256-TRAILER";

/// Signs chunk after chunk, each over the signature before it; the first over that of the head.
pub(crate) struct Chain {
    key: SigningKey,
    time: Timestamp,
    scope: Scope,
    last: Hex,
}

impl Chain {
    pub(crate) fn new(key: SigningKey, time: Timestamp, scope: &Scope, seed: Hex) -> Self {
        Self {
            key,
            time,
            scope: scope.clone(),
            last: seed,
        }
    }

    /// The signature of the next chunk.
    pub(super) fn chunk(&mut self, chunk: &[u8]) -> Hex {
        let hash = sha256(chunk);
        self.sign(CHUNK, &[EMPTY.as_bytes(), b"\n", hash.as_bytes()])
    }

    /// The signature of the trailers, each a line of its own.
    pub(super) fn trailer(&mut self, lines: &[u8]) -> Hex {
        let hash = sha256(lines);
        self.sign(TRAILER, &[hash.as_bytes()])
    }

    fn sign(&mut self, algorithm: &str, hashes: &[&[u8]]) -> Hex {
        let mut text = Long::default();
        write_moment(algorithm, self.time, &self.scope, &mut text);
        text.put(self.last.as_bytes());
        text.put(b"\n");
        hashes.iter().for_each(|hash| text.put(hash));
        self.last = self.key.sign(&text);
        self.last
    }
}

fn sha256(bytes: &[u8]) -> Hex {
    Hex::of(&Sha256::digest(bytes).into())
}
