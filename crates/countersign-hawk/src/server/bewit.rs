//! [`Grant`], a bewit that only its key can settle.

use countersign_core::Result;
use countersign_core::canonical::query::retain;
use countersign_core::canonical::uri::request_target;
use countersign_core::verify::{Reason, Verdict};
use http::request;

use super::{Caller, Server, refuse};
use crate::calculation::{Covered, Kind, Rest};
use crate::client::NAME;
use crate::credentials::Credentials;
use crate::message::Bewit;

/// What is judged, apart from the request that it came with.
pub(super) struct Grant {
    bewit: Bewit,
    covered: Covered,
}

impl Grant {
    pub(super) fn new(server: &Server, request: &request::Parts) -> Result<Self, Reason> {
        let query = request.uri.query().unwrap_or_default();
        let bewit = Bewit::read(query).ok_or(Reason::Malformed)?;
        let host = server.host(request)?;
        let signed =
            retain(&request.uri, |pair| !Bewit::is(pair)).map_err(|_| Reason::Malformed)?;
        let covered = Covered::new(bewit.exp, "", "GET", &request_target(&signed), &host);
        Ok(Self { bewit, covered })
    }

    pub(super) async fn judge(self, server: &Server) -> Result<Verdict<Caller>> {
        let known = server.keys.find(&self.bewit.id).await?;
        // Costs the same where there is no such key.
        let right = self.is_signed_by(known.as_ref().unwrap_or(&server.nobody));
        let alive = server.sources.unix_time() < self.bewit.exp;
        match known.is_some() && right && alive {
            true => Ok(Verdict::accept(NAME, self.caller())),
            false => Ok(refuse(Reason::Rejected)),
        }
    }

    /// A bewit names no application, so a key that is bound to one makes none.
    fn is_signed_by(&self, credentials: &Credentials) -> bool {
        let rest = Rest {
            ext: self.bewit.ext.as_deref(),
            ..Rest::default()
        };
        let mac = self.covered.mac(credentials.keyed(), Kind::Bewit, &rest);
        mac.is(&*self.bewit.mac) && credentials.bound_to().is_none()
    }

    fn caller(&self) -> Caller {
        Caller::new(&self.bewit.id, self.bewit.ext.as_deref())
    }
}
