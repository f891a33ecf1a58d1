//! From an item to a request that can be sent.

mod auth;
mod body;
mod comments;
mod form;
mod headers;
mod mode;
mod url;

use std::fmt;

use countersign::{Auth, AuthType, Choice, Parameters};
use http::{Method, Request, Uri};
use serde_json::{Map, Value};

pub use body::Body;

use crate::collection::Item;
use crate::variables::{Fetched, Resolver, Stop, VaultSecret};
use crate::{Error, ErrorKind, Result, Variables, json};

/// More secrets than one request names.
const MAX_SECRETS: usize = 64;

/// A request of a collection, as it is to be sent.
///
/// All variables are resolved, so whatever sends it again sends the same. `Debug` shows neither URL nor headers.
#[non_exhaustive]
pub struct Prepared {
    /// The request. Where the collection says something about its authentication, that is in its extensions as an
    /// [`Override`](countersign::Override), which every driver obeys.
    pub request: Request<Body>,
    /// The same authentication; [`Auth::none`] if the collection says nothing, or that there is none.
    pub auth: Auth,
    /// What it was made from; `None` where the collection says nothing.
    pub made_from: Option<(AuthType, Parameters)>,
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("method", self.request.method())
            .field("body", self.request.body())
            .finish_non_exhaustive()
    }
}

pub(crate) async fn prepare(item: Item<'_>, variables: &Variables) -> Result<Prepared> {
    with_secrets(item, variables, build).await
}

pub(crate) async fn auth(item: Item<'_>, variables: &Variables) -> Result<Auth> {
    let found = with_secrets(item, variables, |item, resolver| {
        let target = url::target(&view(item)?, resolver)?;
        resolver.go_to(&target.uri)?;
        auth::of(item, resolver, target.user)
    });
    Ok(found.await?.map_or_else(Auth::none, |found| found.auth))
}

/// What a folder says of requests that go to `target`.
pub(crate) async fn choice(item: Item<'_>, target: &Uri, variables: &Variables) -> Result<Choice> {
    let found = with_secrets(item, variables, |item, resolver| {
        resolver.go_to(target)?;
        auth::of(item, resolver, None)
    });
    Ok(match found.await? {
        None => Choice::Inherit,
        Some(found) if found.kind == AuthType::NoAuth => Choice::NoAuth,
        Some(found) => Choice::Auth(found.auth),
    })
}

/// Makes something of an item; each secret that this turns out to need is fetched, and it is made anew.
async fn with_secrets<T>(
    item: Item<'_>,
    variables: &Variables,
    make: impl Fn(Item<'_>, &Resolver<'_>) -> Result<T, Stop>,
) -> Result<T> {
    let mut fetched = Fetched::new();
    loop {
        let made = make(item, &Resolver::new(item, variables, &fetched));
        let wanted = match made {
            Ok(made) => return Ok(made),
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Wanted(wanted)) => wanted,
        };
        let secret = fetch(&wanted, item, variables, fetched.len()).await?;
        fetched.insert(wanted, secret);
    }
}

async fn fetch(
    name: &str,
    item: Item<'_>,
    variables: &Variables,
    count: usize,
) -> Result<Option<VaultSecret>> {
    let failed = |what| Error::variable_is(ErrorKind::Secret, &item.path(), name, what);
    let provider = variables.provider().filter(|_| count < MAX_SECRETS);
    let provider = provider.ok_or_else(|| failed("is one secret too many for a request"))?;
    let secret = provider.secret(name).await;
    secret.map_err(|error| failed("is a secret that could not be fetched").with_source(error))
}

/// The `request` of an item, and where it is.
struct View<'a> {
    object: std::borrow::Cow<'a, Map<String, Value>>,
    path: String,
}

fn view(item: Item<'_>) -> Result<View<'_>> {
    use std::borrow::Cow;
    let path = format!("{}.request", item.path());
    let object = match item.object().get("request") {
        Some(Value::Object(request)) => Cow::Borrowed(request),
        // The short form is a URL alone.
        Some(url @ Value::String(_)) => {
            Cow::Owned(Map::from_iter([("url".to_owned(), url.clone())]))
        }
        _ => {
            return Err(Error::shape(
                path,
                "an item has a request, which is an object or a URL",
            ));
        }
    };
    Ok(View { object, path })
}

fn build(item: Item<'_>, resolver: &Resolver<'_>) -> Result<Prepared, Stop> {
    let view = view(item)?;
    let target = url::target(&view, resolver)?;
    resolver.go_to(&target.uri)?;
    let method = method(&view, resolver)?;
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers::of(&view, resolver)?;
    if mode::is_sent(item, &method) {
        *request.body_mut() = mode::body(item, &view, resolver, request.headers_mut())?;
    }
    *request.method_mut() = method;
    *request.uri_mut() = target.uri;
    let found = auth::of(item, resolver, target.user)?;
    if let Some(found) = &found {
        request.extensions_mut().insert(found.overriding());
    }
    let (auth, made_from) = match found {
        Some(found) => (found.auth, Some((found.kind, found.parameters))),
        None => (Auth::none(), None),
    };
    Ok(Prepared {
        request,
        auth,
        made_from,
    })
}

fn method(view: &View<'_>, resolver: &Resolver<'_>) -> Result<Method, Stop> {
    let path = format!("{}.method", view.path);
    let text = view
        .object
        .get("method")
        .map(json::text)
        .unwrap_or_default();
    let name = resolver.text(&text, &path)?.text.to_ascii_uppercase();
    if name.is_empty() {
        return Ok(Method::GET);
    }
    let wrong = |_| Error::new(ErrorKind::Request, path, "this is no method of HTTP");
    Ok(Method::from_bytes(name.as_bytes()).map_err(wrong)?)
}

pub(crate) fn unresolved(item: Item<'_>, variables: &Variables) -> Vec<String> {
    let fetched = Fetched::new();
    let resolver = Resolver::new(item, variables, &fetched);
    let mut names = Vec::new();
    if let Some(auth) = item
        .effective_auth()
        .ok()
        .as_ref()
        .and_then(|auth| auth.object())
    {
        let used = auth.get(json::str_of(auth, "type"));
        used.iter()
            .for_each(|parameters| search(parameters, &resolver, &mut names));
    }
    let request = item.object().get("request");
    match request.and_then(Value::as_object) {
        Some(request) => {
            let sent = request
                .iter()
                .filter(|(key, _)| !["auth", "description"].contains(&key.as_str()));
            sent.for_each(|(_, value)| search(value, &resolver, &mut names));
        }
        None => request
            .iter()
            .for_each(|url| search(url, &resolver, &mut names)),
    }
    names
}

fn search(value: &Value, resolver: &Resolver<'_>, names: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let failure = resolver.credential(text, "").err();
            if let Some(Stop::Failed(error)) = failure
                && let Some(name) = error
                    .variable()
                    .filter(|name| !names.iter().any(|known| known == name))
            {
                names.push(name.to_owned());
            }
        }
        Value::Array(list) => list.iter().for_each(|value| search(value, resolver, names)),
        Value::Object(object) => object
            .values()
            .for_each(|value| search(value, resolver, names)),
        _ => {}
    }
}
