use std::fmt;

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};

use super::{Challenges, parse};

/// The challenges of a refusal that nobody answered, in the extensions of the answer: [`Once`](crate::Once) leaves them there.
///
/// They are those of the one that the request was to be authenticated to: an origin's of a 401, a proxy's of a 407.
#[derive(Clone)]
pub struct Offered(Vec<HeaderValue>);

impl Offered {
    /// What stands in `WWW-Authenticate`; `None` if nothing does.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let values: Vec<_> = headers.get_all(WWW_AUTHENTICATE).iter().cloned().collect();
        (!values.is_empty()).then_some(Self(values))
    }

    /// The same, parsed.
    pub fn challenges(&self) -> Challenges<'_> {
        parse(&self.0)
    }
}

impl fmt::Debug for Offered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Offered").field(&self.challenges()).finish()
    }
}
