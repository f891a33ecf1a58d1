//! [`Signer`], which sends nothing.

use bytes::Bytes;
use countersign::cookies::Jar;
use countersign_postman::{Body as Upload, Prepared};
use http::Request;
use http_body_util::{BodyExt, Limited};

use super::engine::Way;
use super::outcome::{End, Outcome, Waits};
use super::profile::Profile;
use crate::exit::Failure;
use crate::send::{self, Sent};

/// How large a body may be, in bytes: it is held in memory to be shown.
const MAX_BODY: usize = 64 << 20;

/// Signs requests and sends none.
pub(super) struct Signer(pub(super) Jar);

impl Way for Signer {
    async fn go(&mut self, prepared: Prepared, profile: &Profile, outcome: &mut Outcome) {
        outcome.end = match self.sign(prepared, profile).await {
            Ok((sent, is_bare)) => {
                outcome.notes.extend(sent.added.remarks());
                let of_jar = sent.added.remark_of_jar();
                outcome.notes.extend(of_jar.map(str::to_owned));
                let waits = match is_bare && outcome.auth.authenticates() {
                    true => Waits::ForAnswer,
                    false => Waits::Nothing,
                };
                End::Signed(Box::new(sent), waits)
            }
            Err(failure) => End::Failed(failure),
        };
    }
}

impl Signer {
    /// The request, and whether the scheme added nothing to it.
    async fn sign(&self, prepared: Prepared, profile: &Profile) -> Result<(Sent, bool), Failure> {
        let Prepared { auth, request, .. } = prepared;
        let request = send::note_before(whole(request).await?);
        let preview = countersign::preview(&auth, &send::settings(), request).await;
        let mut preview = preview.map_err(|error| Failure::scheme(&error))?;
        let is_bare = preview.added.is_empty();
        if profile.cookies {
            send::jar::show(&self.0, &mut preview);
        }
        Ok((Sent::offline(preview), is_bare))
    }
}

async fn whole(request: Request<Upload>) -> Result<Request<Bytes>, Failure> {
    let (head, body) = request.into_parts();
    let read = Limited::new(body, MAX_BODY).collect().await;
    let read = read.map_err(|error| Failure::usage(format!("the body: {error}")))?;
    Ok(Request::from_parts(head, read.to_bytes()))
}
