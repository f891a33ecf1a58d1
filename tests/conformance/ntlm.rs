//! NTLM: the challenge is pyspnego's; the answer to it was computed with Python's `hmac` from the formulas of MS-NLMP,
//! section 3.3.2.

use bytes::Bytes;
use countersign_core::Any;
use countersign_ntlm::Ntlm;
use countersign_testkit::pinned;
use http::Request;

use crate::entry::{Entry, get, ok, post, refusal};

const NTLM: &str = "authorization";

fn entry(name: &'static str, request: Request<Bytes>) -> Entry {
    Entry::new(name, ["password", "passwort"], request, |password, _| {
        let ntlm = Ntlm::new("user", password).unwrap();
        Any::new(ntlm.sources(pinned(1_700_000_000)))
    })
    .on_a_connection()
}

pub(crate) fn entries() -> Vec<Entry> {
    let upload = post("http://a.test/?a=b", "text/plain", "body");
    let mut held_back = upload.clone();
    held_back.body_mut().clear();
    held_back
        .headers_mut()
        .insert(NTLM, NEGOTIATE.parse().unwrap());
    let challenge = || refusal().insert_header("www-authenticate", CHALLENGE);
    vec![
        entry("a handshake that was asked for", get("http://a.test/?a=b"))
            .asked(&["NTLM"])
            .leg(&[(NTLM, NEGOTIATE)], challenge())
            .accepted(NTLM, AUTHENTICATE),
        entry("a body that waits for the handshake", upload)
            .exactly(held_back, challenge())
            .leg(&[(NTLM, AUTHENTICATE)], ok()),
    ]
}

const NEGOTIATE: &str = "NTLM TlRMTVNTUAABAAAAB4IIogAAAAAoAAAAAAAAACgAAAAKAGNFAAAADw==";
const CHALLENGE: &str = "NTLM TlRMTVNTUAACAAAABgAGADgAAAA1goriiqU9wVzaYpMAAAAAAAAAAHIAcgA+AAAACgBjRQAAAA9MAEEAQgACAAYATABB\
    AEIAAQAGAFMAUgBWAAQAFgBsAGEAYgAuAGUAeABhAG0AcABsAGUAAwAeAHMAcgB2AC4AbABhAGIALgBlAHgAYQBtAHAA\
    bABlAAUADgBlAHgAYQBtAHAAbABlAAcACAAHAM1ma2vaAQAAAAA=";
const AUTHENTICATE: &str = "NTLM TlRMTVNTUAADAAAAGAAYAFgAAADEAMQAcAAAAAAAAAA0AQAACAAIADQBAAAAAAAAPAEAAAAAAAA8AQAABYKKogoAY0UA\
    AAAPxyVy1+BVRSzXAWn8dkc6uQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAC29dGm+i47G0nBMKJ1XR7oBAQAAAAAAAAcA\
    zWZra9oBAQIDBAUGBwgAAAAAAgAGAEwAQQBCAAEABgBTAFIAVgAEABYAbABhAGIALgBlAHgAYQBtAHAAbABlAAMAHgBz\
    AHIAdgAuAGwAYQBiAC4AZQB4AGEAbQBwAGwAZQAFAA4AZQB4AGEAbQBwAGwAZQAHAAgABwDNZmtr2gEJABYASABUAFQA\
    UAAvAGEALgB0AGUAcwB0AAYABAACAAAAAAAAAAAAAAB1AHMAZQByAA==";
