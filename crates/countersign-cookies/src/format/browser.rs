//! The JSON array that browser extensions export: the `Cookie` objects of the extensions' API.

use std::time::Duration;

use serde_json::{Value, json};

use super::error::FormatError;
use super::json::{Object, document};
use super::{plain, put_domain, put_path};
use crate::cookie::{Cookie, SameSite};
use crate::partition::Partition;

pub(super) fn read(text: &str, now: Duration) -> Result<Vec<Cookie>, FormatError> {
    let document = document(text)?;
    let list = document.as_array().map(Vec::as_slice).unwrap_or_default();
    Object::all(list)
        .map(|object| cookie(&object?, now))
        .collect()
}

fn cookie(object: &Object<'_>, now: Duration) -> Result<Cookie, FormatError> {
    let mut cookie = plain(object.needed("name")?, object.needed("value")?, now);
    let domain = object.needed("domain")?;
    let host_only = object.flag("hostOnly")?.unwrap_or(!domain.starts_with('.'));
    put_domain(&mut cookie, domain, host_only).map_err(|what| object.wrong("domain", what))?;
    put_path(&mut cookie, object.text("path")?.unwrap_or("/"))
        .map_err(|what| object.wrong("path", what))?;
    cookie.secure = object.flag("secure")?.unwrap_or(false);
    cookie.http_only = object.flag("httpOnly")?.unwrap_or(false);
    cookie.same_site = object.same_site("no_restriction", "unspecified")?;
    cookie.store = object.text("storeId")?.map(str::to_owned);
    cookie.partition = partition(object)?;
    if !object.flag("session")?.unwrap_or(false) {
        cookie.expires = object.seconds("expirationDate")?;
    }
    if object
        .text("firstPartyDomain")?
        .is_some_and(|domain| !domain.is_empty())
    {
        return Err(object.wrong("firstPartyDomain", "first-party isolation is not supported"));
    }
    cookie.check().map_err(|refusal| object.at(refusal))?;
    Ok(cookie)
}

fn partition(object: &Object<'_>) -> Result<Option<Partition>, FormatError> {
    const FIELD: &str = "partitionKey";
    let Some(key) = object.get(FIELD) else {
        return Ok(None);
    };
    let site = key["topLevelSite"]
        .as_str()
        .and_then(|site| Partition::new(site).ok());
    let site = site.ok_or_else(|| object.wrong(FIELD, "its topLevelSite is not a site"))?;
    let ancestor = match &key["hasCrossSiteAncestor"] {
        Value::Null => Some(false),
        ancestor => ancestor.as_bool(),
    };
    let wrong = "its hasCrossSiteAncestor is neither true nor false";
    let ancestor = ancestor.ok_or_else(|| object.wrong(FIELD, wrong))?;
    Ok(Some(site.cross_site_ancestor(ancestor)))
}

pub(super) fn write(cookies: &[Cookie]) -> String {
    let list: Vec<Value> = cookies.iter().map(value).collect();
    format!("{:#}\n", Value::Array(list))
}

fn value(cookie: &Cookie) -> Value {
    let dot = if cookie.host_only { "" } else { "." };
    let partition = cookie.partition.as_ref().map(|partition| {
        json!({
            "topLevelSite": partition.site(),
            "hasCrossSiteAncestor": partition.has_cross_site_ancestor(),
        })
    });
    let mut value = json!({
        "domain": format!("{dot}{}", cookie.domain),
        "hostOnly": cookie.host_only,
        "httpOnly": cookie.http_only,
        "name": cookie.name,
        "partitionKey": partition,
        "path": cookie.path,
        "sameSite": name(cookie.same_site),
        "secure": cookie.secure,
        "session": cookie.expires.is_none(),
        "storeId": cookie.store,
        "value": cookie.value.expose_str(),
    });
    if let Some(end) = cookie.expires {
        value["expirationDate"] = end.as_secs_f64().into();
    }
    value
}

fn name(same_site: Option<SameSite>) -> &'static str {
    match same_site {
        Some(SameSite::Strict) => "strict",
        Some(SameSite::Lax) => "lax",
        Some(SameSite::None) => "no_restriction",
        None => "unspecified",
    }
}
