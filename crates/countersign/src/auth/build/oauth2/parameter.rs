//! The custom parameters, `authRequestParams`, `tokenRequestParams` and `refreshRequestParams`: each a list of objects with
//! `key`, `value`, `enabled` and `send_as` (`request_body`, `request_url`, `request_header`).

use countersign_core::{Error, Result, Secret};
use countersign_oauth2::{Builder, Grant, Parameter};
use serde::Deserialize;
use serde_json::Value;

use crate::auth::Parameters;

#[derive(Deserialize)]
struct Custom {
    key: String,
    #[serde(default)]
    value: Value,
    #[serde(default = "enabled")]
    enabled: bool,
    #[serde(default)]
    send_as: String,
}

fn enabled() -> bool {
    true
}

impl Custom {
    fn text(&self) -> String {
        match &self.value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn is_in_body(&self) -> bool {
        ["", "request_body"].contains(&self.send_as.as_str())
    }

    fn parameter(&self) -> Result<Parameter> {
        let (key, value) = (self.key.as_str(), self.text());
        match self.send_as.as_str() {
            _ if self.is_in_body() => Ok(Parameter::body(key, value)),
            "request_url" => Ok(Parameter::url(key, value)),
            "request_header" => Ok(Parameter::header(key, value)),
            _ => Err(Error::configuration(
                "the `send_as` of a parameter of oauth2 is request_body, request_url or request_header",
            )),
        }
    }
}

/// The parameters under `key` that are switched on.
fn list(parameters: &Parameters, key: &str) -> Result<Vec<Custom>> {
    let Some(text) = parameters.given(key) else {
        return Ok(Vec::new());
    };
    // The error of the parser would show a value.
    let mut list: Vec<Custom> = serde_json::from_str(text).map_err(|_| {
        let message = format!("`{key}` is a list of objects with key, value, enabled and send_as");
        Error::configuration(message)
    })?;
    list.retain(|one| one.enabled && !one.key.is_empty());
    Ok(list)
}

/// The fields of a grant of a server's own.
pub(super) fn fields(parameters: &Parameters) -> Result<Vec<(String, Secret)>> {
    let all = list(parameters, "tokenRequestParams")?.into_iter();
    let fields = all.filter(Custom::is_in_body);
    Ok(fields
        .map(|one| (one.key.clone(), one.text().into()))
        .collect())
}

/// With all of them, but for the [`fields`] that the grant has already.
pub(super) fn add(mut builder: Builder, grant: &Grant, parameters: &Parameters) -> Result<Builder> {
    for one in list(parameters, "authRequestParams")? {
        builder = builder.authorization_parameter(one.parameter()?);
    }
    for one in list(parameters, "tokenRequestParams")? {
        let is_field = one.is_in_body() && matches!(grant, Grant::Custom { .. });
        if !is_field {
            builder = builder.token_parameter(one.parameter()?);
        }
    }
    for one in list(parameters, "refreshRequestParams")? {
        builder = builder.refresh_parameter(one.parameter()?);
    }
    Ok(builder)
}
