//! [`Place`], whose clock it is: section "Client Clock Poisoning" of the specification.

use countersign_core::{Cx, Origin};
use http::Uri;

/// Whose clock it is. Its origin is worked out if it is needed, which is seldom.
pub(super) enum Place {
    Absolute(Uri),
    /// Of relative targets.
    Base(Option<Origin>),
}

impl Place {
    pub(super) fn of(cx: &Cx<'_>) -> Self {
        match cx.request.uri.authority() {
            Some(_) => Self::Absolute(cx.request.uri.clone()),
            None => Self::Base(cx.origin()),
        }
    }

    pub(super) fn base(&self) -> Option<&Origin> {
        match self {
            Self::Absolute(_) => None,
            Self::Base(base) => base.as_ref(),
        }
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        match self {
            Self::Absolute(uri) => Origin::of(uri),
            Self::Base(base) => base.clone(),
        }
    }
}
