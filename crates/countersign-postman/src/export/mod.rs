//! Files without the secrets that are in them.

mod names;
mod sweep;

use serde_json::Value;
use sweep::Sweep;

use crate::{Collection, Environment};

impl Collection {
    /// The same with an empty text in the place of each secret: to be shown or published.
    ///
    /// Secrets are the secret parameters of `auth` objects (of all types in them, known or not), variables of the type
    /// `secret`, and the values of headers, parameters, form fields and variables whose name says so (`password`,
    /// `X-Api-Key`, `access_token`, …), the password in a URL, and each of these values wherever else it stands, in a raw
    /// body or an example, say. A reference to a variable (`{{token}}`) is no secret. A secret that stands nowhere but in
    /// free text cannot be known and stays.
    ///
    /// ```
    /// use countersign_postman::Collection;
    ///
    /// let collection = Collection::parse(r#"{"item": [], "auth": {"type": "bearer", "bearer": {"token": "t0k3n"}}}"#)?;
    /// assert!(!collection.without_secrets().to_json().contains("t0k3n"));
    /// # Ok::<(), countersign_postman::Error>(())
    /// ```
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        self.replaced(emptied(self.as_value()))
    }

    /// The same with a variable in the place of each secret, and an environment of this name that holds them. Together they
    /// make the same requests.
    ///
    /// What is a secret is as for [`without_secrets`](Self::without_secrets).
    ///
    /// ```
    /// use countersign_postman::Collection;
    ///
    /// let collection = Collection::parse(r#"{"item": [], "auth": {"type": "bearer", "bearer": {"token": "t0k3n"}}}"#)?;
    /// let (shared, secrets) = collection.split_secrets("my secrets");
    /// assert!(shared.to_json().contains("{{secret_token}}"));
    /// assert!(secrets.to_json().contains("t0k3n"));
    /// # Ok::<(), countersign_postman::Error>(())
    /// ```
    pub fn split_secrets(&self, name: &str) -> (Self, Environment) {
        let mut document = self.as_value().clone();
        let mut sweep = Sweep::moving(self.to_json());
        sweep.all(&mut document);
        let secrets = Environment::of_secrets(name, sweep.secrets());
        (self.replaced(document), secrets)
    }
}

impl Environment {
    /// The same with an empty text in the place of each secret, as for [`Collection::without_secrets`].
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        Self::replaced(emptied(self.as_value()))
    }
}

fn emptied(document: &Value) -> Value {
    let mut document = document.clone();
    Sweep::emptying().all(&mut document);
    document
}
