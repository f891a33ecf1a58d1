//! [`Diagnosis`], why a service refused a signature.

mod compare;
mod read;

use std::fmt;

use super::Explanation;

/// Where a refused signature parts from the one that the service expected. It is in the extensions of an answer that
/// shows what was expected ([`SigV4::diagnose_refusals`](crate::SigV4::diagnose_refusals)), and in the log as a warning.
///
/// It holds no value that could be a secret: where the lines that differ are not shown, compare what the answer's body
/// says with [`SigV4::explain`](crate::SigV4::explain).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnosis {
    /// The canonical requests part in this line.
    CanonicalRequest(Parting),
    /// The canonical requests are alike or unknown, and the strings to sign part in this line.
    StringToSign(Parting),
    /// What was signed is what the service expected, so it knows another secret for the access key.
    Secret,
}

/// The first line in which two texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parting {
    /// The number of the line, from 1.
    pub line: usize,
    /// The first byte of the line that differs, from 1.
    pub column: usize,
    /// What stands in our line: `path`, `query`, `x-amz-date`.
    pub part: String,
    /// Our line and the service's, unless a secret may stand in them; empty where there is none.
    pub lines: Option<(String, String)>,
}

/// What is asked of a refusal.
#[derive(Default)]
pub(super) struct Inquiry {
    pub(super) signed: Option<Explanation>,
    pub(super) found: Option<Diagnosis>,
}

impl Inquiry {
    pub(super) fn read(&mut self, body: &[u8]) {
        let signed = self.signed.as_ref();
        self.found = signed.and_then(|signed| Diagnosis::of(signed, body));
    }
}

impl Diagnosis {
    /// What a refusal's body shows, beside what was signed; `None` if it shows nothing.
    pub(super) fn of(signed: &Explanation, body: &[u8]) -> Option<Self> {
        let expected = read::expected(body);
        let (canonical, text) = (expected.canonical_request, expected.string_to_sign);
        let ours = String::from_utf8_lossy(&signed.canonical_request);
        let in_canonical = canonical
            .as_ref()
            .and_then(|theirs| compare::canonical_requests(&ours, theirs));
        let in_text = text
            .as_ref()
            .and_then(|theirs| compare::strings_to_sign(&signed.string_to_sign, theirs));
        match (in_canonical, in_text) {
            (Some(parting), _) => Some(Self::CanonicalRequest(parting)),
            (None, Some(parting)) => Some(Self::StringToSign(parting)),
            (None, None) => (canonical.is_some() || text.is_some()).then_some(Self::Secret),
        }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CanonicalRequest(parting) => write!(f, "the canonical requests part {parting}"),
            Self::StringToSign(parting) => write!(f, "the strings to sign part {parting}"),
            Self::Secret => f.write_str(
                "the service signed the same text otherwise: the secret is not that of the access key",
            ),
        }
    }
}

impl fmt::Display for Parting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line, column, part, ..
        } = self;
        write!(f, "in line {line} ({part}), at byte {column}")?;
        match &self.lines {
            Some((ours, theirs)) => {
                let (ours, theirs) = (ours.escape_debug(), theirs.escape_debug());
                write!(f, ": ours is `{ours}`, the service's is `{theirs}`")
            }
            None => Ok(()),
        }
    }
}
