//! The answer to an authorization request, as it stands in the redirect.

use countersign_core::{Origin, Secret};
use serde_json::Value;
use url::Url;

use super::{Authorization, RedirectError};
use crate::message::{Answer, pairs};

/// What an answer consists of; none of it may stand there twice.
const KNOWN: &[&str] = &[
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "id_token",
    "iss",
    "refresh_token",
    "scope",
    "state",
    "token_type",
];

/// How the answer came (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the redirect's query.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that the browser posted.
    FormPost,
}

/// An answer that belongs to its request. Only [`Authorization`] makes it.
#[derive(Debug)]
pub struct Authorized {
    pub(crate) redirect_uri: String,
    pub(crate) response: Response,
}

/// What was answered.
#[derive(Debug)]
pub(crate) enum Response {
    Code(Secret),
    Token(Box<Answer>),
}

type Pairs = [(String, String)];

impl Authorization {
    /// Checks the parameters of a redirect to `redirect_uri`, written as a form: `state` in constant time, `iss` where it
    /// is present, and none twice.
    ///
    /// # Errors
    ///
    /// The server's refusal, and whatever else makes it no answer to this request.
    pub fn answered(
        &self,
        redirect_uri: &str,
        mode: ResponseMode,
        parameters: &str,
    ) -> Result<Authorized, RedirectError> {
        let pairs = pairs::decode(parameters.trim_start_matches(['?', '#']));
        if let Some(name) = pairs::repeated(&pairs, KNOWN) {
            return Err(RedirectError::DuplicateParameter(name.to_owned()));
        }
        self.check_state(&pairs)?;
        self.check_issuer(pairs::get(&pairs, "iss"))?;
        if let Some(refusal) = refusal(&pairs) {
            return Err(refusal);
        }
        Ok(Authorized {
            redirect_uri: redirect_uri.to_owned(),
            response: self.response(mode, pairs)?,
        })
    }

    /// The same for the whole URL that the browser was sent to, or what stands behind its `?` or `#`.
    ///
    /// # Errors
    ///
    /// [`RedirectError::NotTheRedirectUri`] for any other URL, and those of [`answered`](Self::answered).
    pub fn redirected(&self, redirect_uri: &str, url: &str) -> Result<Authorized, RedirectError> {
        let url = url.trim();
        let bare = url.trim_start_matches(['?', '#']);
        if ["code=", "state=", "error=", "access_token="]
            .iter()
            .any(|name| bare.starts_with(name))
        {
            return self.answered(redirect_uri, self.bare_mode(), bare);
        }
        let url = same_place(redirect_uri, url).ok_or(RedirectError::NotTheRedirectUri)?;
        let (query, fragment) = (
            url.query().unwrap_or_default(),
            url.fragment().unwrap_or_default(),
        );
        match holds_answer(query) || fragment.is_empty() {
            true => self.answered(redirect_uri, ResponseMode::Query, query),
            false => self.answered(redirect_uri, ResponseMode::Fragment, fragment),
        }
    }

    fn bare_mode(&self) -> ResponseMode {
        match self.is_implicit() {
            true => ResponseMode::Fragment,
            false => ResponseMode::Query,
        }
    }

    /// A refusal may lack its state, as some servers leave it out; it can do no more than end the flow.
    fn check_state(&self, pairs: &Pairs) -> Result<(), RedirectError> {
        match pairs::get(pairs, "state") {
            Some(state) if Secret::from(state) == self.0.state => Ok(()),
            Some(_) => Err(RedirectError::StateMismatch),
            None if pairs::get(pairs, "error").is_some() => Ok(()),
            None => Err(RedirectError::MissingState),
        }
    }

    fn check_issuer(&self, issuer: Option<&str>) -> Result<(), RedirectError> {
        let asked = &self.0.setup.asked;
        match (issuer, &asked.issuer) {
            (None, _) if asked.requires_issuer => Err(RedirectError::MissingIssuer),
            (None, _) => Ok(()),
            (Some(issuer), Some(expected)) if issuer == expected => Ok(()),
            (Some(issuer), None) if self.is_of_server(issuer) => Ok(()),
            (Some(_), _) => Err(RedirectError::IssuerMismatch),
        }
    }

    fn is_of_server(&self, issuer: &str) -> bool {
        let origin = |url: &str| url.parse::<Origin>().ok();
        origin(issuer)
            .is_some_and(|issuer| Some(issuer) == origin(self.0.authorization_url.as_str()))
    }

    fn response(
        &self,
        mode: ResponseMode,
        pairs: Vec<(String, String)>,
    ) -> Result<Response, RedirectError> {
        if !self.is_implicit() {
            let code = pairs::get(&pairs, "code").filter(|code| !code.is_empty());
            let code = code.ok_or(RedirectError::MissingAnswer)?;
            return Ok(Response::Code(code.into()));
        }
        if pairs::get(&pairs, "access_token").is_none() {
            return Err(RedirectError::MissingAnswer);
        }
        if mode == ResponseMode::Query {
            return Err(RedirectError::TokenInQuery);
        }
        self.token(pairs).map(Response::Token)
    }

    fn token(&self, mut pairs: Vec<(String, String)>) -> Result<Box<Answer>, RedirectError> {
        pairs.retain(|(name, _)| !["state", "iss", "refresh_token"].contains(&name.as_str()));
        if self.0.setup.asked.is_strict && pairs::get(&pairs, "token_type").is_none() {
            return Err(RedirectError::UnreadableToken);
        }
        let object = pairs::object(pairs).map(Value::Object);
        let answer = object.and_then(|object| serde_json::from_value(object).ok());
        answer.map(Box::new).ok_or(RedirectError::UnreadableToken)
    }
}

/// Whether a query holds an answer of any kind.
pub(crate) fn holds_answer(query: &str) -> bool {
    let pairs = pairs::decode(query);
    ["code", "error", "access_token"]
        .iter()
        .any(|name| pairs::get(&pairs, name).is_some())
}

fn refusal(pairs: &Pairs) -> Option<RedirectError> {
    let text = |name| pairs::get(pairs, name).map(str::to_owned);
    Some(RedirectError::Refused {
        code: text("error")?,
        description: text("error_description"),
        uri: text("error_uri"),
    })
}

/// The URL, if query and fragment are all that it has beyond `redirect_uri`.
fn same_place(redirect_uri: &str, url: &str) -> Option<Url> {
    let bare = |mut url: Url| {
        url.set_query(None);
        url.set_fragment(None);
        url
    };
    let url = Url::parse(url).ok()?;
    let expected = Url::parse(redirect_uri).ok()?;
    (bare(url.clone()) == bare(expected)).then_some(url)
}
