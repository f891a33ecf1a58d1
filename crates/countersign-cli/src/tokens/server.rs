//! What needs the authorization server.

use std::future::Future;
use std::time::Duration;

use countersign::oauth2::{Builder, OAuth2};
use countersign::token::{Entry, Manager, Refused};
use countersign::{Error, Fetch};

use super::{Person, Session, settings};
use crate::args::{GetArgs, RenewArgs, ServerArgs, TokenArgs};
use crate::connect;
use crate::credentials::Credentials;
use crate::exit::Failure;
use crate::redact::Redactor;

/// Gets a token by a grant.
pub(super) async fn get(
    args: &TokenArgs,
    get: &GetArgs,
    redactor: &mut Redactor,
) -> Result<Entry, Failure> {
    let credentials = Credentials::for_tokens(&get.server.auth, get.auth_file.as_deref())?;
    learn(redactor, &credentials);
    let (session, person) = session(args, &get.server, &credentials)?;
    let parameters = &credentials.parameters;
    let kept = settings::configuration(parameters, get.server.keep_secrets);
    let scheme = session.scheme(session.grant(parameters)?.configuration(kept))?;
    let manager = managed(&scheme)?;
    in_time(&get.server, &person, manager.token()).await?;
    session.find(Some(&manager.key().id().hex())).await
}

/// Renews a token.
pub(super) async fn refresh(
    args: &TokenArgs,
    renew: &RenewArgs,
    redactor: &mut Redactor,
) -> Result<Entry, Failure> {
    let (session, person, entry, grant) = renewal(args, renew, redactor).await?;
    let scheme = session.scheme(grant)?;
    let renewed = managed(&scheme)?.refresh();
    in_time(&renew.server, &person, renewed).await?;
    session.find(Some(&entry.id().hex())).await
}

/// Has the server revoke a token.
pub(super) async fn revoke(
    args: &TokenArgs,
    renew: &RenewArgs,
    redactor: &mut Redactor,
) -> Result<Entry, Failure> {
    let (session, person, entry, grant) = renewal(args, renew, redactor).await?;
    let source = grant.source(session.fetch.clone());
    let source = source.map_err(|error| Failure::configuration(&error))?;
    let (tokens, which) = (session.tokens(), entry.id().hex());
    in_time(&renew.server, &person, tokens.revoke(&which, &source)).await
}

/// A stored token, and the grant that it was had by.
async fn renewal(
    args: &TokenArgs,
    renew: &RenewArgs,
    redactor: &mut Redactor,
) -> Result<(Session<impl Fetch + Clone + use<>>, Person, Entry, Builder), Failure> {
    let credentials = Credentials::for_tokens(&renew.server.auth, None)?;
    learn(redactor, &credentials);
    let (session, person) = session(args, &renew.server, &credentials)?;
    let entry = session.find(renew.which.as_deref()).await?;
    super::secrets(&entry).for_each(|secret| redactor.learn(secret));
    let grant = session.renewing(&entry, &credentials.parameters)?;
    let grant = match renew.server.keep_secrets {
        true => {
            let parameters = settings::parameters(&entry, &credentials.parameters);
            grant.configuration(settings::configuration(&parameters, true))
        }
        false => grant,
    };
    Ok((session, person, entry, grant))
}

fn learn(redactor: &mut Redactor, credentials: &Credentials) {
    for secret in credentials.secrets() {
        redactor.learn(&secret);
    }
}

fn session(
    args: &TokenArgs,
    server: &ServerArgs,
    credentials: &Credentials,
) -> Result<(Session<impl Fetch + Clone + use<>>, Person), Failure> {
    let person = Person::default();
    let options = person.lead(credentials.options.clone(), server.no_browser);
    let fetch = connect::fetch(&server.http)?;
    Ok((Session::new(args.store.as_deref(), options, fetch)?, person))
}

fn managed(scheme: &OAuth2) -> Result<&Manager, Failure> {
    let fixed = || Failure::configuration(&Error::configuration("a fixed token is not renewed"));
    scheme.manager().ok_or_else(fixed)
}

async fn in_time<T>(
    server: &ServerArgs,
    person: &Person,
    work: impl Future<Output = Result<T, Refused>>,
) -> Result<T, Failure> {
    let limit = server.http.timeout.unwrap_or(Duration::MAX);
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(|refused| Failure::token(&refused)),
        Err(_) if person.is_awaited() => Err(Failure::nobody()),
        Err(_) => Err(Failure::timeout()),
    }
}
