//! [`Scope`], the region and the service that a signature is good for.

use countersign_core::canonical::Sink;
use countersign_core::{Error, Result};

/// What ends every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// The region and the service of a credential scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) region: Box<str>,
    pub(crate) service: Box<str>,
}

impl Scope {
    pub(crate) fn new(region: &str, service: &str) -> Result<Self> {
        if !is_part(region) || !is_part(service) {
            return Err(Error::configuration(
                "the region or the service is empty or holds a space, `/`, `,` or no ASCII: write \
                 them as in us-east-1 and s3",
            ));
        }
        Ok(Self {
            region: region.into(),
            service: service.into(),
        })
    }

    /// Whether the service follows the rules of S3: paths as sent, `x-amz-content-sha256`, presigned bodies unsigned.
    pub(crate) fn is_s3(&self) -> bool {
        matches!(
            &*self.service,
            "s3" | "s3-outposts" | "s3-object-lambda" | "s3express"
        )
    }

    /// Writes `day/region/service/aws4_request`.
    pub(crate) fn write(&self, day: &str, sink: &mut impl Sink) {
        for part in [day, "/", &self.region, "/", &self.service, "/", TERMINATOR] {
            sink.put(part.as_bytes());
        }
    }
}

/// What may stand in a credential: visible ASCII without what separates its parts.
pub(crate) fn is_part(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b',');
    !text.is_empty() && text.bytes().all(allowed)
}
