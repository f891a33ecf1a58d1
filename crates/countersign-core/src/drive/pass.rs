//! What travels in the extensions of requests and answers.

use http::{Uri, request};

use crate::choice::Any;

/// Put into a request's extensions: authenticates this one request to its origin in another way, or not at all. Where
/// several layers authenticate to the origin it takes the place of them all. A proxy is authenticated to as before.
///
/// ```
/// use countersign_core::Override;
///
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(Override::none());
/// ```
#[derive(Clone, Debug)]
pub struct Override(Option<Any>);

impl Override {
    /// Sends the request without credentials.
    pub fn none() -> Self {
        Self(None)
    }

    /// Authenticates with `scheme` in place of the client's own. Reuse the [`Any`], as a scheme's state lives in it.
    pub fn with(scheme: Any) -> Self {
        Self(Some(scheme))
    }

    /// Obeyed once: what stands below in the same stack sends the request as it is.
    fn obey(&mut self) -> Way {
        self.0.take().map_or(Way::Pass, Way::Other)
    }
}

/// Marks a hop that a redirect led to another origin: auth passes it through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CrossedOrigin;

/// The URI that was sent, where a scheme changed it; the redirect layer must not follow what came from it.
#[derive(Clone, Debug)]
pub(crate) struct SentUri(pub(crate) Uri);

/// Whether a redirect led it to another origin.
pub(crate) fn has_crossed(request: &request::Parts) -> bool {
    request.extensions.get::<CrossedOrigin>().is_some()
}

/// How one request is to be treated.
pub(crate) enum Way {
    Pass,
    Own,
    Other(Any),
}

impl Way {
    /// To a proxy: an [`Override`] is for the origin.
    pub(crate) fn to_proxy(admitted: bool) -> Self {
        match admitted {
            true => Self::Own,
            false => Self::Pass,
        }
    }

    /// To the origin.
    pub(crate) fn to_origin(request: &mut request::Parts, admitted: bool) -> Self {
        if has_crossed(request) {
            return Self::Pass;
        }
        match request.extensions.get_mut() {
            Some(other) => Override::obey(other),
            None if admitted => Self::Own,
            None => Self::Pass,
        }
    }
}
