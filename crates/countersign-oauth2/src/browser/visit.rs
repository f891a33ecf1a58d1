//! One request to the listener.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use countersign_core::canonical::form;
use http::header::HOST;
use http::{Method, Request, Response, request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use tokio::sync::Notify;
use url::Url;

use super::console::Console;
use super::page::{self, Page};
use crate::authorization::{Authorization, Authorized, RedirectError, ResponseMode, holds_answer};

/// The largest form, in bytes.
const MAX_FORM: usize = 64 << 10;

type Answer = Result<Authorized, RedirectError>;

/// What the visits of one authorization have brought.
pub(super) struct Visits {
    pub(super) authorization: Authorization,
    pub(super) redirect_uri: String,
    console: Arc<dyn Console>,
    state: Mutex<State>,
    answered: Notify,
}

#[derive(Default)]
struct State {
    answer: Option<Answer>,
    is_over: bool,
    last: Option<RedirectError>,
}

impl Visits {
    pub(super) fn new(
        authorization: Authorization,
        redirect_uri: String,
        console: Arc<dyn Console>,
    ) -> Arc<Self> {
        Arc::new(Self {
            authorization,
            redirect_uri,
            console,
            state: Mutex::default(),
            answered: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the last one was not let in.
    pub(super) fn last(&self) -> Option<RedirectError> {
        self.state().last.clone()
    }

    /// The answer, once there is one.
    pub(super) async fn answer(&self) -> Answer {
        loop {
            let answered = self.answered.notified();
            if let Some(answer) = self.state().answer.take() {
                return answer;
            }
            answered.await;
        }
    }

    /// Lets the one who comes be judged: the answer, if this is it. What is none is said, and waiting goes on.
    pub(super) fn judge(&self, judge: impl FnOnce(&Authorization) -> Answer) -> Option<Answer> {
        match judge(&self.authorization) {
            Err(error) if !matches!(error, RedirectError::Refused { .. }) => {
                self.console.show(&format!(
                    "An answer was not accepted: {error}. Still waiting."
                ));
                self.state().last = Some(error);
                None
            }
            answer => Some(answer),
        }
    }

    /// The page for one who comes with these parameters.
    fn page(&self, mode: ResponseMode, parameters: &str) -> Page {
        let mut state = self.state();
        if state.is_over {
            return page::used();
        }
        drop(state);
        let answer = self.judge(|one| one.answered(&self.redirect_uri, mode, parameters));
        state = self.state();
        let page = match &answer {
            Some(Ok(_)) => page::granted(),
            Some(Err(error)) => page::declined(&error.to_string()),
            None => page::refused(
                &state
                    .last
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ),
        };
        if let (Some(answer), false) = (answer, state.is_over) {
            (state.answer, state.is_over) = (Some(answer), true);
            self.answered.notify_one();
        }
        page
    }
}

/// Where the redirect leads on this machine.
pub(super) struct Place {
    path: String,
    hosts: Vec<String>,
}

impl Place {
    pub(super) fn of(url: &Url) -> Self {
        let port = match url.port() {
            Some(port) => format!(":{port}"),
            None => String::new(),
        };
        let names = [
            "127.0.0.1",
            "localhost",
            "[::1]",
            url.host_str().unwrap_or_default(),
        ];
        Self {
            path: url.path().to_owned(),
            hosts: names
                .iter()
                .map(|name| [name, port.as_str()].concat())
                .collect(),
        }
    }

    /// A page elsewhere whose name leads to this machine is not served.
    fn is_meant(&self, request: &request::Parts) -> bool {
        let mut hosts = request.headers.get_all(HOST).iter();
        let host = hosts
            .next()
            .and_then(|host| host.to_str().ok())
            .unwrap_or_default();
        let is_known = self
            .hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host));
        is_known && hosts.next().is_none() && request.uri.path() == self.path
    }
}

/// Answers one request.
pub(super) async fn receive(
    request: Request<Incoming>,
    visits: &Visits,
    place: &Place,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let page = match visits.authorization.random() {
        Ok(nonce) => answer(&head, body, visits, place).await.response(&nonce),
        Err(_) => page::missing().response(""),
    };
    page.map(Full::from)
}

async fn answer(head: &request::Parts, body: Incoming, visits: &Visits, place: &Place) -> Page {
    if !place.is_meant(head) {
        return page::missing();
    }
    let query = head.uri.query().unwrap_or_default();
    match head.method {
        Method::GET if holds_answer(query) => visits.page(ResponseMode::Query, query),
        Method::GET => page::bounce(),
        Method::POST if form::is_declared(head) => match text(body).await {
            Some(form) => visits.page(ResponseMode::FormPost, &form),
            None => page::missing(),
        },
        _ => page::missing(),
    }
}

async fn text(body: Incoming) -> Option<String> {
    let body = Limited::new(body, MAX_FORM).collect().await.ok()?;
    String::from_utf8(body.to_bytes().into()).ok()
}
