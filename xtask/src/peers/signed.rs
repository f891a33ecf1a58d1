//! A request that our client signed and did not send.

use super::answer::Answer;
use super::attempt::{Attempt, Part};
use super::curl::Curl;
use crate::Result;

/// Its parts as they would go out.
pub(super) struct Signed {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<String>,
    pub(super) body: String,
}

impl Signed {
    /// Sends it by curl, with what the attempt changes.
    pub(super) fn arrives(&self, attempt: &Attempt<'_>) -> Result<Answer> {
        let method = attempt.arriving(Part::Method, &self.method);
        let body = attempt.arriving(Part::Body, &self.body);
        let curl = Curl::get(&attempt.arriving(Part::Target, &self.url));
        let mut curl = curl.args(&["--path-as-is", "-X", &method]);
        for header in &self.headers {
            curl = curl.args(&["-H", header]);
        }
        if !body.is_empty() {
            curl = curl.args(&["--data-binary", &body]);
        }
        curl.answer()
    }
}
