//! [`NtlmUser`].

use std::fmt;

/// Who a connection was authenticated as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct NtlmUser {
    /// The account's name, as the store writes it.
    pub name: String,
    /// The account's domain, or else the one that the client named; it may be empty.
    pub domain: String,
    /// What the client calls its machine. Nothing proves it.
    pub workstation: String,
}

impl fmt::Display for NtlmUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.domain {
            "" => f.write_str(&self.name),
            domain => write!(f, "{domain}\\{}", self.name),
        }
    }
}
