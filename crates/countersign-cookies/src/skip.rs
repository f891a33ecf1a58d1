//! [`NoCookies`].

/// Put into a request's extensions: the jar gives this one request no cookies, and keeps none that its answer sets.
///
/// ```
/// use countersign_cookies::NoCookies;
///
/// let mut request = http::Request::new(());
/// request.extensions_mut().insert(NoCookies);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NoCookies;
