//! [`Place`], whose clock it is: section "Client Clock Poisoning" of the specification.

use countersign_core::{Cx, Origin};
use http::Uri;
use http::uri::{Authority, Scheme};

/// Whose clock it is. Its origin is worked out if it is needed, which is seldom.
pub(super) enum Place {
    Absolute(Option<Scheme>, Authority),
    /// Of relative targets.
    Base(Option<Origin>),
}

impl Place {
    pub(super) fn of(cx: &Cx<'_>) -> Self {
        let uri = &cx.request.uri;
        match uri.authority() {
            Some(authority) => Self::Absolute(uri.scheme().cloned(), authority.clone()),
            None => Self::Base(cx.origin()),
        }
    }

    pub(super) fn base(&self) -> Option<&Origin> {
        match self {
            Self::Absolute(..) => None,
            Self::Base(base) => base.as_ref(),
        }
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        match self {
            Self::Absolute(scheme, authority) => {
                let uri = Uri::builder().scheme(scheme.clone()?);
                let uri = uri.authority(authority.clone()).path_and_query("/");
                Origin::of(&uri.build().ok()?)
            }
            Self::Base(base) => base.clone(),
        }
    }
}
