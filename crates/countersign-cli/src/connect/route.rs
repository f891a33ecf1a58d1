//! [`Route`].

use countersign::AuthType;
use http::Uri;
use http::uri::Scheme;

use crate::args::ProxyArgs;
use crate::credentials::Credentials;
use crate::exit::Failure;

/// The proxy that requests go through, in curl's terms.
#[derive(Default)]
pub(crate) struct Route {
    proxy: Option<String>,
    /// What authenticates a tunnel; what the proxy forwards has its credentials among its headers.
    tunnel: Option<(&'static str, String)>,
}

impl Route {
    /// The one that the arguments name.
    pub(crate) fn new(args: &ProxyArgs) -> Result<Self, Failure> {
        let credentials = Credentials::for_proxy(args)?;
        Ok(Self {
            proxy: args.proxy.clone(),
            tunnel: credentials.as_deref().map(tunnel),
        })
    }

    /// Options of curl and their values.
    pub(crate) fn options(&self, uri: &Uri) -> impl Iterator<Item = (&'static str, String)> {
        let tunnel = self
            .tunnel
            .iter()
            .filter(|_| uri.scheme() == Some(&Scheme::HTTPS));
        let proxy = self.proxy.iter().map(|url| ("--proxy", url.clone()));
        proxy.chain(tunnel.cloned())
    }
}

fn tunnel(credentials: &Credentials) -> (&'static str, String) {
    let text = |key| credentials.parameters.given(key).unwrap_or_default();
    let domain = match text("domain") {
        "" => String::new(),
        domain => format!("{domain}\\"),
    };
    let user = format!("{domain}{}:{}", text("username"), text("password"));
    match credentials.kind {
        AuthType::Bearer => (
            "--proxy-header",
            format!("Proxy-Authorization: Bearer {}", text("token")),
        ),
        AuthType::Digest => ("--proxy-digest --proxy-user", user),
        AuthType::Ntlm => ("--proxy-ntlm --proxy-user", user),
        _ => ("--proxy-basic --proxy-user", user),
    }
}
