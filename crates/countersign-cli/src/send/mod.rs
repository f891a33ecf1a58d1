//! `countersign send`: one request, authenticated, and a report of what went on the wire.

mod auth;
mod body;
mod client;
mod framing;
pub(crate) mod jar;
mod leg;
mod record;
mod request;
mod tape;

use countersign::challenge::Offered;
use countersign::sigv4::Diagnosis;
use countersign::{Auth, AuthType, BoxError, Origin, Scheme, Strength};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};

use crate::args::{Dump, SendArgs};
use crate::connect::{self, Route};
use crate::credentials::Credentials;
use crate::exit::{Exit, Failure};
use crate::hints::{self, Evidence};
use crate::output::{self, Report, Style};
use crate::redact::Redactor;
use crate::tokens::Person;
use body::Upload;
pub(crate) use client::{client, send, settings};
pub(crate) use leg::{Leg, Received, Sent};
pub(crate) use record::{Record, note_before};

const NOT_SHOWN: &str =
    "--offline does not show what --proxy-auth adds: that is made as the proxy is spoken to";

const NOT_ANSWERED: &str = "disableRetryRequest leaves the challenge without an answer";

/// How large an answer may be, in bytes: it is held in memory to be shown.
const MAX_ANSWER: usize = 1 << 30;

/// Sends, prints what happened and says how it ended.
pub(crate) async fn run(args: Box<SendArgs>) -> Exit {
    let mut redactor = Redactor::new(args.raw || args.dump == Some(Dump::Raw));
    let report = match prepare(&args, &mut redactor).await {
        Err(failure) => Report::failed(Vec::new(), failure),
        Ok(ready) if args.offline => offline(&args, ready).await,
        Ok(ready) => online(&args, ready).await,
    };
    let report = report.through(Route::new(&args.http.proxy).unwrap_or_default());
    output::print(&report, redactor, Style::of(&args));
    report.exit()
}

/// A request that is ready to be signed.
struct Ready {
    kind: AuthType,
    credentials: Option<Credentials>,
    auth: Auth,
    request: Request<Upload>,
    person: Person,
}

/// The most likely cause, if the last answer is a refusal.
fn cause(kind: AuthType, credentials: Option<&Credentials>, legs: &[Leg]) -> Option<String> {
    let sources = credentials.map(|known| known.options.sources.clone());
    hints::cause(&Evidence {
        legs,
        kind,
        parameters: credentials.map(|known| &known.parameters),
        now: sources.unwrap_or_default().clock.now(),
    })
}

async fn prepare(args: &SendArgs, redactor: &mut Redactor) -> Result<Ready, Failure> {
    let credentials = auth::credentials(args)?;
    let of_proxy = connect::check_proxy(&args.http.proxy)?;
    for secret in credentials
        .iter()
        .flat_map(Credentials::secrets)
        .chain(of_proxy)
    {
        redactor.learn(&secret);
    }
    let (uri, in_url) = request::url(&args.url)?;
    let person = Person::default();
    let (kind, auth) = match (&credentials, in_url) {
        (Some(credentials), _) => {
            let auth = auth::scheme(args, credentials, &person, redactor).await?;
            (credentials.kind, auth)
        }
        (None, Some(auth)) => (AuthType::Basic, auth),
        (None, None) => (AuthType::NoAuth, Auth::none()),
    };
    note_ignored(&auth);
    warn_of_cleartext(kind, &auth, &uri);
    let body = Upload::from_args(args).await?;
    let request = request::request(args, uri, body)?;
    Ok(Ready {
        kind,
        credentials,
        auth,
        request,
        person,
    })
}

fn note_ignored(auth: &Auth) {
    for key in auth.ignored() {
        eprintln!("note: {key:?} is ignored: the scheme has no use for it here");
    }
}

fn warn_of_cleartext(kind: AuthType, auth: &Auth, uri: &Uri) {
    let reveals = kind != AuthType::NoAuth && auth.strength() == Strength::Revealing;
    if reveals && Origin::of(uri).is_some_and(|origin| origin.is_cleartext()) {
        eprintln!("warning: {kind} over http:// can be read on the way; use https://");
    }
}

async fn offline(args: &SendArgs, ready: Ready) -> Report {
    let of_proxy = args.http.proxy.proxy_auth.is_some();
    match sign(args, ready).await {
        Ok(leg) => Report::offline(leg).noting(of_proxy.then(|| NOT_SHOWN.to_owned())),
        Err(failure) => Report::failed(Vec::new(), failure),
    }
}

async fn sign(args: &SendArgs, Ready { auth, request, .. }: Ready) -> Result<Leg, Failure> {
    let jar = jar::of(args)?;
    let (head, body) = record::note_before(request).into_parts();
    let request = Request::from_parts(head, body.whole()?);
    let preview = countersign::preview(&auth, &client::settings(), request).await;
    let mut preview = preview.map_err(|error| Failure::scheme(&error))?;
    if let Some(jar) = jar {
        jar::show(&jar, &mut preview);
    }
    Ok(Leg {
        request: Sent::offline(preview),
        response: None,
    })
}

async fn online(args: &SendArgs, ready: Ready) -> Report {
    let Ready {
        kind,
        credentials,
        auth,
        request,
        person,
    } = ready;
    let record = Record::whole();
    let answered = exchange(args, auth, request, record.clone());
    let result = match args.http.timeout {
        Some(limit) => tokio::time::timeout(limit, answered)
            .await
            .unwrap_or_else(|_| Err(late(&person))),
        None => answered.await,
    };
    match result {
        Ok(last) => {
            let (legs, status) = (record.legs(), last.status);
            let found = last.diagnosis;
            let note = found.or_else(|| match last.offered {
                Some(_) => Some(NOT_ANSWERED.to_owned()),
                None => cause(kind, credentials.as_ref(), &legs),
            });
            let note = note.map(|note| named(note, status, args));
            let report = Report::answered(legs, status).noting(note);
            report.offering(last.offered)
        }
        Err(failure) => Report::failed(record.legs(), failure),
    }
}

/// A 407 with the name of the proxy, if it can only be its own.
fn named(note: String, status: StatusCode, args: &SendArgs) -> String {
    let is_forwarded = args.url.to_ascii_lowercase().starts_with("http:");
    match &args.http.proxy.proxy {
        Some(url) if is_forwarded && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            format!("{note}: {url}")
        }
        _ => note,
    }
}

fn late(person: &Person) -> Failure {
    match person.is_awaited() {
        true => Failure::nobody(),
        false => Failure::timeout(),
    }
}

/// The last answer, once its body was read.
struct Last {
    status: StatusCode,
    /// What the scheme found out about a refusal.
    diagnosis: Option<String>,
    /// The challenges that were not to be answered.
    offered: Option<Offered>,
}

async fn exchange(
    args: &SendArgs,
    auth: Auth,
    mut request: Request<Upload>,
    record: Record,
) -> Result<Last, Failure> {
    let hops = if args.follow { 10 } else { 0 };
    request.extensions_mut().insert(record);
    let jar = jar::of(args)?;
    let client = client(&args.http, auth, jar.clone())?;
    let response = send(client, hops, request).await;
    jar::save(args, jar)?;
    let response = response?;
    let found = response.extensions().get::<Diagnosis>();
    let last = Last {
        status: response.status(),
        diagnosis: found.map(ToString::to_string),
        offered: response.extensions().get().cloned(),
    };
    let body = std::pin::pin!(Limited::new(response.into_body(), MAX_ANSWER));
    let read = body.collect().await;
    read.map_err(|error: BoxError| Failure::transport(&*error))?;
    Ok(last)
}
