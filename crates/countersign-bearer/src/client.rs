//! The client: one token in one place.

use countersign_core::{Payload, Result, Sign, Touch};
use http::request;

use crate::credentials::Bearer;

const NAME: &str = "bearer";

impl Sign for Bearer {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reveals(&self) -> bool {
        true
    }

    fn reads_body(&self, _: &request::Parts) -> bool {
        self.placed.reads_body()
    }

    fn touches(&self, part: Touch<'_>) -> bool {
        self.placed.touches(part)
    }

    fn sign(&self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.placed.put(request, body, NAME)
    }
}
