//! The scheme that the arguments choose.

use countersign::{Auth, AuthType, Fetch, Options, Parameters};

use crate::args::SendArgs;
use crate::connect::{self, Offline};
use crate::credentials::Credentials;
use crate::exit::Failure;
use crate::redact::Redactor;
use crate::tokens::{Person, Session, secrets, warn_of_cleartext};

/// What configures the scheme, if there is one.
pub(super) fn credentials(args: &SendArgs) -> Result<Option<Credentials>, Failure> {
    if let Some(path) = &args.auth_file {
        return Credentials::from_file(path, &args.auth).map(Some);
    }
    if args.tokens.token.is_some() {
        return Credentials::for_tokens(&args.auth, None).map(Some);
    }
    let credentials = Credentials::from_args(&args.auth)?;
    credentials
        .iter()
        .try_for_each(Credentials::refuse_unknown)?;
    Ok(credentials)
}

/// The scheme; that of a stored token if the arguments tell of one, or of nothing else.
pub(super) async fn scheme(
    args: &SendArgs,
    credentials: &Credentials,
    person: &Person,
    redactor: &mut Redactor,
) -> Result<Auth, Failure> {
    if credentials.kind != AuthType::OAuth2 {
        return credentials.auth(&credentials.options);
    }
    let options = person.lead(credentials.options.clone(), args.tokens.no_browser);
    match args.offline {
        true => oauth(args, credentials, options, Offline, redactor).await,
        false => {
            let fetch = connect::fetch(&args.http)?;
            oauth(args, credentials, options, fetch, redactor).await
        }
    }
}

/// Whether there is neither a token nor a grant: then it is the selected token, which may need a secret to be renewed.
fn tells_no_token(args: &SendArgs, parameters: &Parameters) -> bool {
    let keys = ["accessToken", "grant_type", "grantType"];
    let is_told = keys.iter().any(|key| parameters.given(key).is_some());
    parameters.is_empty() || !is_told && args.auth_file.is_none()
}

async fn oauth(
    args: &SendArgs,
    credentials: &Credentials,
    options: Options,
    fetch: impl Fetch + Clone,
    redactor: &mut Redactor,
) -> Result<Auth, Failure> {
    let (tokens, parameters) = (&args.tokens, &credentials.parameters);
    let is_stored = tokens.token.is_some() || tells_no_token(args, parameters);
    if !is_stored && (tokens.store.is_none() || parameters.given("accessToken").is_some()) {
        warn_of_cleartext(parameters);
        return credentials.auth(&options.fetch(fetch).allow_cleartext(true));
    }
    let session = Session::new(tokens.store.as_deref(), options, fetch)?;
    if !is_stored {
        return session.kept(parameters);
    }
    let entry = session.find(tokens.token.as_deref()).await?;
    secrets(&entry).for_each(|secret| redactor.learn(secret));
    session.stored(&entry, parameters)
}
