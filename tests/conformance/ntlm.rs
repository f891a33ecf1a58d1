//! NTLM.

use countersign_core::Any;
use countersign_ntlm::Ntlm;
use countersign_testkit::pinned;

use crate::entry::{Entry, get};

/// By MS-NLMP's test user on its domain; the challenge is pyspnego's.
pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "a handshake",
            ["password", "passwort"],
            get("http://a.test/?a=b"),
            |password, _| {
                let ntlm = Ntlm::new("user", password).unwrap();
                Any::new(ntlm.sources(pinned(1_700_000_000)))
            },
        )
        .asked(&["NTLM"])
        .leg(
            &[(
                "authorization",
                "NTLM TlRMTVNTUAABAAAAB4IIogAAAAAoAAAAAAAAACgAAAAKAGNFAAAADw==",
            )],
            crate::entry::refusal()
                .insert_header("www-authenticate", &*format!("NTLM {CHALLENGE}")),
        )
        .accepted("authorization", "NTLM AUTHENTICATE")
        .on_a_connection(),
    ]
}
const CHALLENGE: &str = "TlRMTVNTUAACAAAABgAGADgAAAA1goriiqU9wVzaYpMAAAAAAAAAAHIAcgA+AAAACgBjRQAAAA9MAEEAQgACAAYATABBAEIAAQAGAFMAUgBWAAQAFgBsAGEAYgAuAGUAeABhAG0AcABsAGUAAwAeAHMAcgB2AC4AbABhAGIALgBlAHgAYQBtAHAAbABlAAUADgBlAHgAYQBtAHAAbABlAAcACAAHAM1ma2vaAQAAAAA=";
