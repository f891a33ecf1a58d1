//! A random challenge and the request that answers it.

use countersign_core::Payload;
use countersign_core::challenge::{Param, parse_credentials};
use countersign_digest::{Digest, Preset, Qop};
use countersign_oracles::{answer, refusal, sign};
use http::{HeaderValue, Request, request};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) realm: String,
    pub(crate) nonce: String,
    pub(crate) opaque: Option<String>,
    pub(crate) algorithm: Option<&'static str>,
    pub(crate) qop: Option<&'static str>,
    pub(crate) userhash: bool,
    pub(crate) utf8: bool,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
    pub(crate) cnonce: String,
}

/// The algorithms that both peers know; neither knows SHA-512 or another case.
pub(crate) const ALGORITHMS: [&str; 6] = [
    "MD5",
    "MD5-sess",
    "SHA-256",
    "SHA-256-sess",
    "SHA-512-256",
    "SHA-512-256-sess",
];

/// Printable ASCII, quotes and backslashes among it: in a challenge neither peer reads more. digest_auth mixes up the
/// positions of bytes and characters, http-auth refuses obs-text.
const ASCII: &str = "[ -~]{0,40}";
/// A user may have any name. http-auth sends one that does not fit between quotes as `username*`.
const TEXT: &str = "[ -~äéß€漢😀]{0,30}";

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let challenge = (
        ASCII,
        "[ -~]{1,60}",
        // http-auth takes an empty opaque for none.
        weighted(0.5, "[ -~]{1,40}"),
        weighted(0.8, select(&ALGORITHMS[..])),
        weighted(
            0.8,
            select(vec!["auth", "auth-int", "auth,auth-int", "auth-int, auth"]),
        ),
        any::<bool>(),
        any::<bool>(),
    );
    let request = (
        TEXT,
        TEXT,
        select(vec!["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"]),
        r"/[a-zA-Z0-9/._~!$&'()*+,;=:@%-]{0,30}(\?[a-z0-9=&%+/?,'-]{0,30})?",
        proptest::collection::vec(any::<u8>(), 0..200),
        "[!-~]{1,40}",
    );
    (challenge, request).prop_map(|(challenge, request)| {
        let (realm, nonce, opaque, algorithm, qop, userhash, utf8) = challenge;
        let (username, password, method, target, body, cnonce) = request;
        Case {
            realm,
            nonce,
            opaque,
            algorithm,
            qop,
            userhash,
            utf8,
            username,
            password,
            method,
            target,
            body,
            cnonce,
        }
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

impl Case {
    /// The challenge as a server writes it.
    pub(crate) fn challenge(&self) -> String {
        let params = [
            Some(format!("realm={}", quoted(&self.realm))),
            Some(format!("nonce={}", quoted(&self.nonce))),
            self.opaque
                .as_ref()
                .map(|opaque| format!("opaque={}", quoted(opaque))),
            self.algorithm.map(|name| format!("algorithm={name}")),
            self.qop.map(|list| format!("qop=\"{list}\"")),
            self.userhash.then(|| "userhash=true".to_owned()),
            self.utf8.then(|| "charset=UTF-8".to_owned()),
        ];
        let params: Vec<_> = params.into_iter().flatten().collect();
        format!("Digest {}", params.join(", "))
    }

    pub(crate) fn client(&self) -> Digest {
        let digest = Digest::new(self.username.clone(), self.password.as_str()).unwrap();
        let preset = Preset::new().client_nonce(self.cnonce.clone());
        digest.preset(preset).unwrap()
    }

    fn head(&self) -> request::Parts {
        let uri = format!("https://www.example.org{}", self.target);
        let request = Request::builder().method(self.method).uri(uri);
        request.body(()).unwrap().into_parts().0
    }

    /// What the client sends as the answer to the challenge, and then with the same nonce.
    pub(crate) fn ours(&self, digest: &Digest) -> [HeaderValue; 2] {
        let refused = refusal(HeaderValue::from_str(&self.challenge()).unwrap());
        let mut head = self.head();
        let mut body = Payload::whole(self.body.clone().into());
        answer(digest, &mut head, &mut body, &refused).unwrap();
        let first = head.headers.remove("authorization").unwrap();
        sign(digest, &mut head, &mut body).unwrap();
        [first, head.headers.remove("authorization").unwrap()]
    }
}

impl Case {
    /// What the client sends with all that it may choose taken from the credentials of another.
    pub(crate) fn ours_like(&self, theirs: &str) -> HeaderValue {
        let theirs = HeaderValue::from_bytes(theirs.as_bytes()).unwrap();
        let theirs = parse_credentials(&theirs).unwrap();
        let text = |name| theirs.text(name).unwrap_or_default();
        let mut preset = Preset::new().realm(&self.realm).nonce(&self.nonce);
        if let Some(opaque) = &self.opaque {
            preset = preset.opaque(opaque);
        }
        if let Some(qop) = Qop::of(text("qop")) {
            let count = u32::from_str_radix(text("nc"), 16).unwrap();
            preset = preset
                .qop(qop)
                .nonce_count(count)
                .client_nonce(text("cnonce"));
        }
        let digest = Digest::new(self.username.clone(), self.password.as_str()).unwrap();
        let digest = digest.preset(preset).unwrap();
        let mut head = self.head();
        sign(&digest, &mut head, &mut Payload::default()).unwrap();
        head.headers.remove("authorization").unwrap()
    }
}

/// Every parameter that is in both has the same value in both; the response is in both.
pub(crate) fn same(ours: &HeaderValue, theirs: &str) -> Result<(), TestCaseError> {
    let theirs = HeaderValue::from_bytes(theirs.as_bytes()).unwrap();
    let (ours, theirs) = (parse_credentials(ours), parse_credentials(&theirs));
    let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
    prop_assert!(ours.param("response").is_some());
    for name in ours.params().iter().map(Param::name) {
        let (mine, their) = (ours.text(name), theirs.text(name));
        prop_assert!(
            their.is_none() || mine == their,
            "{name}: {mine:?} {their:?}"
        );
    }
    prop_assert_eq!(ours.text("response"), theirs.text("response"));
    Ok(())
}
