//! [`Parameters`], what configures a type of authentication.

use std::fmt;

use countersign_core::{Error, Result, Secret};

use super::AuthType;

/// The parameters of a type of authentication, each a text under the key that Postman's collection format gives it.
///
/// A key that is given again takes the place of the earlier one. `Debug` shows the keys alone.
///
/// ```
/// use countersign::Parameters;
///
/// let parameters = Parameters::from([("username", "Aladdin"), ("password", "open sesame")]);
/// assert_eq!(parameters.get("username"), Some("Aladdin"));
/// assert_eq!(parameters.get("realm"), None);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, Secret)>);

impl Parameters {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `key`, in place of what it was.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let key = key.into();
        self.remove(&key);
        self.0.push((key, Secret::from(value.into())));
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == key);
        found.and_then(|(_, value)| value.expose_str())
    }

    /// The keys, in the order in which they were set.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes `key` out, if it is there.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(known, _)| known != key);
    }

    /// The value of `key`, empty where there is none: to Postman both are the same.
    pub fn text(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    /// The value of `key` unless it is empty.
    pub fn given(&self, key: &str) -> Option<&str> {
        self.get(key).filter(|value| !value.is_empty())
    }

    /// The value of `key`, which a `kind` cannot do without.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if it is empty or not there.
    pub fn required(&self, kind: AuthType, key: &str) -> Result<&str> {
        let missing = || Error::configuration(format!("{kind} needs {key}: set it"));
        self.given(key).ok_or_else(missing)
    }

    /// Whether `key` is `true`; it is not where it is empty or not there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for anything but `true` and `false`.
    pub fn flag(&self, key: &str) -> Result<bool> {
        match self.text(key) {
            "" | "false" => Ok(false),
            "true" => Ok(true),
            _ => Err(Error::configuration(format!("`{key}` is true or false"))),
        }
    }

    /// The whole number under `key`, if there is one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for anything but a number of 64 bits without a sign.
    pub fn number(&self, key: &str) -> Result<Option<u64>> {
        let wrong = |_| Error::configuration(format!("`{key}` is a whole number, as 60"));
        self.given(key)
            .map(|text| text.trim().parse().map_err(wrong))
            .transpose()
    }
}

impl<K: Into<String>, V: Into<String>> Extend<(K, V)> for Parameters {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, parameters: I) {
        for (key, value) in parameters {
            self.insert(key, value);
        }
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(parameters: I) -> Self {
        let mut all = Self::new();
        all.extend(parameters);
        all
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Parameters {
    fn from(parameters: [(K, V); N]) -> Self {
        parameters.into_iter().collect()
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys()).finish()
    }
}
