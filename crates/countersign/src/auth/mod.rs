//! [`Auth`], any scheme chosen at run time.

mod build;
#[cfg(any(feature = "jwt", feature = "oauth2"))]
mod fetcher;
mod keys;
mod kind;
mod none;
mod object;
mod options;
mod parameters;
#[cfg(feature = "oauth2")]
mod ports;
mod tables;
#[cfg(feature = "basic")]
mod url;

use countersign_core::{Any, AnyOf, Begin, Cx, Exchange, Result, Scheme, Strength};
use serde::de::{Deserialize, Deserializer, Error as _};

#[cfg(feature = "oauth2")]
pub use build::grant;
pub use build::verifier;
pub use kind::AuthType;
pub use object::AuthObject;
pub use options::Options;
pub use parameters::Parameters;

/// Any scheme, chosen at run time. A clone shares the scheme's state.
///
/// It is made of a scheme (`Auth::from(basic)`), of [parameters](Self::from_parameters), or read from Postman's `auth`
/// object, which is [`AuthObject`] with the default [`Options`]:
///
/// ```
/// # #[cfg(feature = "basic")] {
/// use countersign::{Auth, ErrorKind};
///
/// let auth: Auth = serde_json::from_str(
///     r#"{"type": "basic", "basic": {"username": "Aladdin", "password": "open sesame"}}"#,
/// )?;
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Auth {
    scheme: Any,
    /// The same scheme as it takes part in a choice: it waits to be asked.
    reactive: Any,
    ignored: Vec<String>,
}

impl Auth {
    /// Sends nothing.
    pub fn none() -> Self {
        Self::new(none::NoAuth)
    }

    /// A scheme of your own, or one whose type is to be forgotten.
    pub fn new(scheme: impl Scheme) -> Self {
        Self::from(Any::new(scheme))
    }

    /// A choice: the first request to an origin has no credentials, and the strongest challenge that one of these can
    /// answer is answered. See [`AnyOf`].
    pub fn any_of(choice: impl IntoIterator<Item = Self>) -> Self {
        Self::new(AnyOf::new(choice.into_iter().map(|auth| auth.reactive)))
    }

    /// What `parameters` describe for a `kind` of authentication, by the keys of Postman's collection format.
    ///
    /// ```
    /// # #[cfg(feature = "apikey")] {
    /// use countersign::{Auth, AuthType, Options, Parameters};
    ///
    /// let parameters = Parameters::from([("key", "X-Api-Key"), ("value", "k1"), ("colour", "red")]);
    /// let auth = Auth::from_parameters(AuthType::ApiKey, &parameters, &Options::new())?;
    /// assert_eq!(auth.ignored(), ["colour"]);
    /// # }
    /// # Ok::<(), countersign::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) for a kind that is not built, or whose feature is
    /// off; [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) for parameters that cannot be used.
    pub fn from_parameters(
        kind: AuthType,
        parameters: &Parameters,
        options: &Options,
    ) -> Result<Self> {
        let mut auth = build::client(kind, parameters, options)?;
        let unknown = parameters.keys().filter(|key| !kind.knows(key));
        auth.ignored.extend(unknown.map(str::to_owned));
        Ok(auth)
    }

    /// The keys that the parameters had and that do nothing: those that the type does not know, and those that say
    /// something only beside another one.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The same where this key did nothing.
    #[cfg(feature = "hawk")]
    fn ignoring(mut self, key: &str) -> Self {
        self.ignored.push(key.to_owned());
        self
    }

    /// A scheme with the form of it that answers a challenge.
    #[cfg(feature = "basic")]
    fn with_reactive(scheme: impl Scheme, reactive: impl Scheme) -> Self {
        Self {
            reactive: Any::new(reactive),
            ..Self::new(scheme)
        }
    }
}

impl Scheme for Auth {
    type Exchange = Box<dyn Exchange>;

    fn begin(&self, cx: Cx<'_>) -> Begin<Box<dyn Exchange>> {
        self.scheme.begin(cx)
    }

    fn strength(&self) -> Strength {
        self.scheme.strength()
    }

    fn pins(&self) -> bool {
        self.scheme.pins()
    }
}

impl From<Any> for Auth {
    fn from(scheme: Any) -> Self {
        Self {
            reactive: scheme.clone(),
            scheme,
            ignored: Vec::new(),
        }
    }
}

impl From<Auth> for Any {
    fn from(auth: Auth) -> Self {
        auth.scheme
    }
}

impl From<AnyOf> for Auth {
    fn from(choice: AnyOf) -> Self {
        Self::new(choice)
    }
}

impl TryFrom<&AuthObject> for Auth {
    type Error = countersign_core::Error;

    fn try_from(object: &AuthObject) -> Result<Self> {
        Self::from_parameters(object.kind, &object.parameters, &Options::new())
    }
}

impl<'de> Deserialize<'de> for Auth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = AuthObject::deserialize(deserializer)?;
        Self::try_from(&object).map_err(D::Error::custom)
    }
}
