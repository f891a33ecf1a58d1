//! What is hashed: RFC 7616, sections 3.4.1 to 3.4.4 and 3.5. Client and server share it.

use countersign_core::Secret;
use zeroize::Zeroizing;

use crate::hash::{Function, Hasher, Hex};
use crate::message::Qop;

/// `H(A1)`: as good as the password, so it is wiped.
#[derive(Clone)]
pub(crate) struct Ha1(Zeroizing<Hex>);

impl Ha1 {
    /// Section 3.4.2, the plain algorithms.
    pub(crate) fn new(function: Function, user: &str, realm: &[u8], password: &Secret) -> Self {
        let parts = [user.as_bytes(), b":", realm, b":", password.expose()];
        Self(Zeroizing::new(function.hash(&parts)))
    }

    /// What a store holds; `None` if it is no hash.
    pub(crate) fn read(hex: &str) -> Option<Self> {
        Hex::read(hex).map(|hex| Self(Zeroizing::new(hex)))
    }

    /// Section 3.4.2, the `-sess` algorithms: it holds for one nonce and the first client nonce used with it.
    pub(crate) fn session(&self, function: Function, nonce: &[u8], cnonce: &[u8]) -> Self {
        let parts = [self.as_bytes(), b":", nonce, b":", cnonce];
        Self(Zeroizing::new(function.hash(&parts)))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Section 3.4.4.
pub(crate) fn userhash(function: Function, user: &str, realm: &[u8]) -> Hex {
    function.hash(&[user.as_bytes(), b":", realm])
}

/// `H(A2)`, section 3.4.3. Of an answer the method is empty, section 3.5. `body` is there for `auth-int` alone.
pub(crate) fn ha2(function: Function, method: &str, uri: &[u8], body: Option<&[u8]>) -> Hex {
    let method = method.as_bytes();
    match body {
        None => function.hash(&[method, b":", uri]),
        Some(body) => function.hash(&[method, b":", uri, b":", &function.hash(&[body])]),
    }
}

/// Which use of a nonce a message is; RFC 2069 knows none of it.
#[derive(Clone, Copy)]
pub(crate) struct Count<'a> {
    pub(crate) nc: [u8; 8],
    pub(crate) cnonce: &'a [u8],
    pub(crate) qop: Qop,
}

/// The hash of `H(A1):nonce:`, with which every response of one nonce begins.
#[derive(Clone)]
pub(crate) struct Keyed(Hasher);

impl Keyed {
    pub(crate) fn new(function: Function, ha1: &Ha1, nonce: &[u8]) -> Self {
        Self(Hasher::new(function, &[ha1.as_bytes(), b":", nonce, b":"]))
    }

    /// Section 3.4.1; without a count, section 2.1.2 of RFC 2069.
    pub(crate) fn response(&self, count: Option<Count<'_>>, ha2: &Hex) -> Hex {
        let Some(Count { nc, cnonce, qop }) = count else {
            return self.0.finish(&[ha2]);
        };
        let qop = qop.name().as_bytes();
        self.0.finish(&[&nc, b":", cnonce, b":", qop, b":", ha2])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::*;
    use crate::Algorithm;
    use crate::hash::eight_digits;

    fn body(vector: &Value) -> Vec<u8> {
        let body = &vector["body"];
        match (body["b64"].as_str(), body["fill"].as_str()) {
            (Some(text), _) => STANDARD.decode(text).unwrap(),
            (None, Some(fill)) => fill
                .repeat(body["len"].as_u64().unwrap() as usize)
                .into_bytes(),
            (None, None) => Vec::new(),
        }
    }

    #[test]
    fn every_stage_is_that_of_the_reference() {
        let file: Value =
            serde_json::from_str(include_str!("../tests/vectors/digest.json")).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 136);
        for vector in vectors {
            stages(vector);
        }
    }

    fn stages(vector: &Value) {
        let text = |name: &str| vector[name].as_str().unwrap_or_default();
        let algorithm = Algorithm::of(text("algorithm")).unwrap();
        let function = algorithm.function();
        let (nonce, cnonce) = (text("nonce").as_bytes(), text("cnonce").as_bytes());
        let password = Secret::from(text("password"));
        let mut ha1 = Ha1::new(function, text("user"), text("realm").as_bytes(), &password);
        if algorithm.is_session() {
            ha1 = ha1.session(function, nonce, cnonce);
        }
        assert_eq!(ha1.as_bytes(), text("ha1").as_bytes(), "{}", text("id"));
        let qop = Qop::of(text("qop"));
        let body = body(vector);
        let protected = (qop == Some(Qop::AuthInt)).then_some(&*body);
        let uri = text("target").as_bytes();
        let ha2 = super::ha2(function, text("method"), uri, protected);
        assert_eq!(ha2.to_string(), text("ha2"), "{}", text("id"));
        let keyed = Keyed::new(function, &ha1, nonce);
        let nc = eight_digits(u32::from_str_radix(text("nc"), 16).unwrap_or_default());
        let count = qop.map(|qop| Count { nc, cnonce, qop });
        assert_eq!(
            keyed.response(count, &ha2).to_string(),
            text("response"),
            "{}",
            text("id")
        );
        if let Some(hash) = vector["userhash"].as_str() {
            let own = userhash(function, text("user"), text("realm").as_bytes());
            assert_eq!(own.to_string(), hash, "{}", text("id"));
        }
    }
}
