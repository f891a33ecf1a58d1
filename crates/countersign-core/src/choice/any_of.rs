//! [`AnyOf`], a choice of several schemes.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::WWW_AUTHENTICATE;
use http::{StatusCode, request, response};

use super::Any;
use crate::begin::Begin;
use crate::error::{Error, ErrorKind, Result};
use crate::origin::Origin;
use crate::lanes::Connection;
use crate::payload::Payload;
use crate::scheme::{Binding, Cx, Exchange, Leg, Next, Scheme, Strength};

/// How many origins a choice remembers; past it, it starts anew.
const MAX_ORIGINS: usize = 1024;

/// A choice of schemes: the first request starts without credentials, and the strongest challenge that one of them
/// can answer is answered. The choice is remembered per origin, so later requests start with it.
///
/// A scheme with a pinned minimum ([`Scheme::pins`]) removes every weaker one from the choice, whatever a server
/// offers. Where no scheme can answer, the refusal is the caller's.
#[derive(Clone, Debug)]
pub struct AnyOf(Arc<Choice>);

#[derive(Debug)]
struct Choice {
    schemes: Vec<Any>,
    chosen: Mutex<HashMap<Option<Origin>, usize>>,
}

impl AnyOf {
    /// A choice of `schemes`; of two that are equally strong, the one that comes first is preferred.
    pub fn new(schemes: impl IntoIterator<Item = Any>) -> Self {
        let mut schemes: Vec<Any> = schemes.into_iter().collect();
        let pinned = schemes
            .iter()
            .filter(|scheme| scheme.pins())
            .map(Any::strength)
            .max();
        schemes.retain(|scheme| pinned.is_none_or(|minimum| scheme.strength() >= minimum));
        schemes.sort_by_key(|scheme| std::cmp::Reverse(scheme.strength()));
        Self(Arc::new(Choice {
            schemes,
            chosen: Mutex::default(),
        }))
    }

    /// Drops every scheme weaker than `minimum` from the choice.
    #[must_use]
    pub fn at_least(self, minimum: Strength) -> Self {
        let schemes = self
            .0
            .schemes
            .iter()
            .filter(|scheme| scheme.strength() >= minimum);
        Self::new(schemes.cloned())
    }

    fn choosing(&self, inner: Option<Box<dyn Exchange>>, origin: Option<Origin>) -> Choosing {
        Choosing {
            inner,
            answers: false,
            origin,
            choice: Arc::clone(&self.0),
        }
    }

    fn answer(&self, cx: Cx<'_>) -> Begin<Choosing> {
        let origin = cx.origin();
        for (index, scheme) in self.0.schemes.iter().enumerate() {
            let begin = scheme.begin(cx);
            if begin.failed_with() == Some(ErrorKind::Challenge) {
                continue;
            }
            self.0.remember(origin.clone(), index);
            let choosing = self.choosing(None, origin);
            return begin.map(move |inner| Choosing {
                inner: Some(inner),
                answers: true,
                ..choosing
            });
        }
        Begin::failed(Error::challenge(
            "the server offers no scheme that this client may use",
        ))
    }
}

impl Choice {
    fn recall(&self, origin: &Option<Origin>) -> Option<&Any> {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        self.schemes.get(*chosen.get(origin)?)
    }

    fn remember(&self, origin: Option<Origin>, index: usize) {
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if chosen.len() >= MAX_ORIGINS {
            chosen.clear();
        }
        chosen.insert(origin, index);
    }

    fn forget(&self, origin: &Option<Origin>) {
        self.chosen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(origin);
    }
}

impl Scheme for AnyOf {
    type Exchange = Choosing;

    fn begin(&self, cx: Cx<'_>) -> Begin<Choosing> {
        if cx.refused.is_some() {
            return self.answer(cx);
        }
        let origin = cx.origin();
        let Some(scheme) = self.0.recall(&origin) else {
            return Begin::ready(self.choosing(None, origin));
        };
        let choosing = self.choosing(None, origin);
        scheme.begin(cx).map(move |inner| Choosing {
            inner: Some(inner),
            ..choosing
        })
    }

    fn strength(&self) -> Strength {
        let strengths = self.0.schemes.iter().map(Any::strength);
        strengths.min().unwrap_or(Strength::Revealing)
    }

    fn pins(&self) -> bool {
        self.0.schemes.iter().any(Any::pins)
    }
}

/// The exchange of [`AnyOf`]: that of the scheme it chose, or a first leg without credentials.
pub struct Choosing {
    inner: Option<Box<dyn Exchange>>,
    answers: bool,
    origin: Option<Origin>,
    choice: Arc<Choice>,
}

impl fmt::Debug for Choosing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Choosing").field(&self.name()).finish()
    }
}

impl Exchange for Choosing {
    fn name(&self) -> &'static str {
        self.inner.as_ref().map_or("choice", |inner| inner.name())
    }

    fn reveals(&self) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.reveals())
    }

    fn binding(&self) -> Binding {
        self.inner
            .as_ref()
            .map_or(Binding::Request, |inner| inner.binding())
    }

    fn bound(&mut self, connection: &Connection) {
        if let Some(inner) = &mut self.inner {
            inner.bound(connection);
        }
    }

    fn plan(&self) -> Leg {
        match self.inner.as_ref().map(|inner| inner.plan()) {
            None => Leg::Doubtful,
            Some(Leg::Last) if !self.answers => Leg::Tentative,
            Some(plan) => plan,
        }
    }

    fn reads_body(&self, request: &request::Parts) -> bool {
        self.inner
            .as_ref()
            .is_some_and(|inner| inner.reads_body(request))
    }

    fn prepare(&mut self, request: &mut request::Parts, body: &mut Payload) -> Result<()> {
        self.inner
            .as_mut()
            .map_or(Ok(()), |inner| inner.prepare(request, body))
    }

    fn receive(&mut self, response: &response::Parts) -> Result<Next> {
        let next = self
            .inner
            .as_mut()
            .map_or(Ok(Next::Done), |inner| inner.receive(response))?;
        let stands = next != Next::Done || self.answers || !is_refusal(response);
        if stands {
            return Ok(next);
        }
        self.choice.forget(&self.origin);
        Ok(Next::Restart)
    }

    fn receive_body(&mut self, body: &[u8]) -> Result<()> {
        self.inner
            .as_mut()
            .map_or(Ok(()), |inner| inner.receive_body(body))
    }
}

fn is_refusal(response: &response::Parts) -> bool {
    matches!(
        response.status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    ) && response.headers.contains_key(WWW_AUTHENTICATE)
}
