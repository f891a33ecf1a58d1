//! [`Report`].

use countersign::challenge::Offered;
use http::StatusCode;

use crate::connect::Route;
use crate::exit::{Exit, Failure};
use crate::send::Leg;

/// What happened to a request.
pub(crate) struct Report {
    legs: Vec<Leg>,
    end: End,
    note: Option<String>,
    offered: Option<Offered>,
    route: Route,
}

/// How it ended.
enum End {
    Offline,
    Answered(StatusCode),
    Failed(Failure),
}

impl Report {
    /// It was signed and not sent.
    pub(crate) fn offline(leg: Leg) -> Self {
        Self {
            legs: vec![leg],
            end: End::Offline,
            note: None,
            offered: None,
            route: Route::default(),
        }
    }

    /// The last answer came.
    pub(crate) fn answered(legs: Vec<Leg>, status: StatusCode) -> Self {
        Self {
            legs,
            end: End::Answered(status),
            note: None,
            offered: None,
            route: Route::default(),
        }
    }

    /// There is no last answer.
    pub(crate) fn failed(legs: Vec<Leg>, failure: Failure) -> Self {
        Self {
            legs,
            end: End::Failed(failure),
            note: None,
            offered: None,
            route: Route::default(),
        }
    }

    /// With what a scheme has to say about the last answer.
    pub(crate) fn noting(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }

    /// With the challenges that were not to be answered.
    pub(crate) fn offering(self, offered: Option<Offered>) -> Self {
        Self { offered, ..self }
    }

    /// Through the proxy that was in between.
    pub(crate) fn through(self, route: Route) -> Self {
        Self { route, ..self }
    }

    /// The proxy that was in between.
    pub(crate) fn route(&self) -> &Route {
        &self.route
    }

    /// What a scheme has to say about the last answer.
    pub(crate) fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// The challenges that were not to be answered.
    pub(crate) fn offered(&self) -> Option<&Offered> {
        self.offered.as_ref()
    }

    /// Every leg that went on the wire, or the one that would have.
    pub(crate) fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// How the command ends.
    pub(crate) fn exit(&self) -> Exit {
        match &self.end {
            End::Offline => Exit::Accepted,
            End::Answered(status) => Exit::of(*status),
            End::Failed(failure) => failure.exit,
        }
    }

    /// The same as a word.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.end {
            End::Offline => "offline",
            _ => self.exit().outcome(),
        }
    }

    /// The last answer's status.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self.end {
            End::Answered(status) => Some(status),
            _ => None,
        }
    }

    /// Why there is no last answer.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        match &self.end {
            End::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}
