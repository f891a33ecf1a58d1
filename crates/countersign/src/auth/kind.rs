//! [`AuthType`], the 13 names that Postman knows.

use std::fmt;
use std::str::FromStr;

use countersign_core::Error;

/// The type of an `auth` object, by Postman's name.
///
/// All 13 are known; which of them this build can make is what [`Auth::from_parameters`](crate::Auth::from_parameters)
/// says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthType {
    /// `noauth`: nothing is sent.
    NoAuth,
    /// `apikey`: a key in a header, the query or a cookie.
    ApiKey,
    /// `bearer`: a token, RFC 6750.
    Bearer,
    /// `basic`: user name and password, RFC 7617.
    Basic,
    /// `digest`: a proof of the password, RFC 7616.
    Digest,
    /// `oauth1`: RFC 5849.
    OAuth1,
    /// `oauth2`: RFC 6749.
    OAuth2,
    /// `hawk`.
    Hawk,
    /// `awsv4`: AWS Signature Version 4.
    AwsV4,
    /// `ntlm`.
    Ntlm,
    /// `edgegrid`: Akamai EdgeGrid.
    EdgeGrid,
    /// `jwt`: a JSON Web Token that is made for the request.
    Jwt,
    /// `asap`: Atlassian's service authentication.
    Asap,
}

impl AuthType {
    /// Every type.
    pub const ALL: [Self; 13] = [
        Self::NoAuth,
        Self::ApiKey,
        Self::Bearer,
        Self::Basic,
        Self::Digest,
        Self::OAuth1,
        Self::OAuth2,
        Self::Hawk,
        Self::AwsV4,
        Self::Ntlm,
        Self::EdgeGrid,
        Self::Jwt,
        Self::Asap,
    ];

    /// Postman's name of it: `"basic"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAuth => "noauth",
            Self::ApiKey => "apikey",
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Digest => "digest",
            Self::OAuth1 => "oauth1",
            Self::OAuth2 => "oauth2",
            Self::Hawk => "hawk",
            Self::AwsV4 => "awsv4",
            Self::Ntlm => "ntlm",
            Self::EdgeGrid => "edgegrid",
            Self::Jwt => "jwt",
            Self::Asap => "asap",
        }
    }
}

impl fmt::Display for AuthType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AuthType {
    type Err = Error;

    /// Reads Postman's name, in lower case as it is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for any other name; the text lists those there
    /// are.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        known.ok_or_else(unknown)
    }
}

fn unknown() -> Error {
    let names = AuthType::ALL.map(AuthType::as_str).join(", ");
    Error::configuration(format!("unknown type of authentication: there are {names}"))
}
