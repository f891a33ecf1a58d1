//! Postman collections and environments for countersign: the authentication that each request inherits, variables in the
//! scopes of Postman, and requests ready to be sent.
//!
//! ```
//! use countersign_postman::{Collection, Environment, Level, Variables};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let collection = Collection::parse(
//!     r#"{
//!         "info": {"name": "Cave"},
//!         "auth": {"type": "basic", "basic": [
//!             {"key": "username", "value": "Aladdin"},
//!             {"key": "password", "value": "{{password}}"}
//!         ]},
//!         "item": [{"name": "Open", "request": {"method": "POST", "url": "{{host}}/door/{{$guid}}"}}]
//!     }"#,
//! )?;
//! let staging = Environment::parse(
//!     r#"{"name": "staging", "values": [
//!         {"key": "host", "value": "https://staging.example.com"},
//!         {"key": "password", "value": "open sesame", "type": "secret"}
//!     ]}"#,
//! )?;
//!
//! let item = collection.request("Open")?;
//! assert_eq!(item.effective_auth()?.type_name(), Some("basic"));
//! assert_eq!(item.effective_auth()?.level(), Some(Level::Collection));
//!
//! let variables = Variables::new().environment(staging);
//! let prepared = collection.prepare(item, &variables).await?;
//! assert_eq!(prepared.request.uri().host(), Some("staging.example.com"));
//! # Ok::<(), countersign_postman::Error>(())
//! # }).unwrap();
//! ```
//!
//! The request has its authentication in its extensions, where every driver of countersign finds it: send it through a
//! tower service below its layer, or through a reqwest client with its middleware (`reqwest::Body::wrap` takes the
//! [`Body`], and `execute_with_extensions` the extensions). Which schemes there are is what the features of `countersign`
//! say; `full` is all.
//!
//! # Where this differs from Postman
//!
//! - What cannot be signed is an error, and not a request without credentials: a type that is not known, parameters that
//!   cannot be used (see `Options::lenient`), a variable without a value.
//! - A parameter that is `disabled` is not used, and folders have variables.
//! - A file comes from the folder that [`Collection::files`] names, and one that is missing is an error.
//! - No script runs; [`Collection::scripts`] names them.
//!
//! Files of format 1 are made ones of format 2.1 as they are read, so the places that errors name are those of that.
//!
//! # Without a collection
//!
//! [`Group`](countersign::Group) has the same inheritance for requests of your own, and [`Collection::group`] makes one of a
//! folder.
#![forbid(unsafe_code)]

mod collection;
mod error;
mod export;
mod json;
mod limits;
mod request;
mod variables;

pub use collection::{Collection, EffectiveAuth, Item, Level, Script};
pub use error::{Error, ErrorKind, Result};
pub use limits::Limits;
pub use request::{Body, Prepared};
pub use variables::{
    Environment, Insistent, Scope, Secrets, Seeded, Variables, Vault, VaultSecret,
};
