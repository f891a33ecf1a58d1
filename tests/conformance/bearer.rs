//! Bearer: the token of RFC 6750, section 2, in its three places.

use countersign_bearer::Bearer;
use countersign_core::Any;

use crate::entry::{Entry, ok, post};

const TOKENS: [&str; 2] = ["mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqN"];
const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn entries() -> Vec<Entry> {
    let request = post("http://a.test/?a=b", FORM, "a=b");
    let mut in_form = request.clone();
    *in_form.body_mut() = "a=b&access_token=mF_9.B5f-4.1JqM".into();
    vec![
        Entry::new("in the header", TOKENS, request.clone(), |token, _| {
            Any::new(Bearer::new(token).unwrap())
        })
        .accepted("authorization", "Bearer mF_9.B5f-4.1JqM"),
        Entry::new(
            "under another prefix",
            TOKENS,
            request.clone(),
            |token, _| Any::new(Bearer::new(token).unwrap().prefix("Token").unwrap()),
        )
        .accepted("authorization", "Token mF_9.B5f-4.1JqM"),
        Entry::new("in the query", TOKENS, request.clone(), |token, _| {
            Any::new(Bearer::new(token).unwrap().in_query())
        })
        .accepted_at("/?a=b&access_token=mF_9.B5f-4.1JqM"),
        Entry::new("in a form", TOKENS, request, |token, _| {
            Any::new(Bearer::new(token).unwrap().in_form())
        })
        .exactly(in_form, ok()),
    ]
}
