//! Collections of one request, and what becomes of it.

use bytes::Bytes;
use countersign::{Auth, Settings};
use countersign_postman::{Collection, Error, Item, Prepared, Variables};
use http_body_util::BodyExt;
use serde_json::{Value, json};

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().build().unwrap().block_on(future)
}

pub(crate) fn collection(document: &Value) -> Collection {
    Collection::parse(document.to_string()).unwrap()
}

/// A collection whose only request is this one, named `r`.
pub(crate) fn of(request: Value) -> Collection {
    collection(&json!({"item": [{"name": "r", "request": request}]}))
}

pub(crate) fn first(collection: &Collection) -> Item<'_> {
    collection.requests().next().unwrap()
}

pub(crate) fn try_prepare(
    collection: &Collection,
    variables: &Variables,
) -> Result<Prepared, Error> {
    block_on(collection.prepare(first(collection), variables))
}

pub(crate) fn prepare(request: Value, variables: &Variables) -> Prepared {
    try_prepare(&of(request), variables).unwrap()
}

pub(crate) fn failure(request: Value, variables: &Variables) -> Error {
    try_prepare(&of(request), variables).unwrap_err()
}

pub(crate) fn body(prepared: Prepared) -> Bytes {
    block_on(prepared.request.into_body().collect())
        .unwrap()
        .to_bytes()
}

pub(crate) fn text(prepared: Prepared) -> String {
    String::from_utf8(body(prepared).to_vec()).unwrap()
}

/// The value of `Authorization` that the first leg has.
pub(crate) fn authorization(auth: &Auth, prepared: Prepared) -> Option<String> {
    let (head, body) = prepared.request.into_parts();
    let request = http::Request::from_parts(head, body.as_bytes().unwrap());
    let settings = Settings::default();
    let preview = block_on(countersign::preview(auth, &settings, request)).unwrap();
    let value = preview.request.headers().get("authorization")?;
    Some(value.to_str().unwrap().to_owned())
}

/// The same of a request that is prepared by its collection.
pub(crate) fn sent(
    collection: &Collection,
    item: Item<'_>,
    variables: &Variables,
) -> Option<String> {
    let prepared = block_on(collection.prepare(item, variables)).unwrap();
    let auth = prepared.auth.clone();
    authorization(&auth, prepared)
}
