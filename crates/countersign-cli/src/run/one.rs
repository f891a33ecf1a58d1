//! One request of a run.

use countersign::{Origin, Scheme, Strength};
use countersign_postman::{Item, Prepared, Variables};
use http::Uri;

use super::engine::Way;
use super::outcome::{End, Outcome, Target};
use super::profile::Profile;
use crate::collection::place::path_of;
use crate::collection::{Source, Supplied};
use crate::exit::Failure;
use crate::send::Record;

/// Makes the request and sends it that way. `outcome` is what is known of it before.
pub(super) async fn visit<W: Way>(
    source: &Source,
    item: Item<'_>,
    variables: &Variables,
    way: &mut W,
    outcome: &mut Outcome,
) {
    let prepared = match prepare(source, item, variables).await {
        Ok(prepared) => prepared,
        Err(failure) => return outcome.end = End::Failed(failure),
    };
    outcome.target = Some(target(&prepared));
    outcome.notes.extend(notes(&prepared, &outcome.auth));
    let profile = Profile::of(&source.collection, item);
    way.go(prepared, &profile, outcome).await;
}

/// What is known of a request before it is made.
pub(super) fn unknown(item: Item<'_>, iteration: usize) -> Outcome {
    Outcome {
        iteration,
        name: path_of(item),
        auth: Supplied::to(item).unwrap_or_default(),
        target: None,
        took: std::time::Duration::ZERO,
        record: Record::heads(),
        end: End::Failed(Failure::timeout()),
        notes: Vec::new(),
    }
}

async fn prepare(
    source: &Source,
    item: Item<'_>,
    variables: &Variables,
) -> Result<Prepared, Failure> {
    let prepared = source.collection.prepare(item, variables).await;
    prepared.map_err(|error| Failure::collection(&error))
}

fn target(prepared: &Prepared) -> Target {
    Target {
        method: prepared.request.method().clone(),
        origin: origin(prepared.request.uri()),
    }
}

fn origin(uri: &Uri) -> String {
    let origin = Origin::of(uri);
    origin.map(|origin| origin.to_string()).unwrap_or_default()
}

fn notes(prepared: &Prepared, auth: &Supplied) -> Vec<String> {
    let ignored = prepared.auth.ignored().iter();
    let mut notes: Vec<_> = ignored
        .map(|key| format!("{key:?} is ignored: the scheme has no use for it here"))
        .collect();
    let reveals = auth.authenticates() && prepared.auth.strength() == Strength::Revealing;
    let clear = Origin::of(prepared.request.uri()).is_some_and(|origin| origin.is_cleartext());
    if reveals && clear {
        notes.push(format!(
            "{} over http:// can be read on the way; use https://",
            auth.scheme()
        ));
    }
    notes
}
