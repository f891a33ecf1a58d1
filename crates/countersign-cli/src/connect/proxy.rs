//! The proxy that the arguments name.

use countersign::Scheme as _;
use countersign::tower::Proxy;
use countersign::{Auth, Origin, Secret, Strength};

use crate::args::ProxyArgs;
use crate::credentials::Credentials;
use crate::exit::Failure;

/// With its credentials. Whoever reads the warning of [`check_proxy`] decides about clear text.
pub(super) fn proxy(args: &ProxyArgs) -> Result<Option<Proxy>, Failure> {
    let Some(url) = &args.proxy else {
        return Ok(None);
    };
    if url.contains('@') {
        let message = "--proxy: credentials do not belong into the URL; use --proxy-auth basic --proxy-set username=... \
                       --proxy-set password=...";
        return Err(Failure::usage(message));
    }
    let proxy = Proxy::new(url).map_err(|error| Failure::configuration(&error))?;
    let proxy = proxy.allow_cleartext(true);
    Ok(Some(match auth(args)? {
        Some(auth) => proxy.auth(auth),
        None => proxy,
    }))
}

/// Fails if the proxy cannot be used as the arguments say, and warns of what can be read on the way to it. Yields the values
/// that no output may show.
pub(crate) fn check_proxy(args: &ProxyArgs) -> Result<Vec<Secret>, Failure> {
    if proxy(args)?.is_none() {
        return Ok(Vec::new());
    }
    let origin: Option<Origin> = args.proxy.as_deref().and_then(|url| url.parse().ok());
    let is_cleartext = origin.is_some_and(|origin| origin.is_cleartext());
    let reveals = auth(args)?.is_some_and(|auth| auth.strength() == Strength::Revealing);
    if let (Some(kind), true) = (args.proxy_auth, reveals && is_cleartext) {
        eprintln!("warning: {kind} to a proxy at http:// can be read on the way; use https://");
    }
    let credentials = Credentials::for_proxy(args)?;
    let secrets = credentials.iter().flat_map(|known| known.secrets());
    Ok(secrets.collect())
}

fn auth(args: &ProxyArgs) -> Result<Option<Auth>, Failure> {
    let credentials = Credentials::for_proxy(args)?;
    let auth = credentials.map(|credentials| credentials.auth(&credentials.options));
    auth.transpose()
}
