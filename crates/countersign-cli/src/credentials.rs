//! Which scheme the arguments configure, with which parameters.

use std::path::Path;
use std::sync::Arc;

use countersign::verify::AnyVerifier;
use countersign::{Auth, AuthObject, AuthType, FixedClock, Options, Parameters, Secret, Sources};
use serde_json::Value;

use crate::args::{AuthArgs, ProxyArgs};
use crate::exit::Failure;

/// A scheme and its parameters, as the arguments say.
pub(crate) struct Credentials {
    pub(crate) kind: AuthType,
    pub(crate) parameters: Parameters,
    pub(crate) options: Options,
}

impl Credentials {
    /// Those of `--auth` and `--set`; `None` where neither is given.
    pub(crate) fn from_args(args: &AuthArgs) -> Result<Option<Self>, Failure> {
        let Some(kind) = args.auth else {
            return match args.set.is_empty() {
                true => Ok(None),
                false => Err(Failure::usage("--set needs --auth, which names the scheme")),
            };
        };
        Self::of(kind, args).map(Some)
    }

    /// Those of a file with Postman's `auth` object.
    pub(crate) fn from_file(path: &Path, args: &AuthArgs) -> Result<Self, Failure> {
        let text = read(path)?;
        let AuthObject { kind, parameters } = serde_json::from_str(&text)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        Ok(Self {
            kind,
            parameters,
            options: options(args),
        })
    }

    /// Those of OAuth 2.0, whatever of them is given.
    pub(crate) fn for_tokens(args: &AuthArgs, file: Option<&Path>) -> Result<Self, Failure> {
        let credentials = match file {
            Some(path) => Self::from_file(path, args)?,
            None => Self::of(args.auth.unwrap_or(AuthType::OAuth2), args)?,
        };
        if credentials.kind != AuthType::OAuth2 {
            return Err(Failure::usage("tokens are those of oauth2"));
        }
        if file.is_none() {
            credentials.refuse_unknown()?;
        }
        Ok(credentials)
    }

    /// Those of `--proxy-auth` and `--proxy-set`; `None` where neither is given.
    pub(crate) fn for_proxy(args: &ProxyArgs) -> Result<Option<Arc<Self>>, Failure> {
        let read = || Ok(Self::read_for_proxy(args)?.map(Arc::new));
        args.read.get_or_init(read).clone()
    }

    fn read_for_proxy(args: &ProxyArgs) -> Result<Option<Self>, Failure> {
        let Some(kind) = args.proxy_auth else {
            return Ok(None);
        };
        if !PROXY_KINDS.contains(&kind) {
            let message =
                format!("--proxy-auth {kind}: proxies take basic, digest, ntlm or bearer");
            return Err(Failure::usage(message));
        }
        let parameters = args.proxy_set.iter().map(|set| setting("--proxy-set", set));
        let credentials = Self {
            kind,
            parameters: parameters.collect::<Result<_, _>>()?,
            options: Options::new(),
        };
        credentials.refuse_all_but("--proxy-set", kind.keys().collect())?;
        Ok(Some(credentials))
    }

    /// Those of `--set` for a scheme.
    fn of(kind: AuthType, args: &AuthArgs) -> Result<Self, Failure> {
        let parameters = args.set.iter().map(|set| setting("--set", set));
        Ok(Self {
            kind,
            parameters: parameters.collect::<Result<_, _>>()?,
            options: options(args),
        })
    }

    /// The scheme, with the keys that it does not know.
    pub(crate) fn auth(&self, options: &Options) -> Result<Auth, Failure> {
        Auth::from_parameters(self.kind, &self.parameters, options)
            .map_err(|error| Failure::configuration(&error))
    }

    /// The verifier that demands it of clients that come by `http`, if that is `cleartext`, or else by `https`.
    pub(crate) fn verifier(
        &self,
        realm: &str,
        cleartext: bool,
    ) -> Result<AnyVerifier<String>, Failure> {
        let options = self.options.clone().cleartext(cleartext);
        countersign::verifier(self.kind, &self.parameters, realm, &options)
            .map_err(|error| Failure::configuration(&error))
    }

    /// The values that no output may show.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = Secret> {
        let keys = self.parameters.keys();
        let secret = keys.filter(|key| self.kind.is_secret(key));
        let texts = secret.filter_map(|key| self.parameters.get(key));
        texts.flat_map(|text| {
            let members = serde_json::from_str(text).map(members).unwrap_or_default();
            members.into_iter().chain([Secret::from(text)])
        })
    }

    /// Fails if the scheme does not know a key that was typed by hand for a client.
    pub(crate) fn refuse_unknown(&self) -> Result<(), Failure> {
        self.refuse_all_but("--set", self.kind.keys().collect())
    }

    /// As [`refuse_unknown`](Self::refuse_unknown), for a server.
    pub(crate) fn refuse_unknown_to_server(&self) -> Result<(), Failure> {
        let keys = self.kind.keys().chain(self.kind.server_keys());
        self.refuse_all_but("--set", keys.collect())
    }

    /// A scheme that is not built knows none, which is told when it is to be made.
    fn refuse_all_but(&self, flag: &str, known: Vec<&str>) -> Result<(), Failure> {
        let is_unknown = |key: &&str| !self.kind.knows(key) && !known.contains(key);
        let Some(unknown) = self.parameters.keys().find(is_unknown) else {
            return Ok(());
        };
        if !self.kind.is_built() {
            return Ok(());
        }
        Err(Failure::usage(match known.is_empty() {
            true => format!("{flag} {unknown}: {} has no such parameter", self.kind),
            false => format!(
                "{flag} {unknown}: the parameters of {} are {}",
                self.kind,
                known.join(", ")
            ),
        }))
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The schemes that a proxy is authenticated to by.
const PROXY_KINDS: [AuthType; 4] = [
    AuthType::Basic,
    AuthType::Digest,
    AuthType::Ntlm,
    AuthType::Bearer,
];

/// The values in a list of parameters, but for those that are rather options than secrets.
fn members(list: Vec<Value>) -> Vec<Secret> {
    let values = list.iter().filter_map(|member| member["value"].as_str());
    let long = values.filter(|value| value.len() >= 8);
    long.map(Secret::from).collect()
}

fn options(args: &AuthArgs) -> Options {
    let mut sources = Sources::default();
    if let Some(at) = args.at {
        sources.clock = Arc::new(FixedClock(at));
    }
    Options::new()
        .sources(sources)
        .allow_weak_key(args.allow_weak_key)
        .diagnose(true)
}

/// The key and the value behind a `flag`.
pub(crate) fn setting(flag: &str, text: &str) -> Result<(String, String), Failure> {
    // The text is not quoted: it may be a secret that lost its key.
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| Failure::usage(format!("{flag} needs KEY=VALUE")))?;
    Ok((key.to_owned(), value_of(flag, key, value)?))
}

/// A value behind a `flag`, from where it is kept.
pub(crate) fn value_of(flag: &str, key: &str, value: &str) -> Result<String, Failure> {
    if let Some(name) = value.strip_prefix("@env:") {
        let found = std::env::var(name).map_err(|error| {
            let what = match error {
                std::env::VarError::NotPresent => "is not set",
                std::env::VarError::NotUnicode(_) => "is not UTF-8",
            };
            Failure::usage(format!(
                "{flag} {key}: the environment variable {name} {what}"
            ))
        });
        return found.map(without_newline);
    }
    match value.strip_prefix("@file:") {
        Some(path) => read(Path::new(path)).map(without_newline),
        None => Ok(value.to_owned()),
    }
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn without_newline(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}
