//! The request as the arguments describe it, before a scheme adds to it.

use countersign::Auth;
use http::header::{CONTENT_TYPE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};

use crate::args::SendArgs;
use crate::exit::Failure;

/// The URL without its user information, and the credentials that were in it.
pub(super) fn url(text: &str) -> Result<(Uri, Option<Auth>), Failure> {
    let (uri, auth) = Auth::from_url(text).map_err(|error| Failure::configuration(&error))?;
    match uri.scheme_str() {
        Some("http" | "https") => Ok((uri, auth)),
        _ => Err(Failure::usage("URL needs http:// or https:// before it")),
    }
}

/// The head of the request, around `body`.
pub(super) fn request<B>(args: &SendArgs, uri: Uri, body: B) -> Result<Request<B>, Failure> {
    let mut request = Request::new(body);
    *request.method_mut() = args.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers(args)?;
    Ok(request)
}

fn headers(args: &SendArgs) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    for header in &args.headers {
        let (name, value) = parse(header)?;
        if name == PROXY_AUTHORIZATION && args.http.proxy.proxy.is_some() {
            return Err(Failure::usage(
                "-H Proxy-Authorization would go through a tunnel to the server: use --proxy-auth",
            ));
        }
        headers.append(name, value);
    }
    if !args.form.is_empty() && !headers.contains_key(CONTENT_TYPE) {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
    }
    Ok(headers)
}

/// The text is not quoted in an error: it may be a secret.
fn parse(header: &str) -> Result<(HeaderName, HeaderValue), Failure> {
    let wrong = |what: &str| Failure::usage(format!("-H needs 'Name: value': {what}"));
    let (name, value) = header
        .split_once(':')
        .ok_or_else(|| wrong("there is no colon"))?;
    let name = name
        .parse()
        .map_err(|_| wrong("the name has a character that is not allowed"))?;
    let value = HeaderValue::from_bytes(value.trim_matches([' ', '\t']).as_bytes());
    Ok((
        name,
        value.map_err(|_| wrong("the value has a control character"))?,
    ))
}
