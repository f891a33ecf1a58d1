//! [`Sender`], the client of a run.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use countersign::cookies::{Jar, NoCookies};
use countersign::sigv4::Diagnosis;
use countersign::{
    Auth, AuthBody, AuthType, BoxError, Clock, Failure as Driven, Parameters, SystemClock,
};
use countersign_postman::{Body as Upload, Prepared};
use http::{Request, Response, StatusCode};
use http_body::Body;
use tower::Service;

use super::engine::Way;
use super::outcome::{End, Outcome};
use super::profile::Profile;
use crate::args::RunArgs;
use crate::exit::Failure;
use crate::hints::{self, Evidence};
use crate::output;
use crate::redact::Redactor;
use crate::send::{self, Leg};

/// Sends requests through one client, so that its connections and what schemes learned last for the whole run.
pub(super) struct Sender<C>(C);

/// The one that the arguments ask for.
pub(super) fn new(args: &RunArgs, jar: Jar) -> Result<impl Way, Failure> {
    let client = send::client::<Upload>(&args.http, Auth::none(), Some(jar))?;
    Ok(Sender(client))
}

impl<C, R> Way for Sender<C>
where
    C: Service<Request<AuthBody<Upload>>, Response = Response<R>, Error = Driven<BoxError>> + Clone,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Unpin,
{
    async fn go(&mut self, prepared: Prepared, profile: &Profile, outcome: &mut Outcome) {
        let (mut request, made_from) = (prepared.request, prepared.made_from);
        request.extensions_mut().insert(outcome.record.clone());
        if !profile.cookies {
            request.extensions_mut().insert(NoCookies);
        }
        let end = exchange(self.0.clone(), request, profile).await;
        let legs = outcome.record.legs();
        let remarks = legs.iter().flat_map(|leg| leg.request.added.remarks());
        outcome.notes.extend(remarks);
        outcome.end = match end {
            Ok((status, found)) => {
                let found = found.map(|found| redacted(&legs, &found));
                outcome
                    .notes
                    .extend(found.or_else(|| cause(&legs, made_from.as_ref())));
                End::Answered(status)
            }
            Err(failure) => End::Failed(failure),
        };
    }
}

/// The last answer's status, once its body was read, and what the scheme found out about a refusal.
async fn exchange<C, R>(
    client: C,
    request: Request<Upload>,
    profile: &Profile,
) -> Result<(StatusCode, Option<Diagnosis>), Failure>
where
    C: Service<Request<AuthBody<Upload>>, Response = Response<R>, Error = Driven<BoxError>> + Clone,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Unpin,
{
    let response = send::send(client, profile.hops, request).await?;
    let status = response.status();
    let found = response.extensions().get::<Diagnosis>().cloned();
    read(response.into_body()).await?;
    Ok((status, found))
}

/// Reads to the end, and keeps nothing.
async fn read<R: Body<Data = Bytes, Error: Into<BoxError>> + Unpin>(
    mut body: R,
) -> Result<(), Failure> {
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        frame.map_err(|error| Failure::transport(&*error.into()))?;
    }
    Ok(())
}

/// What was found out, without what is secret in the exchange.
fn redacted(legs: &[Leg], found: &Diagnosis) -> String {
    let mut redactor = Redactor::default();
    for leg in legs {
        output::learn(&mut redactor, leg);
    }
    redactor.text(&found.to_string())
}

/// The most likely cause, if the last answer is a refusal.
fn cause(legs: &[Leg], made_from: Option<&(AuthType, Parameters)>) -> Option<String> {
    hints::cause(&Evidence {
        legs,
        kind: made_from.map_or(AuthType::NoAuth, |(kind, _)| *kind),
        parameters: made_from.map(|(_, parameters)| parameters),
        now: SystemClock.now(),
    })
}
