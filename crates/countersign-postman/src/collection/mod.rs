//! [`Collection`], a file of requests.

mod auth;
mod cache;
mod folder;
mod index;
mod item;
mod legacy;
mod scripts;
mod v1;

use std::fmt;
use std::path::{Path, PathBuf};

use countersign::{Auth, Group, Options};
use http::Uri;
use serde_json::{Map, Value};

pub use auth::{EffectiveAuth, Level};
use cache::Auths;
pub use item::Item;
pub use scripts::Script;

use crate::request::{self, Prepared};
use crate::{Error, ErrorKind, Limits, Result, Variables, json};

/// A collection in the format 2.1 or 2.0, with all that is in its file; or one of format 1, which is made one of format 2.1
/// as it is read.
///
/// What this crate does not know is kept: a file that is parsed and written again has the same members in the same order.
/// (Numbers beyond 64 bits lose digits, as in Postman, and of members with the same name in one object the last is kept.)
/// `Debug` shows its name and size alone. A clone shares the state of the schemes.
#[derive(Clone)]
pub struct Collection {
    document: Value,
    requests: Vec<Box<[u32]>>,
    options: Options,
    files: Option<PathBuf>,
    auths: Auths,
}

impl Collection {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// What is no JSON, no collection of these formats, or beyond the default [`Limits`].
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self> {
        Self::parse_within(text, Limits::default())
    }

    /// Reads the text of a file within other limits.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn parse_within(text: impl AsRef<[u8]>, limits: Limits) -> Result<Self> {
        Self::of(json::parse(text.as_ref(), &limits)?, &limits)
    }

    /// Reads a file; no more of it than the default [`Limits`] allow.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse), and if the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let limits = Limits::default();
        Self::of(json::open(path.as_ref(), &limits)?, &limits)
    }

    fn of(document: Value, limits: &Limits) -> Result<Self> {
        let document = current(document, limits)?;
        let root = root(&document).ok_or_else(|| Error::shape("", "this is no JSON object"))?;
        Ok(Self {
            requests: index::requests(root, limits)?,
            document,
            options: Options::new(),
            files: None,
            auths: Auths::default(),
        })
    }

    /// Makes schemes with these options, from Postman's leniency to the sources of time and randomness.
    #[must_use]
    pub fn options(self, options: Options) -> Self {
        Self {
            options,
            auths: Auths::default(),
            ..self
        }
    }

    /// Lets bodies take files from this folder and those in it. Without it, and for other files, that is an error.
    #[must_use]
    pub fn files(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            files: Some(folder.into()),
            ..self
        }
    }

    /// The collection's name; empty if it has none.
    pub fn name(&self) -> &str {
        let info = self.root().get("info").and_then(Value::as_object);
        info.map_or("", |info| json::str_of(info, "name"))
    }

    /// All requests, in the order of the file.
    pub fn requests(&self) -> impl ExactSizeIterator<Item = Item<'_>> {
        self.requests.iter().map(|place| Item::new(self, place))
    }

    /// The one request of this name, or of this path of names (`"Folder/Request"`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Item`] if there is none, or more than one.
    pub fn request(&self, name: &str) -> Result<Item<'_>> {
        let mut found = self.requests().filter(|item| item.is_called(name));
        match (found.next(), found.next()) {
            (Some(item), None) => Ok(item),
            (None, _) => Err(Error::new(ErrorKind::Item, "", "no request has this name")),
            _ => Err(Error::new(
                ErrorKind::Item,
                "",
                "several requests have this name: put their folders before it, with slashes",
            )),
        }
    }

    /// The authentication of a request, inherited where it is, with its variables resolved. [`Auth::none`] if none is
    /// configured.
    ///
    /// Equal parameters give the same scheme again, so its state (a nonce, say) lives from one request to the next.
    ///
    /// # Errors
    ///
    /// Those of [`prepare`](Self::prepare) that concern the URL, which secrets are bound to, and the authentication.
    pub async fn auth_for(&self, item: Item<'_>, variables: &Variables) -> Result<Auth> {
        request::auth(item, variables).await
    }

    /// A group for requests of your own that are authenticated as those in a folder: told by its name, or by a path of names
    /// (`"Outer/Inner"`); the empty name is the collection itself. `target` is where they go, to which secrets are bound.
    ///
    /// ```
    /// use countersign::{Choice, Override};
    /// use countersign_postman::{Collection, Variables};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let collection = Collection::parse(r#"{
    ///     "auth": {"type": "bearer", "bearer": {"token": "t0k3n"}},
    ///     "item": [{"name": "Public", "item": [], "auth": {"type": "noauth"}}]
    /// }"#)?;
    /// let target = "https://api.example.com/".parse().unwrap();
    /// let api = collection.group("", &target, &Variables::new()).await?;
    /// let public = collection.group("Public", &target, &Variables::new()).await?;
    ///
    /// let mut request = http::Request::get("https://api.example.com/doors").body(()).unwrap();
    /// api.apply(&Choice::Inherit, request.extensions_mut());
    /// assert!(request.extensions().get::<Override>().is_some());
    /// assert!(matches!(public.effective(&Choice::Inherit), Choice::NoAuth));
    /// # Ok::<(), countersign_postman::Error>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Item`] if there is no such folder, or more than one, and those of [`prepare`](Self::prepare) that
    /// concern the authentication.
    pub async fn group(&self, folder: &str, target: &Uri, variables: &Variables) -> Result<Group> {
        let place = folder::place(self.root(), folder)?;
        let choice = request::choice(Item::new(self, &place), target, variables).await?;
        Ok(Group::new(choice))
    }

    /// A request as it is to be sent: variables resolved, once, with its authentication in its extensions.
    ///
    /// # Errors
    ///
    /// Whatever cannot be used, with its place in the file; a variable without a value, a secret that is bound to another
    /// domain or that cannot be fetched. Nothing is sent then.
    pub async fn prepare(&self, item: Item<'_>, variables: &Variables) -> Result<Prepared> {
        request::prepare(item, variables).await
    }

    /// The names of the variables in a request and its authentication that have no value, each once. Secrets that are
    /// fetched are not asked for.
    pub fn unresolved(&self, item: Item<'_>, variables: &Variables) -> Vec<String> {
        request::unresolved(item, variables)
    }

    /// The scripts of the collection, its folders and its requests. This crate runs none.
    pub fn scripts(&self) -> Vec<Script> {
        scripts::all(self.root())
    }

    /// The file's text, indented by tabs.
    pub fn to_json(&self) -> String {
        json::print(&self.document)
    }

    /// The tree of JSON.
    pub fn as_value(&self) -> &Value {
        &self.document
    }

    pub(crate) fn replaced(&self, document: Value) -> Self {
        Self {
            document,
            auths: Auths::default(),
            ..self.clone()
        }
    }

    pub(crate) fn root(&self) -> &Map<String, Value> {
        static NOTHING: std::sync::LazyLock<Map<String, Value>> =
            std::sync::LazyLock::new(Map::new);
        root(&self.document).unwrap_or(&NOTHING)
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.files.as_deref()
    }

    pub(crate) fn authentication(
        &self,
        kind: countersign::AuthType,
        parameters: countersign::Parameters,
    ) -> countersign::Result<Auth> {
        self.auths.of(kind, parameters, &self.options)
    }
}

/// A file of format 1 is made one of format 2.1, without what a service wrapped it in.
fn current(mut document: Value, limits: &Limits) -> Result<Value> {
    if !root(&document).is_some_and(v1::is) {
        return Ok(document);
    }
    let wrapped = document
        .get_mut("collection")
        .filter(|inner| inner.is_object());
    let old = wrapped.map(Value::take).unwrap_or(document);
    match old {
        Value::Object(old) => Ok(Value::Object(v1::converted(old, limits)?)),
        other => Ok(other),
    }
}

/// The collection itself, also where a service wrapped it in an object.
fn root(document: &Value) -> Option<&Map<String, Value>> {
    let object = document.as_object()?;
    let wrapped = object.get("collection").and_then(Value::as_object);
    wrapped
        .filter(|_| !object.contains_key("item"))
        .or(Some(object))
}

impl fmt::Debug for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collection")
            .field("name", &self.name())
            .field("requests", &self.requests.len())
            .finish_non_exhaustive()
    }
}
