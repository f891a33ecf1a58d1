//! What whoever runs the server could set, said once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use countersign::verify::Refusal;
use http::Response;

/// The advice that was said already.
#[derive(Clone, Default)]
pub(super) struct Said(Arc<Mutex<HashSet<&'static str>>>);

impl Said {
    /// Says by which setting a request that was refused would be let in.
    pub(super) fn look<B>(&self, response: &Response<B>) {
        let refusal = response.extensions().get::<Refusal>();
        let Some(advice) = refusal.and_then(|refusal| refusal.advice) else {
            return;
        };
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if said.insert(advice) {
            eprintln!("note: a request was refused: {advice}");
        }
    }
}
