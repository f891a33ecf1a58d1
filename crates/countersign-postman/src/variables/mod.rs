//! [`Variables`]: the scopes in which a name is looked up.

mod domain;
mod dynamic;
mod environment;
mod resolve;
mod scope;
mod secrets;
mod seeded;

use std::fmt;
use std::sync::Arc;

use countersign::Sources;

pub use environment::Environment;
pub(crate) use resolve::{Expanded, Resolver, Stop, Unknown, random, token};
pub use scope::Scope;
pub(crate) use scope::{Found, list};
pub(crate) use secrets::Fetched;
pub use secrets::{Insistent, Secrets, Vault, VaultSecret};
pub use seeded::Seeded;

/// The scopes around a collection.
///
/// A name is looked up in Postman's order: local, data, environment, the folders from the nearest, the collection, globals,
/// secrets (`vault:name`), and at last the dynamic variables, each use of which is made afresh: `$guid`, `$randomUUID`,
/// `$timestamp`, `$isoTimestamp`, `$randomInt`, `$randomAlphaNumeric`, `$randomBankAccount`, `$randomBoolean`,
/// `$randomCreditCardMask`, `$randomEmail`, `$randomExampleEmail`, `$randomHexColor`, `$randomIP`, `$randomIPV6`,
/// `$randomLatitude`, `$randomLongitude`, `$randomMACAddress`, `$randomMonth`, `$randomPassword`, `$randomPhoneNumber`,
/// `$randomPhoneNumberExt`, `$randomPrice`, `$randomProtocol`, `$randomSemver`, `$randomWeekday`. Those of Postman that draw
/// from lists of words are an error that names them. Postman does not look into folders. `Debug` shows no value.
///
/// ```
/// use countersign_postman::{Environment, Variables};
///
/// let staging = Environment::parse(r#"{"values": [{"key": "host", "value": "staging.example.com"}]}"#)?;
/// let variables = Variables::new().environment(staging).set("user", "Aladdin");
/// # Ok::<(), countersign_postman::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Variables {
    local: Scope,
    data: Scope,
    environment: Environment,
    globals: Environment,
    secrets: Option<Arc<dyn Secrets>>,
    sources: Sources,
    keeps_unresolved: bool,
}

impl Variables {
    /// None but those of the collection, and the dynamic ones.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a local variable, which goes before all others.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.local.insert(name, value);
        self
    }

    /// Takes the row of a data file.
    #[must_use]
    pub fn data(self, data: Scope) -> Self {
        Self { data, ..self }
    }

    /// Takes an environment.
    #[must_use]
    pub fn environment(self, environment: Environment) -> Self {
        Self {
            environment,
            ..self
        }
    }

    /// Takes the globals.
    #[must_use]
    pub fn globals(self, globals: Environment) -> Self {
        Self { globals, ..self }
    }

    /// Takes `vault:` names from there.
    #[must_use]
    pub fn secrets(self, secrets: impl Secrets) -> Self {
        Self {
            secrets: Some(Arc::new(secrets)),
            ..self
        }
    }

    /// Takes the time and the randomness of dynamic variables, and of the boundary in a form, from there; see [`Seeded`].
    #[must_use]
    pub fn sources(self, sources: Sources) -> Self {
        Self { sources, ..self }
    }

    /// Sends `{{name}}` as it stands where a URL, header or body has a variable without a value, as Postman does; in
    /// credentials that stays an error. Off by default.
    #[must_use]
    pub fn keep_unresolved(self, keep: bool) -> Self {
        Self {
            keeps_unresolved: keep,
            ..self
        }
    }

    pub(crate) fn provider(&self) -> Option<&dyn Secrets> {
        self.secrets.as_deref()
    }

    pub(crate) fn origins(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn unknown(&self) -> Unknown {
        match self.keeps_unresolved {
            true => Unknown::Keep,
            false => Unknown::Refuse,
        }
    }

    /// What goes before the collection.
    fn outer(&self, name: &str) -> Option<Found> {
        let set = self.local.get(name).or_else(|| self.data.get(name));
        set.map(Found::open)
            .or_else(|| list(self.environment.values(), name))
    }

    /// What comes after it.
    fn global(&self, name: &str) -> Option<Found> {
        list(self.globals.values(), name)
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variables")
            .field("local", &self.local)
            .field("data", &self.data)
            .field("environment", &self.environment)
            .field("globals", &self.globals)
            .finish_non_exhaustive()
    }
}
