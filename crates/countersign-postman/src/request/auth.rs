//! The authentication of a request, from its parameters.

use countersign::{Auth, AuthType, Override, Parameters};
use serde_json::{Map, Value};

use super::url::User;
use crate::collection::Item;
use crate::variables::{Resolver, Stop};
use crate::{Error, ErrorKind, Result, json};

/// What authenticates a request.
pub(super) struct Found {
    pub(super) kind: AuthType,
    pub(super) parameters: Parameters,
    pub(super) auth: Auth,
}

impl Found {
    /// For the request's extensions.
    pub(super) fn overriding(&self) -> Override {
        match self.kind {
            AuthType::NoAuth => Override::none(),
            _ => Override::with(self.auth.clone().into()),
        }
    }
}

/// `None` if nothing says anything. Credentials in the URL count if no level does.
pub(super) fn of(
    item: Item<'_>,
    resolver: &Resolver<'_>,
    user: Option<User>,
) -> Result<Option<Found>, Stop> {
    let effective = item.effective_auth()?;
    let (Some(object), Some(name)) = (effective.object(), effective.type_name()) else {
        return Ok(user.map(|user| of_url(item, user)).transpose()?);
    };
    let path = effective.path();
    let kind: AuthType = name.parse().map_err(|error| {
        let message = "this type of authentication is not known";
        Error::new(ErrorKind::Auth, format!("{path}.type"), message).with_source(error)
    })?;
    let parameters = parameters(kind, object, path, resolver)?;
    Ok(Some(make(item, kind, parameters, path)?))
}

fn of_url(item: Item<'_>, user: User) -> Result<Found> {
    let parameters = Parameters::from([("username", user.name), ("password", user.password)]);
    let path = format!("{}.request.url", item.path());
    make(item, AuthType::Basic, parameters, &path)
}

fn make(item: Item<'_>, kind: AuthType, parameters: Parameters, path: &str) -> Result<Found> {
    let auth = item.collection().authentication(kind, parameters.clone());
    let auth = auth.map_err(|error| {
        let message = "the authentication cannot be made from these parameters";
        Error::new(ErrorKind::Auth, path, message).with_source(error)
    });
    Ok(Found {
        kind,
        parameters,
        auth: auth?,
    })
}

fn parameters(
    kind: AuthType,
    auth: &Map<String, Value>,
    path: &str,
    resolver: &Resolver<'_>,
) -> Result<Parameters, Stop> {
    let path = format!("{path}.{kind}");
    let mut parameters = Parameters::new();
    match auth.get(kind.as_str()) {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            for entry in json::entries(list, &path) {
                let (path, entry) = entry?;
                let key = entry.get("key").and_then(Value::as_str);
                let key = key.ok_or_else(|| {
                    Error::shape(path.as_str(), "a parameter has a key, which is a text")
                })?;
                let value = entry.get("value").unwrap_or(&Value::Null);
                put(
                    &mut parameters,
                    key,
                    text(kind, value, &format!("{path}.value"), resolver)?,
                );
            }
        }
        Some(Value::Object(map)) => {
            for (key, value) in map {
                put(
                    &mut parameters,
                    key,
                    text(kind, value, &format!("{path}.{key}"), resolver)?,
                );
            }
        }
        Some(_) => return Err(Error::shape(path, "parameters are a list or an object").into()),
    }
    Ok(parameters)
}

/// One that is `null` is as if it were not there.
fn put(parameters: &mut Parameters, key: &str, value: Option<String>) {
    match value {
        Some(value) => parameters.insert(key, value),
        None => parameters.remove(key),
    }
}

fn text(
    kind: AuthType,
    value: &Value,
    path: &str,
    resolver: &Resolver<'_>,
) -> Result<Option<String>, Stop> {
    match value {
        Value::Null => Ok(None),
        Value::Array(_) | Value::Object(_) if !is_structured(kind) => {
            Err(Error::shape(path, "this is a text, a number or a truth value").into())
        }
        value => Ok(Some(json::text(&resolved(value, path, resolver)?))),
    }
}

/// Types with parameters that are JSON themselves: claims, headers, lists of parameters.
fn is_structured(kind: AuthType) -> bool {
    matches!(kind, AuthType::Jwt | AuthType::Asap | AuthType::OAuth2)
}

/// The value with the variables of every text in it resolved.
fn resolved(value: &Value, path: &str, resolver: &Resolver<'_>) -> Result<Value, Stop> {
    Ok(match value {
        Value::String(text) => Value::String(resolver.credential(text, path)?.text),
        Value::Array(list) => {
            let list = list.iter().map(|value| resolved(value, path, resolver));
            Value::Array(list.collect::<Result<_, _>>()?)
        }
        Value::Object(map) => {
            let map = map
                .iter()
                .map(|(key, value)| Ok((key.clone(), resolved(value, path, resolver)?)));
            Value::Object(map.collect::<Result<_, Stop>>()?)
        }
        other => other.clone(),
    })
}
