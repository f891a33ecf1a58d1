//! The JSON object that tough-cookie's `serialize` makes and its `deserialize` takes.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::error::{FormatError, Place};
use super::json::{Object, document};
use super::{is_partitioned, plain, put_domain, put_path};
use crate::cookie::{Cookie, SameSite};
use crate::partition::Partition;

/// tough-cookie knows the attribute only as one of those that it keeps unread.
const PARTITIONED: &str = "Partitioned";

pub(super) fn read(text: &str, now: Duration) -> Result<Vec<Cookie>, FormatError> {
    let document = document(text)?;
    let list = document["cookies"].as_array();
    let list = list.ok_or_else(|| {
        FormatError::of_file("a JSON object, but not of tough-cookie: it has no list of cookies")
    })?;
    Object::all(list)
        .map(|object| cookie(&object?, now))
        .collect()
}

fn cookie(object: &Object<'_>, now: Duration) -> Result<Cookie, FormatError> {
    let (name, value) = (object.text("key")?, object.text("value")?);
    if name.or(value).is_none() {
        return Err(object.wrong("key", "missing"));
    }
    let mut cookie = plain(name.unwrap_or_default(), value.unwrap_or_default(), now);
    let host_only = object.flag("hostOnly")?.unwrap_or(false);
    put_domain(&mut cookie, object.needed("domain")?, host_only)
        .map_err(|what| object.wrong("domain", what))?;
    put_path(&mut cookie, object.text("path")?.unwrap_or("/"))
        .map_err(|what| object.wrong("path", what))?;
    cookie.secure = object.flag("secure")?.unwrap_or(false);
    cookie.http_only = object.flag("httpOnly")?.unwrap_or(false);
    cookie.same_site = object.same_site("none", "default")?;
    cookie.extensions = object.list("extensions")?;
    cookie.created = time(object, "creation")?.unwrap_or(now);
    cookie.used = time(object, "lastAccessed")?.unwrap_or(now);
    cookie.expires = expires(object, cookie.created)?;
    let marks = cookie.extensions.len();
    cookie
        .extensions
        .retain(|text| !text.eq_ignore_ascii_case(PARTITIONED));
    if cookie.extensions.len() < marks {
        cookie.partition = Some(Partition::of_host(&cookie.domain));
    }
    cookie.check().map_err(|refusal| object.at(refusal))?;
    Ok(cookie)
}

/// `maxAge` comes before `expires`, and counts from when the cookie was created.
fn expires(object: &Object<'_>, created: Duration) -> Result<Option<Duration>, FormatError> {
    match object.get("maxAge") {
        None => time(object, "expires"),
        Some(age) if age == "Infinity" => Ok(None),
        Some(age) if age == "-Infinity" => Ok(Some(Duration::ZERO)),
        Some(age) => {
            let age = age.as_f64().filter(|age| age.is_finite());
            let age = age.ok_or_else(|| object.wrong("maxAge", "not a number of seconds"))?;
            let age = Duration::try_from_secs_f64(age.max(0.0)).unwrap_or(Duration::MAX);
            Ok(Some(match age {
                Duration::ZERO => Duration::ZERO,
                age => created.saturating_add(age),
            }))
        }
    }
}

/// A date of ISO 8601; `"Infinity"` is none.
fn time(object: &Object<'_>, field: &'static str) -> Result<Option<Duration>, FormatError> {
    let Some(text) = object.text(field)?.filter(|text| *text != "Infinity") else {
        return Ok(None);
    };
    let wrong = || object.wrong(field, "not a date, as in 2038-01-19T03:14:07.000Z");
    let time: Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(Some(
        Duration::try_from(time.as_duration()).unwrap_or_default(),
    ))
}

pub(super) fn write(cookies: &[Cookie]) -> Result<String, FormatError> {
    let list: Result<Vec<Value>, _> = cookies
        .iter()
        .zip(1..)
        .map(|(cookie, number)| {
            value(cookie).map_err(|what| FormatError::at(Place::Cookie(number), what))
        })
        .collect();
    let document = json!({
        "version": "tough-cookie@5.0.0",
        "storeType": "MemoryCookieStore",
        "rejectPublicSuffixes": true,
        "enableLooseMode": true,
        "allowSpecialUseDomain": true,
        "prefixSecurity": "strict",
        "cookies": list?,
    });
    Ok(format!("{document:#}\n"))
}

fn value(cookie: &Cookie) -> Result<Value, &'static str> {
    let mut extensions = cookie.extensions.clone();
    extensions.extend(is_partitioned(cookie)?.then(|| PARTITIONED.to_owned()));
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("key", cookie.name.as_str().into());
    put("value", cookie.value.expose_str().into());
    put("domain", cookie.domain.as_str().into());
    put("path", cookie.path.as_str().into());
    put("hostOnly", cookie.host_only.into());
    put("creation", date(cookie.created).into());
    put("lastAccessed", date(cookie.used).into());
    if let Some(end) = cookie.expires {
        put("expires", date(end).into());
    }
    if cookie.secure {
        put("secure", true.into());
    }
    if cookie.http_only {
        put("httpOnly", true.into());
    }
    if let Some(same_site) = cookie.same_site {
        put("sameSite", name(same_site).into());
    }
    if !extensions.is_empty() {
        put("extensions", extensions.into());
    }
    Ok(Value::Object(fields))
}

fn name(same_site: SameSite) -> &'static str {
    match same_site {
        SameSite::Strict => "strict",
        SameSite::Lax => "lax",
        SameSite::None => "none",
    }
}

/// As JavaScript writes it, in whole milliseconds; nothing after the year 9999.
fn date(time: Duration) -> String {
    let most = Timestamp::MAX.as_millisecond();
    let millis = i64::try_from(time.as_millis()).unwrap_or(most).min(most);
    let time = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
    format!("{time:.3}")
}
