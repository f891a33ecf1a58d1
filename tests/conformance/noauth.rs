//! No authentication: the request as it is.

use countersign::Auth;
use countersign_core::Any;

use crate::entry::{Entry, ok, post};

pub(crate) fn entries() -> Vec<Entry> {
    let request = post("http://a.test/?a=b", "text/plain", "as it is");
    vec![
        Entry::new("nothing is added", [""; 2], request, |_, _| {
            Any::new(Auth::none())
        })
        .leg(&[], ok()),
    ]
}
