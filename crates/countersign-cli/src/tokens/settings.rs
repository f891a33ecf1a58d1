//! The settings that a token was had with, as they are stored beside it.

use countersign::token::{Configuration, Entry};
use countersign::{AuthType, Parameters, Secret};
use serde_json::{Map, Value};

const KIND: AuthType = AuthType::OAuth2;

/// `parameters` to be stored, with their secrets only if that is asked for.
pub(super) fn configuration(parameters: &Parameters, keep_secrets: bool) -> Configuration {
    let part = |is_wanted: &dyn Fn(&str) -> bool| -> Map<String, Value> {
        let keys = parameters.keys().filter(|key| is_wanted(key));
        let pairs = keys.filter_map(|key| Some((key.to_owned(), parameters.get(key)?.into())));
        pairs.collect()
    };
    let open = Configuration::new(part(&|key| !KIND.is_secret(key)).into());
    match keep_secrets {
        true => open.secrets(Value::from(part(&|key| KIND.is_secret(key))).to_string()),
        false => open,
    }
}

/// The settings that are stored with `entry`, with those of `set` in their place.
pub(super) fn parameters(entry: &Entry, set: &Parameters) -> Parameters {
    let stored = entry.configuration.as_ref();
    let open = stored.map(|stored| stored.open.clone());
    let secrets = stored.and_then(|stored| stored.secrets.as_ref());
    let secrets = secrets.and_then(|text| serde_json::from_slice(text.expose()).ok());
    let mut all = Parameters::new();
    all.extend(open.into_iter().flat_map(texts));
    all.extend(secrets.into_iter().flat_map(texts));
    let given = set.keys().filter_map(|key| Some((key, set.get(key)?)));
    all.extend(given);
    all
}

fn texts(object: Value) -> Vec<(String, String)> {
    let Value::Object(object) = object else {
        return Vec::new();
    };
    let pairs = object.into_iter();
    pairs
        .filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
        .collect()
}

/// The secrets of a token.
pub(crate) fn secrets(entry: &Entry) -> impl Iterator<Item = &Secret> {
    let token = &entry.token;
    let optional = [&token.refresh, &token.id_token];
    [&token.access]
        .into_iter()
        .chain(optional.into_iter().flatten())
}
