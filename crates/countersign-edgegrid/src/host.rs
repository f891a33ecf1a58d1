//! The host that is signed in place of the one that a request is sent to.

use countersign_core::canonical::host::check;

/// The host of a base URL, which may be the host alone.
pub(crate) fn of_base(url: &str) -> Option<&str> {
    let url = url.trim_ascii();
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    let host = rest.unwrap_or(url).split('/').next()?;
    check(host).ok().map(|()| host)
}
