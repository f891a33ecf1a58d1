//! Which parameters of credentials may be shown.

/// The parameters of each scheme's credentials, and of what answers them, that neither prove nor reveal anything.
const OPEN: &[(&str, &[&str])] = &[
    (
        DIGEST,
        &[
            "username",
            "username*",
            "realm",
            "nonce",
            "uri",
            "algorithm",
            "qop",
            "nc",
            "cnonce",
            "nextnonce",
            "opaque",
            "userhash",
        ],
    ),
    ("AWS4-HMAC-SHA256", &["Credential", "SignedHeaders"]),
    ("Hawk", &["id", "ts", "nonce", "hash", "ext", "app", "dlg"]),
    (
        "OAuth",
        &[
            "realm",
            "oauth_consumer_key",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_nonce",
            "oauth_version",
            "oauth_callback",
            "oauth_body_hash",
        ],
    ),
    (EDGEGRID, &["client_token", "timestamp", "nonce"]),
];

pub(super) const DIGEST: &str = "Digest";

/// Its parameters have semicolons between them.
pub(super) const EDGEGRID: &str = "EG1-HMAC-SHA256";

/// Whether a parameter of a scheme may be shown; none of a scheme that is not known.
pub(super) fn is_open(scheme: &str, name: &str) -> bool {
    let is_it = |(known, _): &&(&str, _)| known.eq_ignore_ascii_case(scheme);
    let open = OPEN.iter().find(is_it).map_or(&[][..], |(_, open)| *open);
    open.iter().any(|open| open.eq_ignore_ascii_case(name))
}
